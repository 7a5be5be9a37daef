// Package staff is what administrators and the operator do with users: find them, help
// them, keep them out, give them roles; and the second administrator who approves.
// Begin at Users and ChangeUser.
package staff

import (
	"plenary/service/account"
	"plenary/service/account/recovery"
	"plenary/service/account/signup"
)

// Staff is what staff can do. It is safe for concurrent use.
type Staff struct {
	*account.Accounts
	signUps    *signup.SignUps
	recoveries *recovery.Recoveries
}

// New puts it together. Administrators are told from now on of some of what is noted
// in the audit log.
func New(a *account.Accounts, signUps *signup.SignUps, recoveries *recovery.Recoveries) *Staff {
	s := &Staff{Accounts: a, signUps: signUps, recoveries: recoveries}
	a.Audit.Watch(s.tellAdministrators)
	signUps.Joined = s.joined
	return s
}
