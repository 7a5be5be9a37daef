// Package signup makes accounts for those who sign up: sign-ups that wait for their
// address to be verified, by a link or a code, and what becomes of them. Begin at
// SignUp and Activate; at Invite for those whom staff begins.
package signup

import (
	"plenary/service/account"
	"plenary/service/store"
)

// SignUps are those of the service. It is safe for concurrent use.
type SignUps struct {
	*account.Accounts
	// Joined is called for each account that was made of an invitation, in the transaction
	// that makes it. It is to be set before there are any.
	Joined func(tx *store.Tx, accountID string, by Invitation) error
}

// New puts it together.
func New(a *account.Accounts) *SignUps {
	return &SignUps{Accounts: a}
}
