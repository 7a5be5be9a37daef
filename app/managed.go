package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenary/api"
)

// ManagedMeetings are all meetings that one manages.
type ManagedMeetings struct {
	Meetings []api.ManagedMeetingRow
	// Seen is when the service gave them, if it cannot be reached now; zero otherwise.
	Seen time.Time
}

// ManagedMeetings gives all meetings that one manages, which are kept (see orSeen).
func (s *Service) ManagedMeetings(ctx context.Context) (ManagedMeetings, error) {
	list, err := s.Client.ManagedMeetings(ctx)
	list, at, err := orSeen(s.session.registrations, managedMeetingsSet, everything, list, err)
	return ManagedMeetings{list, at}, err
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
