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

// Participants gives a page of a meeting's participants. The first one of all of them is
// kept (see orSeen).
func (s *Service) Participants(ctx context.Context, f api.ParticipantFilter) (ParticipantsPage, error) {
	page, err := s.Client.Participants(ctx, f)
	if f.Query != "" || f.After != "" {
		return ParticipantsPage{Participants: page}, err
	}
	page, at, err := orSeen(s.session.registrations, participantsSet, f.Meeting, page, err)
	if !at.IsZero() {
		page.Next = "" // what follows is not here
	}
	return ParticipantsPage{page, at}, err
}
