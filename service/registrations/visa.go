package registrations

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/delegations"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// prepareAnswerVisa grants or refuses visa support for whoever has the role. The person and
// the focal point of the organization are told that there is an answer, which they read in
// Plenary. It refuses with api.CodeInvalid without an answer; with CodeNotFound where there
// is no case; with CodeForbidden for an own one; with CodeWrongState where nothing waits.
func (rs *Registrations) prepareAnswerVisa(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.AnswerVisa
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	answer, ok := rules.Lines(asked.Answer)
	code := ""
	switch {
	case !ok:
		code = api.FieldInvalid
	case answer == "":
		code = api.FieldRequired
	case utf8.RuneCountInString(answer) > rules.MaxVisaAnswer:
		code = api.FieldTooLong
	}
	if code != "" {
		return p, api.Invalid(api.FieldError{Pointer: "/answer", Code: code})
	}
	of, err := rs.meetingOf(ctx, asked.Registration)
	if err != nil {
		return p, err
	}
	state := api.VisaRefused
	if asked.Grant {
		state = api.VisaAnswered
	}
	p.Line = meetings.Line(of.meeting)
	p.Do = func(tx *store.Tx, _ *api.Result) (operation.Done, error) {
		return operation.Done{}, rs.answerVisa(tx, a, of, state, answer)
	}
	return p, nil
}

func (rs *Registrations) answerVisa(tx *store.Tx, a operation.Asked, of named, state, answer string) error {
	r, meeting, err := rs.lockRegistration(tx, of)
	switch {
	case err != nil:
		return err
	case r.Visa == "" || r.Visa == api.VisaAsked:
		return api.Refuse(api.CodeNotFound)
	case r.accountID == a.Actor:
		return api.Refuse(api.CodeForbidden)
	case r.Visa != api.VisaWaiting:
		return api.Refuse(api.CodeWrongState)
	}
	if err := rs.Visas.Decide(tx, r.Number, a.Actor, state, answer); err != nil {
		return err
	}
	r.Visa = state
	rs.count(tx, meeting, r)
	what := "visa-" + state
	if err := r.record(tx, api.Event{At: rs.Now(), What: what, By: rules.ActorManager.By(), Actor: nameOf(a.Account)}, a.Actor); err != nil {
		return err
	}
	meeting.Save(tx)
	return rs.tellOfVisa(tx, meeting, r)
}

// count gives a registration of a locked meeting the next version, so that whoever has read
// it reads it again. The meeting is to be saved.
func (rs *Registrations) count(tx *store.Tx, meeting *meetings.Row, r *registration) {
	meeting.Version++
	r.Version = meeting.Version
	tx.Do(`UPDATE registrations SET visa = $1, version = $2, changed_at = $3 WHERE number = $4`,
		r.Visa, r.Version, store.Micros(rs.Now()), r.Number)
}

// tellOfVisa tells the person, and the focal point of the organization, that there is an
// answer on visa support.
func (rs *Registrations) tellOfVisa(tx *store.Tx, meeting *meetings.Row, r *registration) error {
	focalPoint := delegations.FocalPointOf(tx, r.organizationID)
	for _, id := range slices.Compact([]string{r.accountID, cmp.Or(focalPoint, r.accountID)}) {
		who, err := rs.Profile(tx, id)
		if api.HasCode(err, api.CodeNotFound) {
			continue // the account was deleted
		}
		if err != nil {
			return fmt.Errorf("registrations: find whom to tell of an answer: %w", err)
		}
		letter, ok := rs.letter(meeting, r, who, mail.VisaAnswered, told{})
		if !ok {
			continue
		}
		letter.Params["State"], letter.Params["Person"] = r.Visa, r.Person
		if id != r.accountID {
			letter.Params["To"] = api.FocalPoint
		}
		rs.Outbox.Queue(tx, letter)
	}
	return nil
}

// followVisa lets visa support follow a registration to its state.
func (rs *Registrations) followVisa(tx *store.Tx, r *registration) {
	if r.Visa == "" {
		return
	}
	after := rules.VisaAfter(r.Visa, r.State)
	switch {
	case rules.Final(r.State):
		rs.Visas.End(tx, r.Number)
	case after != r.Visa:
		rs.Visas.Stand(tx, r.Number, after)
	}
	r.Visa = after
}

