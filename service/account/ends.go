package account

import (
	"strings"
	"time"

	"plenary/api"
	"plenary/service/store"
)

// Happening is what can happen to an account so that something else of it ends.
type Happening string

const (
	PasswordChanged      Happening = "password changed"
	EmailChanged         Happening = "e-mail changed"
	LoggedOutEverywhere  Happening = "logged out everywhere"
	SessionsEndedByStaff Happening = "sessions ended by staff"
	DeactivatedByStaff   Happening = "deactivated"
	RolesChanged         Happening = "roles changed"
	ResetAddressReplaced Happening = "reset address replaced"
	ResetAddressRemoved  Happening = "reset address removed"
	ResetAddressStopped  Happening = "reset address stopped by the owner"
	SignUpCorrected      Happening = "sign-up corrected"
	InvitationSent       Happening = "invitation sent"
	OrganizationChanged  Happening = "organization changed"
	AppointmentEnded     Happening = "appointment ended"
	signUpEnded          Happening = "sign-up ended"
	Erased               Happening = "erased"
)

// whatEnds says what ends with what. What is not named stays, such as a reset
// address that was used: the person can still make it their own.
var whatEnds = map[Happening][]ending{
	PasswordChanged:      {sessionsEnd, devicesEnd, recoveriesEnd, unusedResetAddressEnds},
	EmailChanged:         {sessionsEnd, recoveriesEnd, usedResetAddressEnds},
	LoggedOutEverywhere:  {sessionsEnd},
	SessionsEndedByStaff: {sessionsEnd, recoveriesEnd},
	DeactivatedByStaff:   {sessionsEnd, devicesEnd, recoveriesEnd, unusedResetAddressEnds, approvalsEnd, approvalsAskedForEnd, appointmentEnds},
	// To be of an organization, and to speak for it, is of that one.
	OrganizationChanged: {appointmentEnds, confirmationEnds},
	AppointmentEnded:    {appointmentEnds},
	// A reset address that a single administrator has set does not lead into an
	// account that has a role now.
	RolesChanged:         {recoveriesByResetAddressEnd, unusedResetAddressEnds},
	ResetAddressReplaced: {recoveriesByResetAddressEnd, unusedResetAddressEnds},
	ResetAddressRemoved:  {recoveriesByResetAddressEnd, unusedResetAddressEnds, usedResetAddressEnds},
	ResetAddressStopped:  {recoveriesByResetAddressEnd, unusedResetAddressEnds, approvalsOfResetAddressEnd},
	SignUpCorrected:      {recoveriesOfSignUpEnd},
	InvitationSent:       {recoveriesOfSignUpEnd}, // the earlier e-mails of it
	signUpEnded:          {recoveriesOfSignUpEnd, invitationEnds},
	// With an account's row goes all that refers to it. Recoveries end before it: by
	// them the e-mails are found that have to be erased.
	Erased: {recoveriesEnd},
}

// ending are the statements that end something of account, or sign-up, $1; session
// $2 stays.
type ending []string

var (
	sessionsEnd = ending{`DELETE FROM sessions WHERE account_id = $1 AND id <> $2`} // with their tokens
	devicesEnd  = ending{`DELETE FROM devices WHERE account_id = $1`}

	recoveriesEnd               = endingOfRecoveries(`account_id = $1`)
	recoveriesOfSignUpEnd       = endingOfRecoveries(`sign_up = $1`)
	recoveriesByResetAddressEnd = endingOfRecoveries(`account_id = $1 AND reset_address <> ''`)

	appointmentEnds  = ending{`DELETE FROM focal_points WHERE account_id = $1`}
	confirmationEnds = ending{`DELETE FROM confirmed_organizations WHERE account_id = $1`}

	invitationEnds = ending{`DELETE FROM invitations WHERE sign_up = $1`}

	unusedResetAddressEnds = ending{`DELETE FROM reset_addresses WHERE account_id = $1 AND used_at = 0`}
	usedResetAddressEnds   = ending{`DELETE FROM reset_addresses WHERE account_id = $1 AND used_at > 0`}

	approvalsEnd               = ending{`DELETE FROM approvals WHERE account_id = $1`}
	approvalsAskedForEnd       = ending{`DELETE FROM approvals WHERE asked_by = $1`}
	approvalsOfResetAddressEnd = ending{`DELETE FROM approvals WHERE account_id = $1 AND kind = '` + api.KindResetAddress + `'`}
)

// endingOfRecoveries voids those for which a condition is true, with their codes
// and links. Before that their e-mails are pointed to the account, so that erasure
// finds them.
func endingOfRecoveries(condition string) ending {
	return ending{
		`UPDATE mails SET subject = $1 WHERE subject IN (SELECT id FROM recoveries WHERE ` + condition + `)`,
		`DELETE FROM recoveries WHERE ` + condition,
	}
}

// EndWith ends what ends when something happens to an account (whatEnds). The account
// is held, so that nothing is added to it meanwhile. One session may stay: that of
// whoever asked for it.
func EndWith(tx *store.Tx, what Happening, accountID, stays string) {
	for _, e := range whatEnds[what] {
		for _, statement := range e {
			args := []any{accountID}
			if strings.Contains(statement, "$2") {
				args = append(args, stays)
			}
			tx.Do(statement, args...)
		}
	}
}

// UsedAddressLife is how long a reset address that was used stays known, and the person
// can make it their own.
const UsedAddressLife = 30 * 24 * time.Hour
