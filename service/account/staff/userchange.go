package staff

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// change is what an administrator wants done to a user.
type change struct {
	Kind   string   `json:"-"` // of userChanges
	Reason string   `json:"-"`
	Email  string   `json:"email,omitempty"`
	Roles  []string `json:"roles,omitempty"` // all, participant first
	// Before are the roles that the user had when the change was asked for: what
	// a second administrator approves is the step from these to Roles.
	Before []string `json:"before,omitempty"`

	// Of what is done at once.
	person  account.Person // the profile as it shall be
	version string         // of the user as it was read; empty for what needs none
}

// staffChange is a change under way, in a transaction that holds the user.
type staffChange struct {
	*Staff
	change
	tx   *store.Tx
	user listedUser
	by   string // id of the administrator who asked for it; empty for the operator
	log  *audit.Log

	owner    api.Account    // the account before the change, of kinds that take a version
	personal []audit.Detail // see userChange
}

// ChangeUser does a change to a user, or lets it wait for a second administrator:
// userChanges says of each kind what it does. What would change nothing is done at
// once.
//
// Errors: api.CodeNotFound; api.CodeForbidden when who asks is no active
// administrator any more; api.CodeOwnRoles for one's own account;
// api.CodeWrongState for a sign-up, or an account, where the kind is for the other;
// api.CodeLastAdministrator; api.CodeTooMany for the e-mails of a sign-up;
// api.CodeOutdated where the user was changed since a version was read;
// api.CodeInvalid.
func (a *Staff) ChangeUser(ctx context.Context, p caller.Caller, id string, in api.ChangeUser) (out api.Outcome, err error) {
	c, err := a.readChange(in)
	if err != nil {
		return out, err
	}
	// SERIALIZABLE: who may do it is read, and another administrator may take the role
	// away meanwhile. The user is held.
	return out, a.ExplainFull(a.DB.Update(ctx, func(tx *store.Tx) error {
		out = api.Outcome{}
		s, err := a.beginChange(tx, p, id, c)
		if err != nil {
			return err
		}
		s.Before = s.user.Roles
		if needed, err := s.needed(); err != nil || !needed {
			return err
		}
		if userChanges[c.Kind].takesVersion && c.version != userVersion(s.owner, s.user.Roles) {
			return api.Refuse(api.CodeOutdated)
		}
		if s.needsSecond() {
			out = s.ask()
			return nil
		}
		return s.apply()
	}))
}

// readChange brings a change into the form in which it is kept. api.CodeInvalid where
// what its kind takes is missing or wrong, and for what it does not take.
func (a *Staff) readChange(in api.ChangeUser) (c change, err error) {
	kind, known := userChanges[in.Kind]
	if !known {
		return c, api.Invalid(api.FieldError{Pointer: "/kind", Code: api.FieldUnknown})
	}
	c.Kind = in.Kind
	for _, f := range []struct {
		name         string
		takes, given bool
		read         func() error
	}{
		{"reason", !kind.withoutReason, in.Reason != "", func() (err error) { c.Reason, err = staffReason(in.Reason); return err }},
		{"email", kind.takesEmail, in.Email != "", func() (err error) { c.Email, err = staffEmail(in.Email); return err }},
		{"roles", kind.takesRoles, len(in.Roles) > 0, func() (err error) { c.Roles, err = knownRoles(in.Roles); return err }},
		{"profile", kind.takesProfile, in.Profile != nil, func() (err error) { c.person, err = a.readProfile(in.Profile); return err }},
		{"version", kind.takesVersion, in.Version != "", func() error { c.version = in.Version; return nil }},
	} {
		switch {
		case f.given && !f.takes:
			return c, api.Invalid(api.FieldError{Pointer: "/" + f.name, Code: api.FieldUnknown})
		case f.takes && !f.given:
			return c, api.Invalid(api.FieldError{Pointer: "/" + f.name, Code: api.FieldRequired})
		case f.takes:
			if err := f.read(); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// staffEmail is an e-mail address that staff has typed.
func staffEmail(typed string) (string, error) {
	email, err := rules.ReadEmail(typed)
	if err != nil {
		return "", api.Invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
	}
	return email, nil
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
			return nil, api.Invalid(api.FieldError{Pointer: fmt.Sprintf("/roles/%d", i), Code: api.FieldUnknown})
		}
	}
	slices.Sort(roles[1:])
	return roles, nil
}

// staffReason is what staff has typed as a reason, on one line: 3 to 500
// characters (api.ChangeUser).
func staffReason(typed string) (string, error) {
	reason := rules.Visible(typed)
	switch n := len([]rune(reason)); {
	case n < 3:
		return "", api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooShort})
	case n > 500:
		return "", api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooLong})
	}
	return reason, nil
}

// beginChange gives, and holds, the user whom an administrator wants to change,
// after a look at who wants it: within the transaction, so that of two who remove
// each other at the same time one stays.
func (a *Staff) beginChange(tx *store.Tx, p caller.Caller, id string, c change) (s staffChange, err error) {
	if id == p.AccountID {
		return s, api.Refuse(api.CodeOwnRoles)
	}
	account.TakeTurns(tx)
	if !activeAdministrator(tx, p.AccountID) {
		return s, api.Refuse(api.CodeForbidden)
	}
	if uuid.Validate(id) != nil {
		return s, api.Refuse(api.CodeNotFound)
	}
	return a.holdForChange(tx, id, p.AccountID, c)
}

// holdForChange is beginChange where nobody has to be looked at.
func (a *Staff) holdForChange(tx *store.Tx, id, by string, c change) (s staffChange, err error) {
	if err := account.Hold(tx, id); err != nil {
		return s, err
	}
	u, err := a.listed(tx, id)
	if err == nil && u.unverified != userChanges[c.Kind].ofSignUp {
		err = api.Refuse(api.CodeWrongState)
	}
	s = staffChange{Staff: a, change: c, tx: tx, user: u, by: by, log: a.Audit}
	if err == nil && userChanges[c.Kind].takesVersion {
		s.owner, err = a.Profile(tx, id)
	}
	return s, err
}

// activeAdministrator tells whether an account has the role and is not kept out.
func activeAdministrator(tx *store.Tx, id string) bool {
	return tx.Has(`SELECT 1 FROM account_roles r WHERE r.account_id = $1 AND r.role = $2
		AND NOT EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = $1)`, id, api.RoleAdministrator)
}

// needsSecond tells whether a second administrator must approve the change.
func (s *staffChange) needsSecond() bool {
	needed := userChanges[s.Kind].second.needed
	return needed != nil && needed(s.user.Roles, s.change)
}

// needed tells whether the change would change anything. api.CodeInvalid for what
// the user cannot have.
func (s *staffChange) needed() (bool, error) {
	needed := userChanges[s.Kind].needed
	if needed == nil {
		return true, nil
	}
	return needed(s)
}

// apply does the change, notes it and sends its e-mails.
func (s *staffChange) apply() error {
	kind := userChanges[s.Kind]
	var details []audit.Detail
	if kind.details != nil {
		details = kind.details(s)
	}
	if kind.personal != nil {
		s.personal = kind.personal(s)
	}
	if kind.do != nil {
		if err := kind.do(s); err != nil {
			return err
		}
	}
	s.log.NotePersonal(s.tx, kind.event, s.user.ID, s.Reason, s.personal, details...)
	if kind.mails == nil {
		return nil
	}
	owner, err := s.Profile(s.tx, s.user.ID)
	if err != nil {
		return err
	}
	for _, m := range kind.mails(s, owner) {
		s.Tell(s.tx, owner, m)
	}
	return nil
}
