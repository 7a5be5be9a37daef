package accounts

import (
	"strings"

	"plenary/service/store"
)

// happening is what can happen to an account so that something else of it ends.
type happening string

const (
	passwordChanged      happening = "password changed"
	emailChanged         happening = "e-mail changed"
	loggedOutEverywhere  happening = "logged out everywhere"
	sessionsEndedByStaff happening = "sessions ended by staff"
	deactivatedByStaff   happening = "deactivated"
	rolesChanged         happening = "roles changed"
	resetAddressReplaced happening = "reset address replaced"
	resetAddressRemoved  happening = "reset address removed"
	resetAddressStopped  happening = "reset address stopped by the owner"
	signUpEnded          happening = "sign-up ended"
	erased               happening = "erased"
)

// whatEnds says what ends with what. What is not named stays, such as a reset
// address that was used: the person can still make it their own.
var whatEnds = map[happening][]ending{
	passwordChanged:      {sessionsEnd, devicesEnd, recoveriesEnd, unusedResetAddressEnds},
	emailChanged:         {sessionsEnd, recoveriesEnd, usedResetAddressEnds},
	loggedOutEverywhere:  {sessionsEnd},
	sessionsEndedByStaff: {sessionsEnd, recoveriesEnd},
	deactivatedByStaff:   {sessionsEnd, devicesEnd, recoveriesEnd, unusedResetAddressEnds, approvalsEnd, approvalsAskedForEnd},
	// A reset address that a single administrator has set does not lead into an
	// account that has a role now.
	rolesChanged:         {recoveriesByResetAddressEnd, unusedResetAddressEnds},
	resetAddressReplaced: {recoveriesByResetAddressEnd, unusedResetAddressEnds},
	resetAddressRemoved:  {recoveriesByResetAddressEnd, unusedResetAddressEnds, usedResetAddressEnds},
	resetAddressStopped:  {recoveriesByResetAddressEnd, unusedResetAddressEnds, approvalsOfResetAddressEnd},
	signUpEnded:          {recoveriesOfSignUpEnd},
	// With an account's row goes all that refers to it. Recoveries end before it: by
	// them the e-mails are found that have to be erased.
	erased: {recoveriesEnd},
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

	unusedResetAddressEnds = ending{`DELETE FROM reset_addresses WHERE account_id = $1 AND used_at = 0`}
	usedResetAddressEnds   = ending{`DELETE FROM reset_addresses WHERE account_id = $1 AND used_at > 0`}

	approvalsEnd               = ending{`DELETE FROM approvals WHERE account_id = $1`}
	approvalsAskedForEnd       = ending{`DELETE FROM approvals WHERE asked_by = $1`}
	approvalsOfResetAddressEnd = ending{`DELETE FROM approvals WHERE account_id = $1 AND kind = '` + changeResetAddress + `'`}
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

// endWith ends what ends with something that happens to an account, which is held:
// nothing is added to what it has meanwhile. A session may stay: that of whoever
// asked for it.
func endWith(tx *store.Tx, what happening, accountID, stays string) {
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
