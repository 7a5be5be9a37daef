package registrations

import (
	"context"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
)

// participantsPage is how many participants a page has.
const participantsPage = 100

// Participants gives a page of a meeting's participants, as far as they have agreed to stand
// in the list, to whom the meeting shows it. It refuses with api.CodeInvalid; with
// CodeNotFound where there is no such list; and with CodeForbidden where it is for
// participants, and whoever asks has no confirmed registration.
func (rs *Registrations) Participants(ctx context.Context, who caller.Caller, f api.ParticipantFilter) (page api.Participants, err error) {
	l, err := newManagedList(api.RegistrationFilter{
		Meeting: f.Meeting, Query: f.Query, State: api.Confirmed, After: f.After, Limit: participantsPage,
	})
	if err != nil {
		return page, err
	}
	l.listed = true
	err = rs.pageOf(ctx, &l, func(tx *store.Tx) error { return rs.showsParticipants(tx, f.Meeting, who) },
		func(_ *store.Tx, rows []managedRow, next string) error {
			page = api.Participants{Participants: []api.Participant{}, Next: next}
			for _, r := range rows {
				page.Participants = append(page.Participants, api.Participant{Name: r.Person, Organization: r.Organization, Country: r.Country})
			}
			return nil
		})
	if err != nil {
		return api.Participants{}, err
	}
	return page, nil
}

// showsParticipants refuses whoever does not see the list of a meeting's participants.
func (rs *Registrations) showsParticipants(tx *store.Tx, code string, who caller.Caller) error {
	meeting, err := rs.Meetings.Read(tx, code)
	if err != nil {
		return err
	}
	switch {
	case meeting.Status == api.MeetingDraft || meeting.ParticipantList == "":
		return api.Refuse(api.CodeNotFound)
	case meeting.ParticipantList == api.ListForAll || rs.Meetings.Manages(tx, code, who.AccountID, who.Roles):
		return nil
	case !tx.Has(`SELECT 1 FROM registrations WHERE meeting = $1 AND account_id = $2 AND state = $3`, code, who.AccountID, api.Confirmed):
		return api.Refuse(api.CodeForbidden)
	}
	return nil
}
