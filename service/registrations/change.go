package registrations

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/delegations"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// maxChangesInADay is how often a registration can be changed within a day: each time
// makes a line of history, and an e-mail.
const maxChangesInADay = 50

// prepareChange gives a person's own registration other answers. They are judged by the
// meeting's form as it is now; what stood in the registration and is not in the form any
// more is dropped. What changes nothing is done, and leaves no trace. It refuses with
// api.CodeNotFound, also for somebody else's; with CodeWrongState where it is over;
// CodeTooLate; CodeOutdated where it was changed since the person has seen it; CodeInvalid;
// CodeMeetingFull or CodeChoiceFull, where it needs places that there are not; or
// CodeTooMany.
func (rs *Registrations) prepareChange(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.Change
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	of, err := rs.meetingOf(ctx, asked.Registration)
	if err != nil {
		return p, err
	}
	p.Line = meetings.Line(of.meeting)
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		r, err := rs.change(tx, a, of, asked)
		if err != nil {
			return operation.Done{}, err
		}
		seen := r.forOwner()
		result.Registration = &seen
		return operation.Done{Subject: r.Number}, nil
	}
	return p, nil
}

func (rs *Registrations) change(tx *store.Tx, a operation.Asked, of named, asked api.Change) (*registration, error) {
	r, meeting, err := rs.lockRegistration(tx, of)
	switch {
	case err != nil:
		return nil, err
	case r.accountID != a.Actor:
		return nil, api.Refuse(api.CodeNotFound)
	case rules.Final(r.State):
		return nil, api.Refuse(api.CodeWrongState)
	case asked.Meeting != of.meeting:
		return nil, api.Invalid(api.FieldError{Pointer: "/meeting", Code: api.FieldInvalid})
	}
	before := rules.Registered(&r.Registration)
	after := rules.WithoutGone(&meeting.Meeting, &before, asked.Register)
	errs := rules.ValidateChange(&meeting.Meeting, &before, &after)
	if len(errs) == 0 {
		after = rules.CleanRegister(&meeting.Meeting, after)
	}
	changed := rules.Differences(&meeting.Meeting, &before, &after)
	if len(errs) == 0 {
		if changed, errs, err = rs.judgePassport(tx, r, &after, changed); err != nil {
			return nil, err
		}
	}
	switch {
	case len(errs) == 0 && len(changed) == 0:
		return r, nil // as when the answer to an earlier one was lost
	case !rs.Now().Before(changeUntil(&meeting.Meeting, changed)):
		return nil, api.Refuse(api.CodeTooLate)
	case asked.Changes != rules.ChangesOf(r.History):
		return nil, api.Refuse(api.CodeOutdated)
	case len(errs) > 0:
		return nil, api.Invalid(errs...)
	case r.changesSince(rs.Now().AddDate(0, 0, -1)) >= maxChangesInADay:
		return nil, api.Refuse(api.CodeTooMany)
	}
	event := rules.EventChange
	if r.State == api.Confirmed && rules.Reapproved(&meeting.Meeting, changed) {
		// Who confirms by arriving needs no approval; else it waits for one again.
		if again := rules.Arrival(meeting.Approval, delegations.SpeakerFor(tx, r.accountID, r.organizationID), true); again != rules.EventConfirm {
			event = again
		}
	}
	if err := rs.roomFor(tx, meeting, r, &after); err != nil {
		return nil, err
	}
	if err := exchangeFiles(tx, meeting, r, a.Actor, after.Answers); err != nil {
		return nil, err
	}
	if err := rs.answer(tx, meeting, r, &after, changed); err != nil {
		return nil, err
	}
	if err := rs.changeVisa(tx, meeting, r, &after); err != nil {
		return nil, err
	}
	act := act{event: event, by: rules.ActorPerson, actor: actorOf(a), changed: changed}
	if err := rs.take(tx, meeting, r, act); err != nil {
		return nil, err
	}
	tellManagersOf(tx, meeting.Code, rs.Now())
	if err := rs.promote(tx, meeting); err != nil {
		return nil, err
	}
	meeting.Save(tx)
	return r, nil
}

