package app

import (
	"context"
	"time"

	"plenary/api"
)

// ParticipantsPage is a page of a meeting's participants.
type ParticipantsPage struct {
	api.Participants
	// Seen is when the service gave it, if it cannot be reached now; zero otherwise.
	Seen time.Time
}

// participantsSet has the first page of each meeting's participants as it was seen last, by
// the meeting's code. It is kept for managedAge.
const participantsSet = "participants"

// seenParticipants is a page that is kept.
type seenParticipants struct {
	At   time.Time        `json:"at"`
	Page api.Participants `json:"page"`
}

// Participants gives a page of a meeting's participants. The first one of all of them is
// kept: it is what there is while the service cannot be reached. What the service refuses,
// nobody sees here any more either.
func (s *Service) Participants(ctx context.Context, f api.ParticipantFilter) (page ParticipantsPage, err error) {
	page.Participants, err = s.Client.Participants(ctx, f)
	if f.Query != "" || f.After != "" {
		return page, err
	}
	r := s.session.registrations
	v, open := r.open()
	if open != nil {
		return page, err
	}
	switch {
	case err == nil:
		r.keepParticipants(v, f.Meeting, &seenParticipants{r.core.serviceNow(), page.Participants})
	case api.HasCode(err, api.CodeNotFound, api.CodeForbidden):
		r.keepParticipants(v, f.Meeting, nil)
	case away(err):
		rows := map[string]seenParticipants{}
		loadRows(v.store, participantsSet, rows)
		if seen, ok := rows[f.Meeting]; ok && r.core.serviceNow().Sub(seen.At) <= managedAge {
			seen.Page.Next = "" // what follows is not here
			return ParticipantsPage{seen.Page, seen.At}, nil
		}
	}
	return page, err
}

// keepParticipants keeps a page, or forgets the one that is kept, for nil.
func (r *Registrations) keepParticipants(v *vault, meeting string, page *seenParticipants) {
	r.seeing.Lock()
	defer r.seeing.Unlock()
	rows := map[string]seenParticipants{}
	loadRows(v.store, participantsSet, rows)
	delete(rows, meeting)
	if page != nil {
		rows[meeting] = *page
	}
	if err := saveRows(v.store, participantsSet, rows); err != nil {
		r.core.log.Warn("not kept for offline", "what", participantsSet, "cause", Explain(err).Kind)
	}
}
