package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/store"
)

// found is what stands behind an identifier: an account, sign-ups that wait,
// both (somebody signed up for an address that has an account), or nothing.
type found struct {
	accountID   string // empty: none
	password    string // PHC string
	emailKey    string
	usernameKey string
	device      []byte // a known device's hash, nil if it is none
	signUps     []waitingSignUp
}

// find looks up an identifier: an e-mail address or a username.
func (a *Accounts) find(ctx context.Context, identifier, device string) (found, error) {
	column, key := lookup(identifier)
	token, _ := hashToken(device)
	var f found
	// Each statement by itself: what is found is looked at again once it is held.
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		ctx := tx.Context()
		var err error
		if f, err = findAccount(ctx, tx, `a.`+column+` = $1`,
			`(SELECT d.hash FROM devices d WHERE d.hash = $2 AND d.account_id = a.id)`, key, token); err != nil {
			return err
		}
		f.signUps, err = a.waitingSignUps(ctx, tx, column, key)
		return err
	})
	return f, err
}

// findAccount finds the account for which a condition is true, if there is one, and
// the known device that an expression gives.
func findAccount(ctx context.Context, tx *store.Tx, condition, device string, args ...any) (f found, err error) {
	err = tx.QueryRow(ctx, `SELECT a.id, c.password, a.email_key, a.username_key, `+device+`
		FROM accounts a JOIN credentials c ON c.account_id = a.id WHERE `+condition, args...).
		Scan(&f.accountID, &f.password, &f.emailKey, &f.usernameKey, &f.device)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return found{}, fmt.Errorf("accounts: find account: %w", err)
	}
	return f, nil
}

// lookup says by which column of accounts and sign-ups an identifier is found, and
// by which key; what is neither address nor username is found by none.
func lookup(identifier string) (column, key string) {
	identifier = strings.TrimSpace(identifier)
	if key = rules.EmailKey(identifier); key != "" {
		return "email_key", key
	}
	if key = rules.UsernameKey(identifier); rules.ValidUsername(key) {
		return "username_key", key
	}
	return "username_key", "@"
}

// try is one try of a password: the slots that it holds until it is settled.
type try struct {
	found
	budgets []budget
	// accountSpent: the account's budget was spent; the try fails whatever the
	// password, after the same work.
	accountSpent bool
}

// beginTry finds who a try is about and reserves its slots. What it refuses was
// not looked at: api.CodeDeactivated, api.CodeTooMany.
func (a *Accounts) beginTry(ctx context.Context, identifier, device string, src Source) (*try, error) {
	f, err := a.find(ctx, identifier, device)
	if err != nil {
		return nil, err
	}
	t := &try{found: f, budgets: a.tryBudgets(f, identifier, src)}
	return t, a.hold(ctx, t)
}

// tryBudgets are the counters of a try of a password. On a known device it is
// the device's own alone, so that nobody who guesses elsewhere, or behind the
// same network address, keeps the owner out there.
func (a *Accounts) tryBudgets(f found, identifier string, src Source) []budget {
	if f.device != nil {
		return []budget{a.deviceBudget(f.device)}
	}
	return append(a.logInNetwork(src), a.identifierBudget(identifier), a.accountBudget(f, identifier))
}

// hold reserves the slots of a try.
func (a *Accounts) hold(ctx context.Context, t *try) error {
	err := a.reserve(ctx, t.budgets)
	full, ok := isFull(err)
	if ok && full.Kind == accountKind && full.Spent {
		// In general words only: that this identifier belongs to an account with
		// another one that was tried too often is nobody's business.
		t.accountSpent = true
		t.budgets = slices.DeleteFunc(t.budgets, func(b budget) bool { return b.Kind == accountKind })
		err = a.reserve(ctx, t.budgets)
		full, ok = isFull(err)
	}
	switch {
	case !ok:
		return err
	case full.Spent && (full.Kind == identifierKind || full.Kind == deviceKind):
		return refused(api.CodeDeactivated)
	default:
		return a.explainFull(full)
	}
}

// Kinds of the budgets that count for a name, a device and an account, on every
// way on which one proves who one is: log-in, proof within a session, change of
// password, answers to the secret question, second factors.
const (
	identifierKind = "identifier"
	deviceKind     = "device"
	accountKind    = "account"
)

// identifierBudget counts for an identifier in any of its spellings: as typed,
// or as the key by which an account is found.
func (a *Accounts) identifierBudget(identifier string) budget {
	b := a.budget(identifierKind, a.limits().IdentifierFailures, a.failureWindow(), []byte(rules.IdentifierKey(identifier)))
	b.BacksOff, b.Notifies = true, true
	return b
}

func (a *Accounts) deviceBudget(device []byte) budget {
	b := a.budget(deviceKind, a.limits().DeviceFailures, a.failureWindow(), device)
	b.BacksOff, b.Notifies = true, true
	return b
}

// accountBudget counts for the account behind all its identifiers; where there
// is none, for a made-up one, so that the same is done.
func (a *Accounts) accountBudget(f found, identifier string) budget {
	by := f.accountID
	if by == "" {
		by = "none " + rules.IdentifierKey(identifier)
	}
	b := a.budget(accountKind, a.limits().AccountFailures, a.failureWindow(), []byte(by))
	b.Notifies = true
	return b
}

