package registrations

import (
	"context"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/delegations"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// prepareWithdraw takes a registration back, for the person or the focal point of its
// organization, and gives the place to the first on the waiting list. It refuses with
// api.CodeNotFound, also for what is nobody of theirs, with CodeForbidden for an
// assistant on an assistant's, with CodeInvalid for its reason, with CodeWrongState, also
// once the meeting is over, and with CodeTooLate.
func (rs *Registrations) prepareWithdraw(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.Withdraw
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	reason := rules.Visible(asked.Reason)
	if utf8.RuneCountInString(reason) > rules.MaxReason {
		return p, api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooLong})
	}
	of, err := rs.meetingOf(ctx, asked.Registration)
	if err != nil {
		return p, err
	}
	p.Line = meetings.Line(of.meeting)
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		r, err := rs.withdraw(tx, a, of, reason)
		if err != nil {
			return operation.Done{}, err
		}
		if r.accountID != a.Actor {
			return operation.Done{}, nil // there is nothing to show but to the person
		}
		seen := r.forOwner()
		result.Registration = &seen
		return operation.Done{Subject: r.Number}, nil
	}
	return p, nil
}

func (rs *Registrations) withdraw(tx *store.Tx, a operation.Asked, of named, reason string) (*registration, error) {
	mine := delegations.Of(tx, a.Actor)
	r, meeting, err := rs.lockRegistration(tx, of)
	if err != nil {
		return nil, err
	}
	by, err := rs.actorFor(tx, meeting, r, a, mine, rules.EventWithdraw)
	if err != nil {
		return nil, err
	}
	switch now := rs.Now(); {
	case rules.Final(r.State), !now.Before(meeting.End()):
		return nil, api.Refuse(api.CodeWrongState)
	case !now.Before(rules.WithdrawUntil(&meeting.Meeting)):
		return nil, api.Refuse(api.CodeTooLate)
	}
	if err := rs.take(tx, meeting, r, act{event: rules.EventWithdraw, by: by, actor: actorOf(a), reason: reason}); err != nil {
		return nil, err
	}
	return r, rs.leave(tx, meeting)
}

// named is a registration that somebody has named, and its meeting, which never
// changes.
type named struct{ number, meeting string }

// meetingOf finds the meeting of a registration, or refuses with api.CodeNotFound.
func (rs *Registrations) meetingOf(ctx context.Context, number string) (of named, err error) {
	var ok bool
	if of.number, ok = rules.NormalizeRegistrationNumber(number); !ok {
		return of, api.Refuse(api.CodeNotFound)
	}
	err = rs.DB.Peek(ctx, func(tx *store.Tx) error {
		if !tx.Get(`SELECT meeting FROM registrations WHERE number = $1`, of.number).Into(&of.meeting) {
			return api.Refuse(api.CodeNotFound)
		}
		return nil
	})
	return of, err
}

// lockRegistration gives a registration, with its history, and its meeting, locked.
// Who changes the meeting saves it.
func (rs *Registrations) lockRegistration(tx *store.Tx, of named) (*registration, *meetings.Row, error) {
	meeting, err := rs.Meetings.Lock(tx, of.meeting)
	if err != nil {
		return nil, nil, err
	}
	r, err := readRegistration(tx, of.number)
	return r, meeting, err
}
