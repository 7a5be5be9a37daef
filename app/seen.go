package app

import (
	"errors"
	"maps"
	"time"

	"plenary/api"
	"plenary/client"
)

// The data sets with what the service gave last, for while it cannot be reached: a row for
// each thing that was asked for, kept for managedAge.
const (
	managedMeetingsSet      = "managed-meetings"      // in one row, under everything
	managedRegistrationsSet = "managed-registrations" // first pages, by the meeting's code
	participantsSet         = "participants"          // likewise
)

// everything is the name of the only row of a set.
const everything = "all"

// seen is what the service gave, and when.
type seen[T any] struct {
	At   time.Time `json:"at"`
	Gave T         `json:"gave"`
}

// orSeen keeps what the service has answered as a row of a set, and gives it; while the
// service cannot be reached it gives what was kept, and when that was. What the service
// refuses, nobody sees here any more either.
func orSeen[T any](r *Registrations, set, row string, answer T, err error) (T, time.Time, error) {
	v, open := r.open()
	switch {
	case open != nil:
	case err == nil:
		keepSeen(r, v, set, row, &answer)
	case api.HasCode(err, api.CodeNotFound, api.CodeForbidden):
		keepSeen[T](r, v, set, row, nil)
	case away(err):
		rows := map[string]seen[T]{}
		loadRows(v.store, set, rows)
		if kept, ok := rows[row]; ok && !r.core.keptTooLong(kept.At, managedAge) {
			return kept.Gave, kept.At, nil
		}
	}
	return answer, time.Time{}, err
}

// away says that the service cannot be reached.
func away(err error) bool {
	return errors.Is(err, client.ErrUnreachable) || errors.Is(err, client.ErrTimeout) || errors.Is(err, client.ErrNotPlenary)
}

// keepSeen keeps a row of a set, or forgets the one that is kept, for nil; and the rows that
// are too old.
func keepSeen[T any](r *Registrations, v *vault, set, row string, gave *T) {
	r.seeing.Lock()
	defer r.seeing.Unlock()
	rows := map[string]seen[T]{}
	loadRows(v.store, set, rows)
	delete(rows, row)
	if gave != nil {
		rows[row] = seen[T]{r.core.serviceNow(), *gave}
	}
	maps.DeleteFunc(rows, func(_ string, one seen[T]) bool { return r.core.keptTooLong(one.At, managedAge) })
	if err := saveRows(v.store, set, rows); err != nil {
		r.core.log.Warn("not kept for offline", "what", set, "cause", Explain(err).Kind)
	}
}
