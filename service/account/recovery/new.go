// Package recovery is the way back after a forgotten password: by a code or link in
// an e-mail, by the secret question, by a reset address that staff has set. Begin at
// Recover and Reset.
package recovery

import (
	"plenary/service/account"
	"plenary/service/account/login"
	"plenary/service/account/signup"
)

// Recoveries are those of the service. It is safe for concurrent use.
type Recoveries struct {
	*account.Accounts
	signUps *signup.SignUps
	logIns  *login.LogIns
}

// New puts it together.
func New(a *account.Accounts, signUps *signup.SignUps, logIns *login.LogIns) *Recoveries {
	return &Recoveries{Accounts: a, signUps: signUps, logIns: logIns}
}
