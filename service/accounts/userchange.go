package accounts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// Kinds of changes that can wait for a second administrator (api.Approval).
const (
	changeActivate           = "activate"
	changeResetAddress       = "reset-address"
	changeRoles              = "roles"
	changeRemoveSecondFactor = "remove-second-factor"
)

// change is what an administrator wants done to a user.
type change struct {
	Kind   string   `json:"-"`
	Reason string   `json:"-"`
	Email  string   `json:"email,omitempty"` // of a reset address
	Roles  []string `json:"roles,omitempty"` // all, participant first
	// Before are the roles that the user had when the change was asked for: what
	// a second administrator approves is the step from these to Roles.
	Before []string `json:"before,omitempty"`
}

// ActivateUser is "Ask your IT team to activate your user"
// (sources/reset-options.txt, option 2): it ends a deactivation by staff, and the
// lock after wrong passwords. For a sign-up whose address was not verified, which
// nobody but its owner can do, it sends the activation e-mail again.
//
// Errors of this and of all changes: api.CodeNotFound; api.CodeForbidden when who
// asks is no active administrator any more; api.CodeOwnRoles for one's own
// account; api.CodeInvalid. Here also api.CodeTooMany for the e-mails of a sign-up.
func (a *Accounts) ActivateUser(ctx context.Context, p Principal, id string, in api.Reason) (api.Outcome, error) {
	done, err := a.resendToSignUp(ctx, p, id)
	if done || err != nil {
		return api.Outcome{}, err
	}
	return a.changeUser(ctx, p, id, change{Kind: changeActivate, Reason: in.Reason})
}

// resendToSignUp sends the activation e-mail again if the id is that of a
// sign-up which waits, and tells whether it is.
func (a *Accounts) resendToSignUp(ctx context.Context, p Principal, id string) (is bool, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		u, err := a.listed(tx, id)
		is = u.unverified
		return err
	})
	if !is || err != nil {
		return false, err
	}
	// SERIALIZABLE: whether the address has an account decides what is sent.
	return true, a.explainFull(a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := refuseOthers(tx, p); err != nil {
			return err
		}
		a.log.Note(tx, audit.MailSentAgain, id, mail.Activate)
		return a.resend(tx, id)
	}))
}

// SetResetAddress says where the e-mail of the next reset goes, within 72 hours
// and once, and activates the account: the person has "no access to the email".
// The owner is told at the account's own address, with a link that stops it.
func (a *Accounts) SetResetAddress(ctx context.Context, p Principal, id string, in api.SetResetAddress) (api.Outcome, error) {
	email, err := rules.ReadEmail(in.Email)
	if err != nil {
		return api.Outcome{}, invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
	}
	return a.changeUser(ctx, p, id, change{Kind: changeResetAddress, Reason: in.Reason, Email: email})
}

// ChangeRoles gives a user these roles and no others; participant always.
//
// Errors: also api.CodeLastAdministrator.
func (a *Accounts) ChangeRoles(ctx context.Context, p Principal, id string, in api.ChangeRoles) (api.Outcome, error) {
	roles, err := knownRoles(in.Roles)
	if err != nil {
		return api.Outcome{}, err
	}
	return a.changeUser(ctx, p, id, change{Kind: changeRoles, Reason: in.Reason, Roles: roles})
}

// RemoveUserSecondFactor turns off the two-step log-in of somebody who has lost
// telephone and recovery codes.
func (a *Accounts) RemoveUserSecondFactor(ctx context.Context, p Principal, id string, in api.Reason) (api.Outcome, error) {
	return a.changeUser(ctx, p, id, change{Kind: changeRemoveSecondFactor, Reason: in.Reason})
}

// knownRoles brings roles into the order in which they are kept, participant first.
func knownRoles(asked []string) ([]string, error) {
	roles := []string{api.RoleParticipant}
	for i, role := range asked {
		switch {
		case role == api.RoleParticipant || slices.Contains(roles, role):
		case slices.Contains(roleNames, role):
			roles = append(roles, role)
		default:
			return nil, invalid(api.FieldError{Pointer: fmt.Sprintf("/roles/%d", i), Code: api.FieldUnknown})
		}
	}
	slices.Sort(roles[1:])
	return roles, nil
}

// staffReason is what staff has typed as a reason, on one line: 3 to 500
// characters (api.Reason).
func staffReason(typed string) (string, error) {
	reason := rules.Visible(typed)
	switch n := len([]rune(reason)); {
	case n < 3:
		return "", invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooShort})
	case n > 500:
		return "", invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooLong})
	}
	return reason, nil
}

