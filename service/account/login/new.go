// Package login lets people in: attempts at passwords and what they cost, sessions,
// and the proof within a session of who is there. Begin at LogIn and Reauthenticate.
package login

import (
	"plenary/service/account"
	"plenary/service/account/signup"
)

// LogIns are those of the service. It is safe for concurrent use.
type LogIns struct {
	*account.Accounts
	signUps *signup.SignUps
}

// New puts it together.
func New(a *account.Accounts, signUps *signup.SignUps) *LogIns {
	return &LogIns{Accounts: a, signUps: signUps}
}
