// Package bulk takes many users in at once, from a file. Begin at ImportUsers.
package bulk

import "plenary/service/account"

// Imports are those of the service. It is safe for concurrent use.
type Imports struct {
	*account.Accounts
}

// New puts it together.
func New(a *account.Accounts) *Imports {
	return &Imports{Accounts: a}
}
