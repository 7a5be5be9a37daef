package registrations

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/delegations"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
	"plenary/words"
)

// prepareRegisterFor registers another person of the organization for which who asks is
// appointed, who has decided by that: but for an assistant, on whom only the focal point
// decides. It refuses as register does, and with api.CodeForbidden who is not appointed.
func (rs *Registrations) prepareRegisterFor(_ context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.RegisterFor
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	p.Line = meetings.Line(asked.Meeting)
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		mine := delegations.Of(tx, a.Actor)
		if !mine.For(a.Account.Organization.ID) {
			return operation.Done{}, api.Refuse(api.CodeForbidden)
		}
		who, err := rs.memberOf(tx, a, asked)
		if err != nil {
			return operation.Done{}, err
		}
		meeting, err := rs.Meetings.Lock(tx, asked.Meeting)
		if err != nil {
			return operation.Done{}, err
		}
		if errs := rules.ValidateRegisterFor(&meeting.Meeting, &asked); len(errs) > 0 {
			return operation.Done{}, api.Invalid(errs...)
		}
		return rs.registerFor(tx, a, mine, meeting, who, asked, result)
	}
	return p, nil
}

func (rs *Registrations) registerFor(tx *store.Tx, a operation.Asked, mine delegations.Appointment, meeting *meetings.Row, who api.Account, asked api.RegisterFor, result *api.Result) (operation.Done, error) {
	if err := rs.refuseTwice(tx, meeting.Code, who); err != nil {
		return operation.Done{}, err
	}
	speaker := rules.IsFocalPoint
	if mine.Kind == api.Assistant && who.Appointed != "" {
		speaker = delegations.SpeakerFor(tx, who.ID, who.Organization.ID)
	}
	n, err := rs.judge(meeting, who, a.ID, asked.Register, spokenFor(speaker), rs.lineOf(tx, meeting))
	if err != nil {
		return operation.Done{}, err
	}
	n.registeredBy = a.Actor
	n.History[0].By, n.History[0].Actor = rules.ActorFocalPoint.By(), nameOf(a.Account)
	if n.History[1].By == rules.ActorFocalPoint.By() {
		n.History[1].Actor = nameOf(a.Account)
	}
	if who.ID == "" {
		n.email, n.language = who.Email, who.Language
	}
	if n.letter != nil { // it says who registered
		if letter, ok := rs.letter(meeting, &n.registration, who, n.letter.Template, told{}); ok {
			n.letter = &letter
		}
	}
	if err := n.bringFiles(tx, a.Actor); err != nil {
		return operation.Done{}, err
	}
	rs.confirmOrganization(tx, who.ID, who.Organization.ID, a.Actor)
	result.Registration = n.decided()
	return rs.write(n, func() { result.Registration.Version = n.Version })
}

// memberOf is the person who is to be registered: the account of the organization that has
// the e-mail address, which is held then, or somebody without an account.
func (rs *Registrations) memberOf(tx *store.Tx, a operation.Asked, asked api.RegisterFor) (api.Account, error) {
	organization := a.Account.Organization
	email, err := rules.ParseEmail(asked.Email)
	if err != nil {
		email = ""
	}
	if email != "" {
		var id string
		if tx.Get(`SELECT id FROM accounts WHERE email_key = $1 AND organization_id = $2`, rules.EmailKey(email), organization.ID).Into(&id) &&
			(id == a.Actor || tx.HoldOwner(id)) {
			who, err := rs.Profile(tx, id)
			if err != nil && !api.HasCode(err, api.CodeNotFound) {
				return who, fmt.Errorf("registrations: find who is registered: %w", err)
			}
			if err == nil && who.Organization.ID == organization.ID && rules.EmailKey(who.Email) == rules.EmailKey(email) {
				return who, nil
			}
		}
	}
	first, _ := rules.Line(asked.FirstName)
	family, _ := rules.Line(asked.FamilyName)
	return api.Account{
		FirstName: first, FamilyName: family, Email: email, Language: words.ForLetters(asked.Language).Lang(), Organization: organization,
	}, nil
}

// refuseTwice keeps one live registration for each person and meeting, with
// api.CodeAlreadyRegistered. People without an account are told apart by their address.
// The meeting is locked.
func (rs *Registrations) refuseTwice(tx *store.Tx, meeting string, who api.Account) error {
	if who.ID != "" {
		var b before
		tx.Together(b.looking(meeting, who.ID, rs.Now()))
		return b.refuseRepeated()
	}
	if who.Email == "" {
		return nil
	}
	twice := false
	for scan := range tx.Each(`SELECT email FROM registrations WHERE organization_id = $1 AND meeting = $2 AND account_id = ''
		AND email <> '' AND state <> $3 AND state <> $4`, who.Organization.ID, meeting, api.Refused, api.Withdrawn) {
		var email string
		scan(&email)
		twice = twice || rules.EmailKey(email) == rules.EmailKey(who.Email)
	}
	if twice {
		return api.Refuse(api.CodeAlreadyRegistered)
	}
	return nil
}

// confirmOrganization keeps that an account is of the organization that its owner chose,
// by the word of who speaks for that.
func (rs *Registrations) confirmOrganization(tx *store.Tx, accountID, organizationID, by string) {
	if rs.Delegations.Confirm(tx, accountID, organizationID, delegations.HowFocalPoint, by) {
		rs.Audit.Note(tx, audit.OrganizationConfirmed, accountID, audit.Fact(api.DetailOrganization, organizationID))
	}
}
