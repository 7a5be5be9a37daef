package meetings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/store"
)

// Names of the lines in a registration's history, and of who did it.
const (
	eventSent         = "sent"
	eventAcknowledged = "acknowledged"
	eventApproved     = "approved"
	eventRefused      = "refused"
	eventWaitlisted   = "waitlisted"
	eventWithdrawn    = "withdrawn"

	byPerson      = "person"
	bySecretariat = "secretariat"
	byService     = "service"
)

// register takes a registration (product.md, Register and Then). It refuses
// with api.CodeNotFound, CodeRegistrationEarly, CodeRegistrationClosed,
// CodeNotForMembership, CodeInvalid, CodeAlreadyRegistered, CodeTooMany or
// CodeMeetingFull.
func (m *Meetings) register(ctx context.Context, tx *store.Tx, who api.Account, operation string, asked api.Register) (*registration, error) {
	meeting, err := lock(ctx, tx, asked.Meeting)
	if err != nil {
		return nil, err
	}
	now := m.Now()
	switch {
	case now.Before(meeting.RegistrationFrom):
		return nil, refuse(api.CodeRegistrationEarly)
	case !now.Before(meeting.RegistrationUntil):
		return nil, refuse(api.CodeRegistrationClosed)
	case len(meeting.Memberships) > 0 && !slices.Contains(meeting.Memberships, who.Organization.Membership):
		return nil, refuse(api.CodeNotForMembership)
	}
	if errs := rules.ValidateRegister(&meeting.Meeting, &asked); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	if err := refuseSecond(ctx, tx, asked.Meeting, who.ID); err != nil {
		return nil, err
	}
	if err := m.refuseFlood(ctx, tx, asked.Meeting, who.ID); err != nil {
		return nil, err
	}
	// Focal points come with a later issue: until an organization has one, the
	// secretariat decides (product.md, Then).
	event := rules.Arrival(meeting.Approval, false, meeting.placeFree())
	if event == rules.EventPutOnList && !meeting.WaitingList {
		return nil, refuse(api.CodeMeetingFull)
	}

	r := &registration{
		Registration: api.Registration{
			Meeting: meeting.Code, Operation: operation, State: rules.StateWaitingToSend,
			Participation: asked.Participation, Person: nameOf(who),
			BadgeName: strings.TrimSpace(asked.BadgeName), JobTitle: strings.TrimSpace(asked.JobTitle),
			Organization: who.Organization.Name, Country: who.Organization.Country,
			Answers:    rules.CleanAnswers(&meeting.Form, asked.Answers),
			Companions: asked.Companions,
		},
		accountID: who.ID, platform: meeting.platform, line: meeting.Version + 1, created: now,
	}
	if err := r.insert(ctx, tx); err != nil {
		return nil, err
	}
	if err := r.record(ctx, tx, api.Event{At: now, What: eventSent, By: byPerson}, who.ID); err != nil {
		return nil, err
	}
	if err := r.move(ctx, tx, meeting, event, m.arrived(event), ""); err != nil {
		return nil, err
	}
	return r, m.tellAbout(ctx, tx, meeting, r, who, templateOf[event], "")
}

// arrived is the line of history for a registration that reached the service,
// or got a place from the waiting list.
func (m *Meetings) arrived(event rules.RegistrationEvent) api.Event {
	what := map[rules.RegistrationEvent]string{
		rules.EventConfirm:   eventApproved,
		rules.EventPutOnList: eventWaitlisted,
	}[event]
	if what == "" {
		what = eventAcknowledged
	}
	return api.Event{At: m.Now(), What: what, By: byService}
}

// templateOf is the e-mail that tells about an event.
var templateOf = map[rules.RegistrationEvent]string{
	rules.EventConfirm:        mail.RegistrationConfirmed,
	rules.EventApprove:        mail.RegistrationConfirmed,
	rules.EventAskFocalPoint:  mail.RegistrationReceived,
	rules.EventAskSecretariat: mail.RegistrationReceived,
	rules.EventPutOnList:      mail.RegistrationWaitingList,
	rules.EventRefuse:         mail.RegistrationRefused,
	rules.EventWithdraw:       mail.RegistrationWithdrawn,
}

// maxInADay is how often a person can register for one meeting within a day,
// after withdrawals: each time makes rows, and e-mails that delay other people's.
const maxInADay = 20

