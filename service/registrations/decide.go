package registrations

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/delegations"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// decision is what somebody decides.
type decision struct {
	operation.Asked
	event  rules.RegistrationEvent
	reason string
	// mine is what who asks is appointed to, read with the account held.
	mine delegations.Appointment
}

// decisionOf reads a decision, or refuses it with api.CodeInvalid.
func decisionOf(a operation.Asked, approve, revoke bool, reason string) (d decision, err error) {
	d = decision{Asked: a, event: rules.EventApprove, reason: rules.Visible(reason)} // as staff's other reasons
	switch {
	case approve && revoke:
		return d, api.Invalid(api.FieldError{Pointer: "/revoke", Code: api.FieldNotAccepted})
	case revoke:
		d.event = rules.EventRevoke
	case !approve:
		d.event = rules.EventRefuse
	}
	if utf8.RuneCountInString(d.reason) > rules.MaxReason {
		err = api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooLong})
	}
	return d, err
}

// prepareDecide approves, refuses or revokes a registration for whoever may: a manager of its
// meeting, or who is appointed for its organization. Somebody on the waiting list can be
// approved by a manager too, and comes beyond the capacity then. It refuses with
// api.CodeInvalid (a refusal needs a reason), with CodeNotFound, also for what is
// somebody else's to decide, with CodeForbidden for one's own and what an assistant may
// not decide, or with CodeWrongState.
func (rs *Registrations) prepareDecide(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.Decide
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	d, err := decisionOf(a, asked.Approve, asked.Revoke, asked.Reason)
	if err != nil {
		return p, err
	}
	of, err := rs.meetingOf(ctx, asked.Registration)
	if err != nil {
		return p, err
	}
	p.Line = meetings.Line(of.meeting)
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		d.mine = delegations.Of(tx, a.Actor)
		r, meeting, err := rs.lockRegistration(tx, of)
		if err != nil {
			return operation.Done{}, err
		}
		if err := rs.decide(tx, meeting, r, d); err != nil {
			return operation.Done{}, err
		}
		if err := rs.leave(tx, meeting); err != nil {
			return operation.Done{}, err
		}
		result.Registration = r.decided()
		return operation.Done{Subject: r.Number}, nil
	}
	return p, nil
}

// prepareDecideMany decides on several, each by the rules of prepareDecide. It refuses all
// only with api.CodeInvalid: for too many or none, or a refusal without a reason.
func (rs *Registrations) prepareDecideMany(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.DecideMany
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	d, err := decisionOf(a, asked.Approve, asked.Revoke, asked.Reason)
	switch n := len(asked.Registrations); {
	case err != nil:
		return p, err
	case n == 0:
		return p, api.Invalid(api.FieldError{Pointer: "/registrations", Code: api.FieldRequired})
	case n > api.MaxDecideMany:
		return p, api.Invalid(api.FieldError{Pointer: "/registrations", Code: api.FieldTooMany})
	case !asked.Approve && d.reason == "":
		return p, api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldRequired})
	}
	rows, err := rs.rowsOf(ctx, asked.Registrations)
	if err != nil {
		return p, err
	}
	// In the order of the codes, so that two who decide at once never wait for each other.
	codes := slices.Sorted(maps.Keys(rows))
	if len(codes) == 1 {
		p.Line = meetings.Line(codes[0])
	}
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		d.mine = delegations.Of(tx, a.Actor)
		refused := map[int]*api.Problem{}
		for _, code := range codes {
			if err := rs.decideIn(tx, code, rows[code], d, refused); err != nil {
				return operation.Done{}, err
			}
		}
		for _, i := range slices.Sorted(maps.Keys(refused)) {
			result.Errors = append(result.Errors, api.FieldError{
				Pointer: fmt.Sprintf("/registrations/%d", i), Code: string(refused[i].Code),
			})
		}
		return operation.Done{}, nil
	}
	return p, nil
}

// row is one of several registrations that were named, and its place among them.
type row struct {
	at     int
	number string
}

// rowsOf finds the meetings of registrations; what there is not stands under "".
func (rs *Registrations) rowsOf(ctx context.Context, numbers []string) (rows map[string][]row, err error) {
	places, args := make([]string, len(numbers)), make([]any, len(numbers))
	for i, typed := range numbers {
		number, _ := rules.NormalizeRegistrationNumber(typed)
		places[i], args[i] = fmt.Sprintf("$%d", i+1), number
	}
	meetingOf := map[string]string{}
	err = rs.DB.Peek(ctx, func(tx *store.Tx) error {
		for scan := range tx.Each(`SELECT number, meeting FROM registrations WHERE number IN (`+strings.Join(places, ", ")+`)`, args...) {
			var number, meeting string
			scan(&number, &meeting)
			meetingOf[number] = meeting
		}
		return nil
	})
	rows = map[string][]row{}
	for i := range numbers {
		number, _ := args[i].(string)
		rows[meetingOf[number]] = append(rows[meetingOf[number]], row{i, number})
	}
	return rows, err
}

