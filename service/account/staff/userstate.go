package staff

import (
	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/throttle"
	"plenary/service/store"
)

// standing is what the state of a user follows from.
type standing struct {
	unverified  bool // a sign-up that waits
	invited     bool // it was begun by staff
	deactivated bool // by staff
	deleting    bool
	noPassword  bool // never had one here
	locked      bool // too many wrong passwords
}

// onlySignUps tells whether a state is one that no account has.
func onlySignUps(state string) bool { return state == api.UserUnverified || state == api.UserInvited }

// stateOf is the state of a user as staff sees it: the one of api.User* that
// staff must know of first.
func stateOf(s standing) string {
	switch {
	case s.invited:
		return api.UserInvited
	case s.unverified:
		return api.UserUnverified
	case s.deactivated:
		return api.UserDeactivated
	case s.deleting:
		return api.UserDeleting
	case s.noPassword:
		return api.UserNoPassword
	case s.locked:
		return api.UserLocked
	default:
		return api.UserActive
	}
}

// target has the names under which the user's failures are counted.
func (u *listedUser) target() account.Target {
	return account.Target{AccountID: u.ID, EmailKey: u.emailKey, UsernameKey: u.usernameKey}
}

// markLocked finds out which of the listed users are locked.
func (a *Staff) markLocked(tx *store.Tx, list []listedUser) {
	var budgets []throttle.Budget
	var owners []int // their places in list
	for i, u := range list {
		if u.unverified {
			continue
		}
		for _, b := range a.GuessBudgets(u.target()) {
			budgets, owners = append(budgets, b), append(owners, i)
		}
	}
	failures := a.Throttle.Failures(tx, budgets...)
	for i, b := range budgets {
		if failures[i] >= b.Limit {
			list[owners[i]].locked = true
		}
	}
}
