package staff

import (
	"context"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/signup"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// InviteUser begins a sign-up for somebody, who gets an e-mail with a link and a code, and
// gives its id. The roles are given once the person has accepted: at once, or after a
// second administrator's approval, as other roles of somebody who has none (userChanges).
//
// Errors: api.CodeInvalid with fields, /email taken for an address that has an account or
// an invitation; api.CodeForbidden when who invites is no active administrator any more;
// api.CodeTooMany for the e-mails to the address.
func (a *Staff) InviteUser(ctx context.Context, by caller.Caller, in api.InviteUser) (api.Invited, error) {
	person, roles, reason, err := a.validInvitation(in)
	if err != nil {
		return api.Invited{}, err
	}
	id, err := account.NewID()
	if err != nil {
		return api.Invited{}, err
	}
	// SERIALIZABLE: who may do it is read, and that the address has no account.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		account.TakeTurns(tx)
		if !activeAdministrator(tx, by.AccountID) {
			return api.Refuse(api.CodeForbidden)
		}
		if err := a.signUps.Invite(tx, id, person, signup.Invitation{By: by.AccountID, Roles: roles[1:], Reason: reason}); err != nil {
			return err
		}
		a.Audit.NoteReason(tx, audit.Invited, id, reason, roleDetails(nil, roles[1:])...)
		return nil
	})
	return api.Invited{ID: id}, a.ExplainFull(err)
}

// validInvitation judges an invitation by the rules of a sign-up, and proposes a username.
func (a *Staff) validInvitation(in api.InviteUser) (p account.Person, roles []string, reason string, err error) {
	v := account.Validation{}
	p = a.ValidPerson(&v, api.ChangeProfile{
		Title: in.Title, FirstName: in.FirstName, FamilyName: in.FamilyName, Language: in.Language, Membership: in.Membership,
		Country: in.Country, OrganizationID: in.OrganizationID, NewOrganization: in.NewOrganization,
	})
	if in.OrganizationID == "" && in.NewOrganization == nil {
		v.Wrong("/organization_id", api.FieldRequired)
	}
	if p.Email, err = rules.ReadEmail(in.Email); err != nil {
		v.Wrong("/email", api.FieldInvalid)
	}
	if len(v.Fields) > 0 {
		return p, nil, "", api.Invalid(v.Fields...)
	}
	if p.Username = rules.ProposeUsername(p.FirstName, p.FamilyName); p.Username == "" {
		p.Username = rules.UsernameFromEmail(p.Email)
	}
	if !rules.ValidUsername(p.Username) {
		p.Username = "invited"
	}
	if roles, err = knownRoles(in.Roles); err != nil {
		return p, nil, "", err
	}
	reason, err = staffReason(in.Reason)
	return p, roles, reason, err
}

// joined gives somebody who was invited the roles that were meant, or lets them wait for a
// second administrator. Where who invited is no active administrator any more, there are
// none.
func (a *Staff) joined(tx *store.Tx, accountID string, in signup.Invitation) error {
	if len(in.Roles) == 0 || !activeAdministrator(tx, in.By) {
		return nil
	}
	roles, err := knownRoles(in.Roles)
	if err != nil {
		return err
	}
	s, err := a.holdForChange(tx, accountID, in.By, change{
		Kind: api.KindRoles, Reason: in.Reason, Roles: roles, Before: []string{api.RoleParticipant},
	})
	if err != nil {
		return err
	}
	s.log = a.Audit.As(in.By)
	if s.needsSecond() {
		s.ask()
		return nil
	}
	return s.apply()
}
