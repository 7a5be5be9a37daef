// Package settings is what people change about their own account: profile, username,
// address, password, second factor, secret question, sessions, and its end.
package settings

import (
	"plenary/service/account"
	"plenary/service/account/login"
)

// Settings are those of all accounts. It is safe for concurrent use.
type Settings struct {
	*account.Accounts
	logIns *login.LogIns
}

// New puts it together.
func New(a *account.Accounts, logIns *login.LogIns) *Settings {
	return &Settings{Accounts: a, logIns: logIns}
}
