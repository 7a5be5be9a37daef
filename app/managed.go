package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenary/api"
)

// managedMeetingsSet has the meetings that one manages, as they were seen last, in one row.
const managedMeetingsSet = "managed-meetings"

// seenMeetings are those that are kept.
type seenMeetings struct {
	At       time.Time               `json:"at"`
	Meetings []api.ManagedMeetingRow `json:"meetings"`
}

// ManagedMeetings gives all meetings that one manages; as they were seen last, within
// managedAge, while the service cannot be reached.
func (s *Service) ManagedMeetings(ctx context.Context) ([]api.ManagedMeetingRow, error) {
	list, err := s.Client.ManagedMeetings(ctx)
	r := s.session.registrations
	v, open := r.open()
	switch {
	case open != nil:
	case err == nil:
		if err := saveRows(v.store, managedMeetingsSet, map[string]seenMeetings{"all": {r.core.serviceNow(), list}}); err != nil {
			r.core.log.Warn("not kept for offline", "what", managedMeetingsSet, "cause", Explain(err).Kind)
		}
	case away(err):
		rows := map[string]seenMeetings{}
		loadRows(v.store, managedMeetingsSet, rows)
		if seen, ok := rows["all"]; ok && r.core.serviceNow().Sub(seen.At) <= managedAge {
			return seen.Meetings, nil
		}
	}
	return list, err
}

// managedPrefix is in front of a meeting's code in the name of what its manager has typed.
const managedPrefix = "meeting/"

// MeetingDraft is what a manager has typed of a meeting's description, and not saved at the
// service.
type MeetingDraft struct {
	Edition int64             `json:"edition"` // of the meeting as it was read before
	Values  map[string]string `json:"values"`  // as they stand in the form
}

// MeetingDraft gives what was typed of a meeting's description.
func (s *Service) MeetingDraft(code string) (d MeetingDraft, ok bool) {
	v, err := s.session.registrations.open()
	if err != nil {
		return d, false
	}
	b, err := v.store.Draft(managedPrefix + code)
	return d, err == nil && len(b) > 0 && json.Unmarshal(b, &d) == nil
}

// KeepMeetingDraft keeps it on this computer. Errors to test for: ErrNoSession,
// localdb.ErrDiskFull.
func (s *Service) KeepMeetingDraft(ctx context.Context, code string, d MeetingDraft) error {
	store, give, err := s.session.registrations.write(ctx)
	if err == nil {
		var b []byte
		if b, err = json.Marshal(d); err == nil {
			err = store.PutDraft(managedPrefix+code, b)
		}
		give()
	}
	if err != nil {
		return fmt.Errorf("keep the draft of a meeting: %w", err)
	}
	s.session.registrations.worked()
	return nil
}

// DropMeetingDraft deletes it.
func (s *Service) DropMeetingDraft(ctx context.Context, code string) error {
	store, give, err := s.session.registrations.write(ctx)
	if err == nil {
		err = store.DeleteDraft(managedPrefix + code)
		give()
	}
	if err != nil && !errors.Is(err, ErrNoSession) {
		return fmt.Errorf("delete the draft of a meeting: %w", err)
	}
	return nil
}