// guessBudgets are the counters of wrong passwords that lock an account, which a
// reset, or the right password, clears.
func (a *Accounts) guessBudgets(f found) []budget {
	return []budget{a.identifierBudget(f.emailKey), a.identifierBudget(f.usernameKey), a.accountBudget(f, "")}
}

// giveUp gives the slots of a try back, which counts as none, and returns why it
// ended.
func (a *Accounts) giveUp(ctx context.Context, t *try, why error) error {
	if err := a.giveBack(ctx, t.budgets, false); err != nil {
		return err
	}
	return why
}

// failed counts a try as failed and returns why. The audit log gets an entry for
// names that exist and for those that do not, so that both cost the same; the
// network's budget bounds how many there are. When that was the last try before
// the name is deactivated for security, its owner is to be told, see SendNotices.
func (a *Accounts) failed(ctx context.Context, t *try, event audit.Event, why error) error {
	// READ COMMITTED: conditional UPDATEs of counters that many share, and rows that
	// refer to their owner.
	err := a.DB.WriteCommitted(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		a.log.Note(tx, event, t.accountID, "")
		locked, err := a.throttle.Release(ctx, tx, t.budgets, true)
		if err != nil || !locked {
			return err
		}
		return a.noteLock(ctx, tx, t.accountID)
	})
	if err != nil {
		return err
	}
	return why
}

// notProved ends a try whose password was right, and which ended with an error
// nevertheless: only a wrong second factor is a failure.
func (a *Accounts) notProved(ctx context.Context, t *try, why error) error {
	if api.HasCode(why, api.CodeSecondFactorWrong) {
		return a.failed(ctx, t, audit.SecondFactorFailed, why)
	}
	return a.giveUp(ctx, t, why)
}

// finish does what a right password leads to, in one transaction of the isolation
// that write has, whose last statement gives back the slots of the try. Where that
// transaction did not take place, they are given back in one of their own. Where
// nobody knows whether it did, they are left: those that are still taken come back
// by themselves, and no other try's are given back in their stead.
func (a *Accounts) finish(ctx context.Context, t *try, write func(context.Context, func(context.Context, *store.Tx) error) error,
	then func(context.Context, *store.Tx) error,
) error {
	done := false
	err := write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		done = false
		err := then(ctx, tx)
		done = err == nil
		return err
	})
	if _, unknown := errors.AsType[*store.OutcomeUnknown](err); err != nil && !unknown && !done {
		return a.notProved(ctx, t, err)
	}
	return err
}

// proved is what a right password asks of the account, in the transaction of what
// it leads to. again is the password's hash from now on. It refuses with api.CodeCredentials when the password was changed since it
// was read, api.CodeDeactivatedByStaff, or for the second factor.
func (a *Accounts) proved(ctx context.Context, tx *store.Tx, t *try, again, secondFactor string) (owner, error) {
	// From here on nobody changes the password, deactivates the account, logs it
	// out everywhere or erases it before the transaction ends.
	if err := holdFor(ctx, tx, t.accountID, api.CodeCredentials); err != nil {
		return owner{}, err
	}
	o, err := a.owner(ctx, tx, t)
	switch {
	case err != nil:
		return o, err
	case o.password != t.password:
		return o, refused(api.CodeCredentials)
	case o.deactivated:
		return o, refused(api.CodeDeactivatedByStaff)
	}
	if again != t.password {
		if _, err := tx.Exec(ctx, `UPDATE credentials SET password = $1 WHERE account_id = $2`, again, t.accountID); err != nil {
			return o, fmt.Errorf("accounts: renew hash: %w", err)
		}
	}
	if !a.asks(o.second, len(o.account.Roles)+len(o.account.NeedsSecondFactor)) {
		return o, nil
	}
	return o, a.useSecond(ctx, tx, t.accountID, o.second, secondFactor)
}

// succeeded gives the slots of a try back and forgets the failures before it: those
// of the account under all its names. A known device's success says nothing about
// those who try elsewhere. It is the last of a transaction: a network's counter is
// held for no longer than it takes to commit.
func (a *Accounts) succeeded(ctx context.Context, tx *store.Tx, t *try, o owner) error {
	if t.device == nil && o.failures > 0 {
		if err := throttle.Forget(ctx, tx, a.guessBudgets(t.found)...); err != nil {
			return err
		}
	}
	return a.throttle.Succeed(ctx, tx, t.budgets)
}

// waitingSignUp is a sign-up that was not activated yet.
type waitingSignUp struct {
	id    string
	probe []byte
}

// waitingSignUps gives the sign-ups under an identifier, the newest first; for
// a username there is one at most, for an address as many as its allowance of
// e-mails let through.
func (a *Accounts) waitingSignUps(ctx context.Context, tx *store.Tx, column, key string) ([]waitingSignUp, error) {
	rows, err := tx.Query(ctx, `SELECT id, probe FROM sign_ups
		WHERE `+column+` = $1 AND state = $2 AND expires_at > $3
		ORDER BY created_at DESC LIMIT 50`, key, api.SignUpWaiting, store.Micros(a.Now()))
	if err != nil {
		return nil, fmt.Errorf("accounts: find sign-ups: %w", err)
	}
	defer rows.Close()
	var list []waitingSignUp
	for rows.Next() {
		var s waitingSignUp
		if err := rows.Scan(&s.id, &s.probe); err != nil {
			return nil, fmt.Errorf("accounts: find sign-ups: %w", err)
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
