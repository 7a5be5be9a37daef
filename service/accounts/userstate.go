package accounts

import (
	"context"
	"fmt"
	"strings"

	"plenary/api"
	"plenary/service/store"
)

// standing is what the state of a user follows from.
type standing struct {
	unverified  bool // a sign-up that waits
	deactivated bool // by staff
	deleting    bool
	noPassword  bool // never had one here
	locked      bool // too many wrong passwords
}

// stateOf is the state of a user as staff sees it: the one of api.User* that
// staff must know of first.
func stateOf(s standing) string {
	switch {
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

// found are the names under which the user's failures are counted.
func (u *listedUser) found() found {
	return found{accountID: u.ID, emailKey: u.emailKey, usernameKey: u.usernameKey}
}

// markLocked finds out which of the listed users are locked.
func (a *Accounts) markLocked(ctx context.Context, tx *store.Tx, list []listedUser) error {
	var places []string
	args := []any{store.Micros(a.Now())}
	owner := map[string]int{} // counter to place in list
	limit := map[string]int64{}
	for i, u := range list {
		if u.unverified {
			continue
		}
		for _, b := range a.guessBudgets(u.found()) {
			args = append(args, b.name)
			places = append(places, fmt.Sprintf("$%d", len(args)))
			owner[string(b.name)], limit[string(b.name)] = i, int64(b.limit)
		}
	}
	if len(places) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT name, failures FROM limits WHERE failures > 0 AND ends_at > $1 AND name IN (`+strings.Join(places, ", ")+`)`, args...)
	if err != nil {
		return fmt.Errorf("accounts: look for locks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name []byte
		var failures int64
		if err := rows.Scan(&name, &failures); err != nil {
			return fmt.Errorf("accounts: look for locks: %w", err)
		}
		if failures >= limit[string(name)] {
			list[owner[string(name)]].locked = true
		}
	}
	return rows.Err()
}
