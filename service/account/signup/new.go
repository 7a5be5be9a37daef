// Package signup makes accounts for those who sign up: sign-ups that wait for their
// address to be verified, by a link or a code, and what becomes of them. Begin at
// SignUp and Activate.
package signup

import "plenary/service/account"

// SignUps are those of the service. It is safe for concurrent use.
type SignUps struct {
	*account.Accounts
}

// New puts it together.
func New(a *account.Accounts) *SignUps {
	return &SignUps{Accounts: a}
}
