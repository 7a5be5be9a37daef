package app

import (
	"context"

	"plenary/api"
)

// Guest is what a meeting's manager has typed of somebody, and not registered.
type Guest struct {
	api.ImportedPerson
	// Import is the id of the import that was tried last with it, which the service may have
	// done; empty before.
	Import string `json:"import,omitempty"`
}

func guestDraft(in Guest) *draft {
	d := &draft{Change: api.Change{Register: in.Register}, whose: &whose{prefix: guestPrefix, person: in}}
	d.whose.person.Register = api.Register{}
	return d
}

// guest is whom a draft registers that is not the person's own, as it was typed.
func (d *draft) guest() Guest {
	in := d.whose.person
	in.Register = d.Register
	return in
}

// GuestDraft gives what was typed of somebody for a meeting, and not registered. It is in
// memory.
func (s *Service) GuestDraft(meeting string) (Guest, bool) {
	r := s.session.registrations
	r.mu.Lock()
	defer r.mu.Unlock()
	in, ok := r.drafts.get(guestPrefix + meeting)
	if !ok {
		return Guest{}, false
	}
	return in.guest(), true
}

// GuestDrafts are the meetings for which there are such drafts.
func (s *Service) GuestDrafts() (meetings []string) {
	r := s.session.registrations
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, in := range r.drafts.all() {
		if in.whose != nil && in.whose.prefix == guestPrefix {
			meetings = append(meetings, in.Meeting)
		}
	}
	return meetings
}

// SaveGuestDraft keeps it, as Registrations.SaveDraft does.
func (s *Service) SaveGuestDraft(ctx context.Context, in Guest) error {
	return s.session.registrations.saveDraft(ctx, guestDraft(in))
}

// DropGuestDraft deletes it.
func (s *Service) DropGuestDraft(ctx context.Context, meeting string) error {
	return s.session.registrations.deleteDrafts(ctx, guestDraft(Guest{ImportedPerson: api.ImportedPerson{RegisterFor: api.RegisterFor{Register: api.Register{Meeting: meeting}}}}))
}

// Flush writes drafts that have not been written yet, see Registrations.Flush.
func (s *Service) Flush(ctx context.Context) error { return s.session.registrations.Flush(ctx) }

// RegisterGuest registers somebody, as asked says of what was typed, by the import that is
// named there; the draft is gone then. Errors to test for: those of ImportRegistrations.
func (s *Service) RegisterGuest(ctx context.Context, typed Guest, asked api.ImportedPerson) (api.Imported, error) {
	// So that whoever has heard of no answer, since the program was killed, tries the same
	// import again. A disk that does not take that is no reason not to register anybody.
	err := s.SaveGuestDraft(ctx, typed)
	if err == nil {
		err = s.Flush(ctx)
	}
	if err != nil {
		s.session.core.log.Warn("the draft of a guest was not kept", "cause", Explain(err).Kind)
	}
	out, err := s.ImportRegistrations(ctx, typed.Meeting, api.ImportRegistrations{ID: typed.Import, Rows: []api.ImportedPerson{asked}})
	if err != nil || !out.Done {
		return out, err
	}
	if err := s.DropGuestDraft(ctx, typed.Meeting); err != nil {
		s.session.core.log.Warn("a draft was not deleted", "cause", Explain(err).Kind)
	}
	return out, nil
}