// changeUser does a change, or lets it wait for a second administrator.
func (a *Accounts) changeUser(ctx context.Context, p Principal, id string, c change) (out api.Outcome, err error) {
	if c.Reason, err = staffReason(c.Reason); err != nil {
		return out, err
	}
	// SERIALIZABLE: who may do it is read, and another administrator may take the role
	// away meanwhile. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		out = api.Outcome{}
		u, err := a.userToChange(tx, p, id)
		if err != nil {
			return err
		}
		c.Before = u.Roles
		if needed, err := a.needed(tx, u, c); err != nil || !needed {
			return err
		}
		if secondNeeded(u.Roles, c) {
			out = a.ask(tx, p, id, c)
			return nil
		}
		return a.apply(tx, u, p.AccountID, c)
	})
	return out, err
}

// userToChange gives, and holds, the account that an administrator wants to
// change, after a look at who wants it: within the transaction, so that of two who
// remove each other at the same time one stays.
func (a *Accounts) userToChange(tx *store.Tx, p Principal, id string) (listedUser, error) {
	if id == p.AccountID {
		return listedUser{}, refused(api.CodeOwnRoles)
	}
	if err := refuseOthers(tx, p); err != nil {
		return listedUser{}, err
	}
	if uuid.Validate(id) != nil {
		return listedUser{}, refused(api.CodeNotFound)
	}
	if err := hold(tx, id); err != nil {
		return listedUser{}, err
	}
	u, err := a.listed(tx, id)
	if err == nil && u.unverified {
		err = refused(api.CodeWrongState)
	}
	return u, err
}

// refuseOthers is api.CodeForbidden for whoever is no active administrator (any more).
func refuseOthers(tx *store.Tx, p Principal) error {
	if !activeAdministrator(tx, p.AccountID) {
		return refused(api.CodeForbidden)
	}
	return nil
}

// activeAdministrator tells whether an account has the role and is not kept out.
func activeAdministrator(tx *store.Tx, id string) bool {
	return tx.Has(`SELECT 1 FROM account_roles r WHERE r.account_id = $1 AND r.role = $2
		AND NOT EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = $1)`, id, api.RoleAdministrator)
}

// secondNeeded says which changes a second administrator must approve
// (security.md, Staff's help): those to an account with a role, and making
// anybody an administrator. So one who is not to be trusted gets neither into a
// colleague's account nor a second one of their own.
func secondNeeded(roles []string, c change) bool {
	return len(roles) > 1 || c.Kind == changeRoles && slices.Contains(c.Roles, api.RoleAdministrator)
}

// needed tells whether a change would change anything. api.CodeInvalid for an
// address that is the account's own.
func (a *Accounts) needed(tx *store.Tx, u listedUser, c change) (bool, error) {
	switch c.Kind {
	case changeActivate:
		return u.deactivated || u.locked, nil
	case changeResetAddress:
		if rules.EmailKey(c.Email) == u.emailKey {
			return false, invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
		}
		return true, nil
	case changeRoles:
		return !slices.Equal(c.Roles, u.Roles), nil
	default:
		return tx.Has(`SELECT 1 FROM second_factors WHERE account_id = $1 AND confirmed_at > 0`, u.ID), nil
	}
}

// apply does a change, notes it and tells the owner. by is who asked for it.
func (a *Accounts) apply(tx *store.Tx, u listedUser, by string, c change) error {
	owner, err := a.Profile(tx, u.ID)
	if err != nil {
		return err
	}
	switch c.Kind {
	case changeActivate:
		a.reactivate(tx, u, owner, c.Reason)
		return nil
	case changeResetAddress:
		a.setResetAddress(tx, u, owner, by, c)
		return nil
	case changeRoles:
		return a.setRoles(tx, u, owner, c)
	default:
		return a.dropSecondFactor(tx, u.ID, audit.KeepReason(tx, u.ID, "by staff", c.Reason))
	}
}

func (a *Accounts) setRoles(tx *store.Tx, u listedUser, owner api.Account, c change) error {
	if !slices.Contains(c.Roles, api.RoleAdministrator) {
		if err := refuseLastAdministrator(tx, u.ID); err != nil {
			return err
		}
	}
	tx.Do(`DELETE FROM account_roles WHERE account_id = $1`, u.ID)
	for _, role := range c.Roles[1:] {
		tx.Do(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, u.ID, role)
	}
	endWith(tx, rolesChanged, u.ID, "")
	a.log.NoteReason(tx, audit.RolesChanged, u.ID, strings.Join(c.Roles, " "), c.Reason)
	a.tell(tx, owner, mail.Message{
		Template: mail.RolesChanged, Params: map[string]string{"Roles": roleWords(owner.Language, c.Roles)},
	})
	return nil
}

// roleWords names roles for a person.
func roleWords(language string, roles []string) string {
	w := words.ForLetters(language)
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = w.T("mail.role." + role)
	}
	return strings.Join(names, ", ")
}
