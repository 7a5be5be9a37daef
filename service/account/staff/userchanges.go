package staff

import (
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// userChange is one kind of change to a user. What is nil, false or empty does not
// apply.
type userChange struct {
	summary                string // for the contract
	ofSignUp               bool   // of a sign-up that waits, and not of an account
	takesEmail, takesRoles bool
	takesProfile           bool
	takesVersion           bool // it replaces what was read
	withoutReason          bool // nobody is asked why
	second                 second
	// needed tells whether it would change anything. api.CodeInvalid for what the user
	// cannot have.
	needed  func(*staffChange) (bool, error)
	do      func(*staffChange) error
	codes   []api.Code // that needed and do can answer with, beside api.CodeInvalid
	event   audit.Event
	details func(*staffChange) []audit.Detail // of the event; asked before the change is done
	// personal are those that are erased with the account, asked at the same time.
	personal func(*staffChange) []audit.Detail
	mails    func(*staffChange, api.Account) []mail.Message
}

// second says which changes of a kind a second administrator must approve; the zero
// value is for none.
type second struct {
	when   string                              // in words, for the contract
	needed func(roles []string, c change) bool // of a user who has these roles
}

var (
	ofRole                  = second{"where the user has a role", hasRole}
	ofRoleOrToAdministrator = second{
		"where the user has a role, or is to have the role " + api.RoleAdministrator,
		func(roles []string, c change) bool {
			return hasRole(roles, c) || slices.Contains(c.Roles, api.RoleAdministrator)
		},
	}
)

// userChanges are all kinds, by their names (api.ChangeUser). Whatever lets somebody
// into an account that has a role, and making anybody an administrator, needs a
// second one (security.md, Staff's help): so one who is not to be trusted gets
// neither into a colleague's account nor a second one of their own. What keeps
// people out needs none.
var userChanges = map[string]userChange{
	// "Ask your IT team to activate your user" (sources/reset-options.txt, option 2)
	// ends a deactivation by staff, and the lock after wrong passwords.
	api.KindActivate: {
		summary: "End a deactivation by staff, or the lock after wrong passwords",
		second:  ofRole,
		needed:  func(s *staffChange) (bool, error) { return s.user.deactivated || s.user.locked, nil },
		do:      (*staffChange).activate,
		event:   audit.Reactivated,
		mails:   telling(mail.Reactivated),
	},
	// Keeps everybody out until the user is activated.
	api.KindDeactivate: {
		summary: "Keep everybody out of the account; its sessions end",
		needed:  func(s *staffChange) (bool, error) { return !s.user.deactivated, nil },
		do:      (*staffChange).deactivate,
		codes:   []api.Code{api.CodeLastAdministrator},
		event:   audit.Deactivated,
		mails:   telling(mail.Deactivated),
	},
	// Where the e-mail of the next reset goes, within 72 hours and once: the person has
	// "no access to the email". A lock or deactivation ends with that reset
	// (recovery/resetaddress.go) and not before: nobody else gets in meanwhile, with the
	// password of before. The owner is told at the account's own address, with a link that
	// stops it.
	api.KindResetAddress: {
		summary:    "Say where the e-mail of the next reset goes, within 72 hours and once",
		takesEmail: true,
		second:     ofRole,
		needed: func(s *staffChange) (bool, error) {
			if rules.EmailKey(s.Email) == s.user.emailKey {
				return false, api.Invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
			}
			return true, nil
		},
		do:      (*staffChange).setResetAddress,
		event:   audit.ResetAddressSet,
		details: typedAddress,
		mails:   (*staffChange).resetAddressMails,
	},
	// Takes a reset address back, also one that was used and that the person could still
	// make their own.
	api.KindRemoveResetAddress: {
		summary:       "Take a reset address back",
		withoutReason: true,
		needed:        func(s *staffChange) (bool, error) { return s.resetAddressOf(s.tx, s.user.ID) != nil, nil },
		do:            endOnly(account.ResetAddressRemoved),
		event:         audit.ResetAddressStopped,
		details: func(s *staffChange) []audit.Detail {
			return append(byStaff(s), audit.Fact(api.DetailAddress, account.Mask(s.resetAddressOf(s.tx, s.user.ID).Email)))
		},
	},
	// These roles and no others; participant always.
	api.KindRoles: {
		summary:    "Give the user these roles and no others",
		takesRoles: true, takesVersion: true,
		second: ofRoleOrToAdministrator,
		codes:  []api.Code{api.CodeLastAdministrator, api.CodeOutdated},
		needed: func(s *staffChange) (bool, error) {
			return slices.Equal(s.Before, s.user.Roles) && !slices.Equal(s.Roles, s.user.Roles), nil
		},
		do:      (*staffChange).setRoles,
		event:   audit.RolesChanged,
		details: func(s *staffChange) []audit.Detail { return roleDetails(s.user.Roles, s.Roles) },
		mails: func(s *staffChange, owner api.Account) []mail.Message {
			return []mail.Message{{Template: mail.RolesChanged, Params: map[string]string{"Roles": roleWords(owner.Language, s.Roles)}}}
		},
	},
	// Nobody gets in by it, so that no second administrator is needed; the owner is told
	// what was changed, and why.
	api.KindCorrectProfile: {
		summary:      "Correct name or organization; the owner is told",
		takesProfile: true, takesVersion: true,
		needed:   func(s *staffChange) (bool, error) { return len(s.corrections()) > 0, nil },
		do:       (*staffChange).correctProfile,
		codes:    []api.Code{api.CodeOutdated},
		event:    audit.ProfileChanged,
		details:  byStaff,
		personal: (*staffChange).corrections,
		mails:    (*staffChange).correctionMails,
	},
	// For somebody who has lost telephone and recovery codes.
	api.KindRemoveSecondFactor: {
		summary: "Turn off the two-step log-in of somebody who has lost it",
		second:  ofRole,
		needed:  func(s *staffChange) (bool, error) { return account.SecondFactorOn(s.tx, s.user.ID), nil },
		do:      func(s *staffChange) error { credential.DropSecondFactor(s.tx, s.user.ID); return nil },
		event:   audit.SecondFactorOff,
		details: byStaff,
		mails:   telling(mail.SecondFactorOff),
	},
	// Logs out everywhere, and voids what "Forgot password?" has under way.
	api.KindEndSessions: {
		summary: "Log the user out everywhere, and void what \"Forgot password?\" has under way",
		do:      endOnly(account.SessionsEndedByStaff),
		event:   audit.SessionsEnded,
		details: byStaff,
	},
	// The activation e-mail again, with a new code and another link: nobody but its owner
	// can verify an address.
	api.KindSendActivation: {
		summary:  "Send a sign-up its activation e-mail again, with a new code and another link",
		ofSignUp: true,
		do:       func(s *staffChange) error { return s.signUps.Resend(s.tx, s.user.ID) },
		event:    audit.MailSentAgain,
		details: func(s *staffChange) []audit.Detail {
			if s.user.invited {
				return []audit.Detail{audit.Fact(api.DetailTemplate, mail.Invited)}
			}
			return []audit.Detail{audit.Fact(api.DetailTemplate, mail.Activate)}
		},
	},
	// Only while the address was never verified (security.md, Invited people).
	api.KindCorrectEmail: {
		summary:    "Give a sign-up the e-mail address that was meant, to which the activation e-mail goes; what was sent to the one of before is void",
		ofSignUp:   true,
		takesEmail: true,
		needed:     (*staffChange).addressFree,
		do:         func(s *staffChange) error { return s.signUps.Correct(s.tx, s.user.ID, s.Email) },
		event:      audit.SignUpCorrected,
		details:    typedAddress,
	},
	// Likewise only while the address was never verified.
	api.KindEndSignUp: {
		summary:  "End a sign-up: what it held is erased, and its username is free",
		ofSignUp: true,
		do:       func(s *staffChange) error { s.signUps.End(s.tx, s.user.ID); return nil },
		event:    audit.SignUpEnded,
		details:  byStaff,
	},
}

func hasRole(roles []string, _ change) bool { return len(roles) > 1 }

func byStaff(*staffChange) []audit.Detail {
	return []audit.Detail{audit.Fact(api.DetailBy, api.ByStaff)}
}

// typedAddress is the address that staff has typed, masked.
func typedAddress(s *staffChange) []audit.Detail {
	return []audit.Detail{audit.Fact(api.DetailAddress, account.Mask(s.Email))}
}

// telling sends the owner an e-mail that says nothing but what happened.
func telling(template string) func(*staffChange, api.Account) []mail.Message {
	return func(*staffChange, api.Account) []mail.Message { return []mail.Message{{Template: template}} }
}

// endOnly does nothing but end what ends with something that happens to an account.
func endOnly(what account.Happening) func(*staffChange) error {
	return func(s *staffChange) error {
		account.EndWith(s.tx, what, s.user.ID, "")
		return nil
	}
}

func (s *staffChange) activate() error {
	s.tx.Do(`DELETE FROM deactivated WHERE account_id = $1`, s.user.ID)
	throttle.Forget(s.tx, append(s.GuessBudgets(s.user.target()), s.LockNotice(s.user.ID))...)
	return nil
}

// deactivate refuses the last administrator. A log-in under way has ended, since the
// account is held, and its session ends here, or it finds the deactivation.
func (s *staffChange) deactivate() error {
	if err := account.RefuseLastAdministrator(s.tx, s.user.ID); err != nil {
		return err
	}
	if err := s.TellAppointmentEnds(s.tx, s.user.ID, api.CauseDeactivated); err != nil {
		return err
	}
	s.tx.Do(`INSERT INTO deactivated (account_id, since) VALUES ($1, $2)`, s.user.ID, store.Micros(s.Now()))
	account.EndWith(s.tx, account.DeactivatedByStaff, s.user.ID, "")
	return nil
}

// roleDetails are the roles that are taken away, and those that are given.
func roleDetails(before, after []string) (details []audit.Detail) {
	for _, role := range before {
		if !slices.Contains(after, role) {
			details = append(details, audit.Detail{Field: api.DetailRole, Before: role})
		}
	}
	for _, role := range after {
		if !slices.Contains(before, role) {
			details = append(details, audit.Fact(api.DetailRole, role))
		}
	}
	return details
}

func (s *staffChange) setRoles() error {
	if !slices.Contains(s.Roles, api.RoleAdministrator) {
		if err := account.RefuseLastAdministrator(s.tx, s.user.ID); err != nil {
			return err
		}
	}
	s.tx.Do(`DELETE FROM account_roles WHERE account_id = $1`, s.user.ID)
	for _, role := range s.Roles[1:] {
		s.tx.Do(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, s.user.ID, role)
	}
	account.EndWith(s.tx, account.RolesChanged, s.user.ID, "")
	return nil
}

// addressFree tells whether the e-mail address is another one than the sign-up has.
// api.CodeInvalid for one that has an account: the sign-up could become none.
func (s *staffChange) addressFree() (bool, error) {
	if _, taken := account.ByEmail(s.tx, rules.EmailKey(s.Email)); taken {
		return false, api.Invalid(api.FieldError{Pointer: "/email", Code: api.FieldTaken})
	}
	return s.Email != s.user.Email, nil
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