// decideIn decides on registrations of one meeting.
func (rs *Registrations) decideIn(tx *store.Tx, code string, rows []row, d decision, refused map[int]*api.Problem) error {
	if code == "" {
		for _, of := range rows {
			refused[of.at] = &api.Problem{Code: api.CodeNotFound}
		}
		return nil
	}
	meeting, err := rs.Meetings.Lock(tx, code)
	if err != nil {
		return err
	}
	for _, of := range rows {
		r, err := readRegistration(tx, of.number)
		if err == nil {
			err = rs.decide(tx, meeting, r, d)
		}
		if refusal, ok := errors.AsType[*api.Problem](err); ok {
			refused[of.at] = refusal
		} else if err != nil {
			return err
		}
	}
	return rs.leave(tx, meeting)
}

// decide takes the step of a decision with a registration of a locked meeting. What a
// focal point or an assistant approves is of the organization.
func (rs *Registrations) decide(tx *store.Tx, meeting *meetings.Row, r *registration, d decision) error {
	by, err := rs.actorFor(tx, meeting, r, d.Asked, d.mine, d.event)
	if err != nil {
		return err
	}
	if err := rs.take(tx, meeting, r, act{event: d.event, by: by, actor: actorOf(d.Asked), reason: d.reason}); err != nil {
		return err
	}
	if by != rules.ActorManager && d.event == rules.EventApprove {
		rs.confirmOrganization(tx, r.accountID, r.organizationID, d.Actor)
	}
	return nil
}

// actorFor says as whom an account does something to a registration. Whose it is acts as
// that person alone; who is appointed for its organization comes before the meeting's
// managers. It refuses with api.CodeNotFound where the registration is not the account's
// business, with CodeForbidden for what nobody does with an own one, or an assistant with
// an assistant's, and with CodeWrongState for what the rules do not have.
func (rs *Registrations) actorFor(tx *store.Tx, meeting *meetings.Row, r *registration, a operation.Asked, mine delegations.Appointment, event rules.RegistrationEvent) (rules.Actor, error) {
	actors, err := rs.actorsFor(tx, meeting.Code, r, a.Actor, a.Roles, mine)
	if err != nil {
		return "", err
	}
	for _, actor := range actors {
		if _, err := rules.StepOf(r.State, event, actor); err == nil {
			return actor, nil
		}
	}
	if actors[0] == rules.ActorPerson && !rules.Final(r.State) {
		return "", api.Refuse(api.CodeForbidden)
	}
	return "", api.Refuse(api.CodeWrongState)
}

// actorsFor says as whom an account can act on a registration, the nearest first. It
// refuses as actorFor does, and else gives one at least.
func (rs *Registrations) actorsFor(tx *store.Tx, code string, r *registration, account string, roles []string, mine delegations.Appointment) (actors []rules.Actor, err error) {
	if r.accountID == account {
		return []rules.Actor{rules.ActorPerson}, nil
	}
	theirs := mine.For(r.organizationID)
	switch {
	case theirs && mine.Kind == api.FocalPoint:
		actors = append(actors, rules.ActorFocalPoint)
	case theirs && mine.Kind == api.Assistant && !delegations.Of(tx, r.accountID).For(r.organizationID):
		actors = append(actors, rules.ActorAssistant)
	}
	if rs.Meetings.Manages(tx, code, account, roles) {
		actors = append(actors, rules.ActorManager)
	}
	switch {
	case len(actors) > 0:
		return actors, nil
	case theirs:
		return nil, api.Refuse(api.CodeForbidden)
	}
	return nil, api.Refuse(api.CodeNotFound)
}

// leave gives the places that became free to the waiting list, and saves the meeting.
func (rs *Registrations) leave(tx *store.Tx, meeting *meetings.Row) error {
	if err := rs.promote(tx, meeting); err != nil {
		return err
	}
	meeting.Save(tx)
	return nil
}

// actorOf is the account of who asks.
func actorOf(a operation.Asked) api.Account {
	actor := a.Account
	actor.ID = a.Actor
	return actor
}
