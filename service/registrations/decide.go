package registrations

import (
	"context"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// prepareDecide approves or refuses a registration for a manager of its meeting, who
// asks. Somebody on the waiting list can be approved too, and comes beyond the capacity
// then. It refuses with api.CodeInvalid (a refusal needs a reason), with CodeNotFound,
// also for a meeting that others manage, or with CodeWrongState.
func (rs *Registrations) prepareDecide(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.Decide
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	asked.Reason = rules.Visible(asked.Reason) // as staff's other reasons
	if utf8.RuneCountInString(asked.Reason) > rules.MaxReason {
		return p, api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooLong})
	}
	of, err := rs.meetingOf(ctx, asked.Registration)
	if err != nil {
		return p, err
	}
	p.Line = meetings.Line(of.meeting)
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		r, err := rs.decide(tx, a, of, asked)
		if err != nil {
			return operation.Done{}, err
		}
		result.Registration = &r.Registration
		return operation.Done{Subject: r.Number}, nil
	}
	return p, nil
}

func (rs *Registrations) decide(tx *store.Tx, a operation.Asked, of named, asked api.Decide) (*registration, error) {
	r, meeting, err := rs.lockRegistration(tx, of)
	if err != nil {
		return nil, err
	}
	if !rs.Meetings.Manages(tx, meeting.Code, a.Actor, a.Roles) {
		return nil, api.Refuse(api.CodeNotFound)
	}
	event := rules.EventApprove
	if !asked.Approve {
		event = rules.EventRefuse
	}
	if err := rs.take(tx, meeting, r, act{event: event, by: rules.ActorManager, actor: actorOf(a), reason: asked.Reason}); err != nil {
		return nil, err
	}
	if err := rs.promote(tx, meeting); err != nil {
		return nil, err
	}
	meeting.Save(tx)
	return r, nil
}

// actorOf is the account of who asks.
func actorOf(a operation.Asked) api.Account {
	actor := a.Account
	actor.ID = a.Actor
	return actor
}