// refuseFlood refuses with api.CodeTooMany who registers again and again.
func (m *Meetings) refuseFlood(ctx context.Context, tx *store.Tx, meeting, accountID string) error {
	if accountID == "" {
		return nil
	}
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM registrations WHERE meeting = $1 AND account_id = $2 AND created_at > $3`,
		meeting, accountID, store.Micros(m.Now().AddDate(0, 0, -1))).Scan(&n); err != nil {
		return fmt.Errorf("meetings: count registrations: %w", err)
	}
	if n >= maxInADay {
		return refuse(api.CodeTooMany)
	}
	return nil
}

// refuseSecond keeps one live registration for each person and meeting.
func refuseSecond(ctx context.Context, tx *store.Tx, meeting, accountID string) error {
	if accountID == "" {
		return nil
	}
	var number string
	err := tx.QueryRow(ctx, `SELECT number FROM registrations
		WHERE meeting = $1 AND account_id = $2 AND state <> $3 AND state <> $4`,
		meeting, accountID, api.Refused, api.Withdrawn).Scan(&number)
	switch {
	case err == nil:
		return refuse(api.CodeAlreadyRegistered)
	case errors.Is(err, store.ErrNoRows):
		return nil
	default:
		return fmt.Errorf("meetings: look for a registration: %w", err)
	}
}

// withdraw takes a person's own registration back, and gives the place to the
// first on the waiting list. It refuses with api.CodeNotFound, also for somebody
// else's, and with api.CodeWrongState, also once the meeting is over.
func (m *Meetings) withdraw(ctx context.Context, tx *store.Tx, who api.Account, number string) (*registration, error) {
	r, meeting, err := lockRegistration(ctx, tx, number)
	if err != nil {
		return nil, err
	}
	if r.accountID != who.ID {
		return nil, refuse(api.CodeNotFound)
	}
	if !m.Now().Before(meeting.End()) {
		return nil, refuse(api.CodeWrongState)
	}
	if err := r.move(ctx, tx, meeting, rules.EventWithdraw,
		api.Event{At: m.Now(), What: eventWithdrawn, By: byPerson}, who.ID); err != nil {
		return nil, err
	}
	if err := m.tellAbout(ctx, tx, meeting, r, who, mail.RegistrationWithdrawn, ""); err != nil {
		return nil, err
	}
	return r, m.promote(ctx, tx, meeting)
}

// lockRegistration gives a registration, with its history, and its meeting, locked.
func lockRegistration(ctx context.Context, tx *store.Tx, number string) (*registration, *row, error) {
	number, ok := rules.NormalizeRegistrationNumber(number)
	if !ok {
		return nil, nil, refuse(api.CodeNotFound)
	}
	// The meeting of a number never changes: this look needs no lock.
	var code string
	err := tx.QueryRow(ctx, `SELECT meeting FROM registrations WHERE number = $1`, number).Scan(&code)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil, refuse(api.CodeNotFound)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("meetings: find registration: %w", err)
	}
	meeting, err := lock(ctx, tx, code)
	if err != nil {
		return nil, nil, err
	}
	r, err := readRegistration(ctx, tx, number)
	if err != nil {
		return nil, nil, err
	}
	return r, meeting, r.readHistory(ctx, tx)
}

// promote gives the free places of a locked meeting to the waiting list, in
// order, as long as the meeting is not over.
func (m *Meetings) promote(ctx context.Context, tx *store.Tx, meeting *row) error {
	for meeting.placeFree() && m.Now().Before(meeting.End()) {
		next, err := queryRegistrations(ctx, tx,
			`WHERE r.meeting = $1 AND r.state = $2 ORDER BY r.place_in_line LIMIT 1`, meeting.Code, api.WaitingList)
		if err != nil || len(next) == 0 {
			return err
		}
		r := next[0]
		event := rules.Arrival(meeting.Approval, false, true)
		if err := r.move(ctx, tx, meeting, event, m.arrived(event), ""); err != nil {
			return err
		}
		if err := m.tell(ctx, tx, meeting, r, templateOf[event], ""); err != nil {
			return err
		}
	}
	return nil
}

// nameOf is a person's name as staff and e-mails give it.
func nameOf(a api.Account) string {
	return strings.Join(strings.Fields(a.FirstName+" "+a.FamilyName), " ")
}