// changeUntil is until when a change can be made: a passport can be corrected, and visa
// support taken back, as long as there is a meeting to come to.
func changeUntil(m *api.Meeting, changed []api.Changed) time.Time {
	if rules.OnVisaOnly(changed) {
		return m.End()
	}
	return rules.ChangeUntil(m)
}

// changesSince is how many changes its history has since then.
func (r *registration) changesSince(then time.Time) int {
	lately := r.History
	for len(lately) > 0 && lately[0].At.Before(then) {
		lately = lately[1:]
	}
	return rules.ChangesOf(lately)
}

// roomFor refuses a change for which there are no places: with api.CodeInvalid, where more
// people come along than the meeting has places, and, of what takes a place already, with
// CodeMeetingFull and CodeChoiceFull. Places that the next in line waits for are not for
// more companions. On the waiting list it keeps its place in line.
func (rs *Registrations) roomFor(tx *store.Tx, meeting *meetings.Row, r *registration, after *api.Register) error {
	places := rules.PlacesOf(after.Companions)
	more := places - r.places
	if more > 0 && meeting.Capacity > 0 && places > meeting.Capacity {
		return api.Invalid(api.FieldError{Pointer: "/companions", Code: api.FieldTooMany})
	}
	if !rules.TakesPlace(r.State) {
		return nil
	}
	if more > 0 {
		free := meeting.Room(more)
		if free && meeting.Capacity > 0 && meeting.Waiting > 0 {
			kept, err := rs.lineOf(tx, meeting)()
			if err != nil {
				return err
			}
			free = !kept
		}
		if !free {
			return &api.Problem{Code: api.CodeMeetingFull, Errors: []api.FieldError{{Pointer: "/companions", Code: api.FieldFull}}}
		}
	}
	had := rules.Claims(meeting.Limits, r.Answers)
	return refuseFull(meeting, slices.DeleteFunc(rules.Claims(meeting.Limits, after.Answers), func(l rules.Limit) bool { return slices.Contains(had, l) }))
}

// answer writes what is answered now. A step follows, which gives the registration its
// version.
func (rs *Registrations) answer(tx *store.Tx, in *meetings.Row, r *registration, now *api.Register, changed []api.Changed) error {
	takes := rules.TakesPlace(r.State)
	if takes {
		in.Count(r.places, r.Answers, -1)
	}
	r.Participation, r.BadgeName, r.JobTitle = now.Participation, now.BadgeName, now.JobTitle
	r.Answers, r.Companions, r.Consents, r.Listed = now.Answers, now.Companions, now.Consents, now.Listed
	r.places = rules.PlacesOf(r.Companions)
	if takes {
		in.Count(r.places, r.Answers, +1)
	}
	if rules.OnCode(changed) {
		r.codeVersion++
	}
	written, err := r.written()
	if err != nil {
		return err
	}
	tx.Do(`UPDATE registrations SET participation = $1, badge_name = $2, job_title = $3, answers = $4, companions = $5,
		consents = $6, listed = $7, code_version = $8, places = $9 WHERE number = $10`, r.Participation, r.BadgeName, r.JobTitle,
		written.answers, written.companions, written.consents, written.listed, r.codeVersion, r.places, r.Number)
	if slices.ContainsFunc(changed, func(c api.Changed) bool { return c.Field == "/badge_name" }) {
		found := names{first: r.firstName, family: r.familyName, badge: r.BadgeName, organization: r.Organization, number: r.Number}
		tx.Do(`DELETE FROM registration_words WHERE number = $1`, r.Number)
		tx.Together(found.indexing(in.Code))
	}
	return nil
}

// written is what was answered as the table has it.
type written struct {
	answers, companions, consents string
	listed                        int64
}

func (r *registration) written() (w written, err error) {
	for _, column := range []struct {
		value any
		text  *string
	}{{r.Answers, &w.answers}, {r.Companions, &w.companions}, {r.Consents, &w.consents}} {
		b, err := json.Marshal(column.value)
		if err != nil {
			return w, fmt.Errorf("registrations: write what was answered: %w", err)
		}
		*column.text = string(b)
	}
	if r.Listed {
		w.listed = 1
	}
	return w, nil
}