// judgePassport judges the passport that a change brings: the one that stands there already
// is no change, and once the secretariat has answered there is nothing to correct.
func (rs *Registrations) judgePassport(tx *store.Tx, r *registration, after *api.Register, changed []api.Changed) ([]api.Changed, []api.FieldError, error) {
	isPassport := func(c api.Changed) bool { return c.Field == "/passport" }
	if !slices.ContainsFunc(changed, isPassport) {
		return changed, nil, nil
	}
	same, err := rs.Visas.Same(tx, r.Number, after.Passport)
	switch {
	case err != nil:
		return nil, nil, err
	case same:
		return slices.DeleteFunc(changed, isPassport), nil, nil
	case r.Visa != api.VisaAsked && r.Visa != api.VisaWaiting:
		return changed, []api.FieldError{{Pointer: "/passport", Code: api.FieldNotAccepted}}, nil
	}
	return changed, nil, nil
}

// changeVisa begins a case, corrects its passport or takes it back, as a change asks for
// it. A step follows, which says how it stands.
func (rs *Registrations) changeVisa(tx *store.Tx, meeting *meetings.Row, r *registration, after *api.Register) error {
	switch {
	case !after.Visa && r.Visa != "":
		rs.Visas.End(tx, r.Number)
		r.Visa = ""
	case after.Visa && r.Visa == "":
		r.Visa = rules.VisaAfter(api.VisaAsked, r.State)
		opening, err := rs.Visas.Opening(r.Number, r.Visa, after.Passport, meeting.End())
		if err != nil {
			return err
		}
		tx.Together(opening)
	case after.Visa && after.Passport != nil && (r.Visa == api.VisaAsked || r.Visa == api.VisaWaiting):
		return rs.Visas.Correct(tx, r.Number, after.Passport)
	}
	return nil
}

// answered puts what the secretariat wrote on visa support into registrations as their
// owner sees them.
func (rs *Registrations) answered(tx *store.Tx, list []api.Registration) error {
	var numbers []string
	for i := range list {
		if list[i].Visa == api.VisaAnswered || list[i].Visa == api.VisaRefused {
			numbers = append(numbers, list[i].Number)
		}
	}
	answers, err := rs.Visas.Answers(tx, numbers)
	for i := range list {
		list[i].VisaAnswer = answers[list[i].Number]
	}
	return err
}

// answeredTo is answered for who is appointed for the organization.
func (rs *Registrations) answeredTo(tx *store.Tx, list []api.Delegate) error {
	var numbers []string
	for i := range list {
		if list[i].Visa == api.VisaAnswered || list[i].Visa == api.VisaRefused {
			numbers = append(numbers, list[i].Number)
		}
	}
	answers, err := rs.Visas.Answers(tx, numbers)
	for i := range list {
		list[i].VisaAnswer = answers[list[i].Number]
	}
	return err
}

// EraseVisas erases what was given and answered for visa support whose time is over.
func (rs *Registrations) EraseVisas(ctx context.Context) error {
	for {
		var over []named
		err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
			over = over[:0]
			rs.Visas.AllDue(tx, func(number, meeting string) { over = append(over, named{number, meeting}) })
			return nil
		})
		if err != nil || len(over) == 0 {
			return err
		}
		for _, of := range over {
			// READ COMMITTED: the meeting is locked before it is read.
			err := rs.DB.UpdateCommitted(store.InLine(ctx, meetings.Line(of.meeting)), func(tx *store.Tx) error { return rs.eraseVisa(tx, of) })
			if err != nil {
				return fmt.Errorf("registrations: erase the visa case of %s: %w", of.number, err)
			}
		}
	}
}

// eraseVisa erases one case, unless its meeting has been put off and nobody has decided.
func (rs *Registrations) eraseVisa(tx *store.Tx, of named) error {
	r, meeting, err := rs.lockRegistration(tx, of)
	if err != nil || rs.Visas.PutOff(tx, of.number, meeting.End()) {
		return err
	}
	rs.Visas.End(tx, of.number)
	if r.Visa == api.VisaAsked || r.Visa == api.VisaWaiting {
		r.Visa = ""
	}
	rs.count(tx, meeting, r)
	meeting.Save(tx)
	return nil
}
