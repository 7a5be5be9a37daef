// Package accounts puts together what the service does with accounts: package account
// and those below it, one for each thing that people and staff do. Its tests drive
// them as clients do, several at once.
package accounts

import (
	"plenary/service/account"
	"plenary/service/account/bulk"
	"plenary/service/account/login"
	"plenary/service/account/recovery"
	"plenary/service/account/settings"
	"plenary/service/account/signup"
	"plenary/service/account/staff"
	"plenary/service/account/upkeep"
)

// Accounts is all of it. It is safe for concurrent use.
type Accounts struct {
	*account.Accounts
	*signup.SignUps
	*login.LogIns
	*recovery.Recoveries
	*settings.Settings
	*staff.Staff
	*bulk.Imports
	*upkeep.Upkeep
}

// New puts accounts together.
func New(d account.Deps) *Accounts {
	a := account.New(d)
	signUps := signup.New(a)
	logIns := login.New(a, signUps)
	recoveries := recovery.New(a, signUps, logIns)
	return &Accounts{
		Accounts: a, SignUps: signUps, LogIns: logIns, Recoveries: recoveries,
		Settings: settings.New(a, logIns), Staff: staff.New(a, signUps, recoveries),
		Imports: bulk.New(a), Upkeep: upkeep.New(a),
	}
}
