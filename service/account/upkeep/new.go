// Package upkeep is what the service does with accounts by itself: it erases what is
// due, removes what has expired, and tells owners of locks.
package upkeep

import "plenary/service/account"

// Upkeep is that of all accounts. It is safe for concurrent use.
type Upkeep struct {
	*account.Accounts
}

// New puts it together.
func New(a *account.Accounts) *Upkeep {
	return &Upkeep{Accounts: a}
}
