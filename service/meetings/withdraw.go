package meetings

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/operation"
	"plenary/service/store"
)

// prepareWithdraw takes a person's own registration back, and gives the place to the
// first on the waiting list. It refuses with api.CodeNotFound, also for somebody
// else's, and with api.CodeWrongState, also once the meeting is over.
func (m *Meetings) prepareWithdraw(_ context.Context, a operation.Asked) (operation.Step, error) {
	var asked api.Withdraw
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *store.Tx, result *api.Result) (operation.Done, error) {
		r, err := m.withdraw(ctx, tx, a.Actor, asked.Registration)
		if err != nil {
			return operation.Done{}, err
		}
		seen := r.forOwner()
		result.Registration = &seen
		return operation.Done{Subject: r.Number}, nil
	}, nil
}

func (m *Meetings) withdraw(ctx context.Context, tx *store.Tx, accountID, number string) (*registration, error) {
	r, meeting, err := m.lockRegistration(ctx, tx, number)
	if err != nil {
		return nil, err
	}
	if r.accountID != accountID {
		return nil, refuse(api.CodeNotFound)
	}
	if !m.Now().Before(meeting.End()) {
		return nil, refuse(api.CodeWrongState)
	}
	if err := r.move(ctx, tx, meeting, rules.EventWithdraw,
		api.Event{At: m.Now(), What: eventWithdrawn, By: byPerson}, accountID); err != nil {
		return nil, err
	}
	if err := m.tell(ctx, tx, meeting, r, mail.RegistrationWithdrawn, ""); err != nil {
		return nil, err
	}
	if err := m.promote(ctx, tx, meeting); err != nil {
		return nil, err
	}
	return r, meeting.save(ctx, tx)
}

// lockRegistration gives a registration, with its history, and its meeting, locked.
// Who changes the meeting saves it.
func (m *Meetings) lockRegistration(ctx context.Context, tx *store.Tx, number string) (*registration, *row, error) {
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
	meeting, err := m.lock(ctx, tx, code)
	if err != nil {
		return nil, nil, err
	}
	r, err := readRegistration(ctx, tx, number)
	return r, meeting, err
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
