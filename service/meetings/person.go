package meetings

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// Held gives the registrations of a person, with their answers and histories, oldest
// first.
func (m *Meetings) Held(ctx context.Context, tx *store.Tx, accountID string) ([]api.Registration, error) {
	list, err := queryRegistrations(ctx, tx, `WHERE r.account_id = $1 ORDER BY r.created_at, r.number`, accountID)
	registrations := []api.Registration{}
	for _, r := range list {
		registrations = append(registrations, r.Registration)
	}
	return registrations, err
}

// Erase removes what is personal of a person's registrations, in the caller's
// transaction: those for meetings that are not over are withdrawn, which gives
// their places to the waiting list, and nobody is told. That somebody from that
// country was registered, and what was decided, stays for the meeting's numbers.
// The caller holds the account (store.Tx.Hold), so that it registers for nothing
// meanwhile, and removes it afterwards: streams and operations go with it.
func (m *Meetings) Erase(ctx context.Context, tx *store.Tx, accountID string) error {
	// In the order of the codes, so that two who are erased at once, or a
	// withdrawal, never wait for each other.
	list, err := queryRegistrations(ctx, tx, `WHERE r.account_id = $1 ORDER BY r.meeting, r.number`, accountID)
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := m.eraseOne(ctx, tx, r.Number); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE registration_events SET actor = '' WHERE actor = $1`, accountID); err != nil {
		return fmt.Errorf("meetings: erase: %w", err)
	}
	return nil
}

func (m *Meetings) eraseOne(ctx context.Context, tx *store.Tx, number string) error {
	r, meeting, err := m.lockRegistration(ctx, tx, number)
	if err != nil {
		return err
	}
	// The meeting is locked by now: nobody is telling the person anything.
	if err := m.Outbox.Erase(ctx, tx, "", number); err != nil {
		return err
	}
	// First, so that nobody who is promoted is told at this person's address.
	if _, err := tx.Exec(ctx, `UPDATE registrations SET account_id = '', operation = '', person = '', badge_name = '', job_title = '',
		organization = '', answers = '{}', companions = '[]' WHERE number = $1`, number); err != nil {
		return fmt.Errorf("meetings: erase registration: %w", err)
	}
	if _, err := tx.Exec(ctx, `UPDATE registration_events SET reason = '' WHERE registration = $1`, number); err != nil {
		return fmt.Errorf("meetings: erase reasons: %w", err)
	}
	if _, err := rules.NextState(r.State, rules.EventWithdraw); err == nil && m.Now().Before(meeting.End()) {
		if err := r.move(ctx, tx, meeting, rules.EventWithdraw, api.Event{At: m.Now(), What: eventWithdrawn, By: byPerson}, ""); err != nil {
			return err
		}
		if err := m.promote(ctx, tx, meeting); err != nil {
			return err
		}
		return meeting.save(ctx, tx)
	}
	meeting.Version++
	if _, err := tx.Exec(ctx, `UPDATE registrations SET version = $1 WHERE number = $2`, meeting.Version, number); err != nil {
		return fmt.Errorf("meetings: erase registration: %w", err)
	}
	return meeting.save(ctx, tx)
}
