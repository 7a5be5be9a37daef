package accounts

import (
	"context"
	"crypto/hmac"
	"errors"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/store"
)

// answerWithin is how long somebody who proves who they are waits for an answer at
// most, but for the transaction that it leads to.
const answerWithin = 10 * time.Second

// target is whom an attempt is about, who stands behind an identifier: an account,
// sign-ups that wait, both (somebody signed up for an address that has an account),
// or nobody.
type target struct {
	accountID   string // empty: none
	password    string // PHC string
	emailKey    string
	usernameKey string
	device      []byte // a known device's hash, nil if it is none
	signUps     []waitingSignUp
}

// targetOf looks up an identifier: an e-mail address or a username.
func (a *Accounts) targetOf(ctx context.Context, identifier, device string) (of target, err error) {
	column, key := lookup(identifier)
	token, _ := hashToken(device)
	// Each statement by itself: what is found is looked at again once it is held.
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		of, _ = findAccount(tx, `a.`+column+` = $1`,
			`(SELECT d.hash FROM devices d WHERE d.hash = $2 AND d.account_id = a.id)`, key, token)
		of.signUps = a.waitingSignUps(tx, column, key)
		return nil
	})
	return of, err
}

// findAccount finds the account for which a condition is true, if there is one, and
// the known device that an expression gives.
func findAccount(tx *store.Tx, condition, device string, args ...any) (of target, ok bool) {
	ok = tx.Get(`SELECT a.id, c.password, a.email_key, a.username_key, `+device+`
		FROM accounts a JOIN credentials c ON c.account_id = a.id WHERE `+condition, args...).
		Into(&of.accountID, &of.password, &of.emailKey, &of.usernameKey, &of.device)
	return of, ok
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

// attempt is one attempt at a password, with the slots that it holds until it ends.
type attempt struct {
	target
	budgets []budget
	// accountSpent: the account's budget was spent; the attempt fails whatever the
	// password, after the same work.
	accountSpent bool
}

// beginAttempt finds whom an attempt is about and reserves its slots.
//
// Errors: api.CodeDeactivated, api.CodeTooMany; the password was not compared then.
func (a *Accounts) beginAttempt(ctx context.Context, identifier, device string) (*attempt, error) {
	of, err := a.targetOf(ctx, identifier, device)
	if err != nil {
		return nil, err
	}
	t := &attempt{target: of, budgets: a.attemptBudgets(ctx, of, identifier)}
	return t, a.reserveFor(ctx, t)
}

// attemptBudgets are the counters of an attempt at a password. On a known device it
// is the device's own alone, so that nobody who guesses elsewhere, or behind the
// same network address, keeps the owner out there.
func (a *Accounts) attemptBudgets(ctx context.Context, of target, identifier string) []budget {
	if of.device != nil {
		return []budget{a.deviceBudget(of.device)}
	}
	return append(a.logInNetwork(ctx), a.identifierBudget(identifier), a.accountBudget(of.accountID, identifier))
}

// reserveFor reserves the slots of an attempt. Errors as beginAttempt.
func (a *Accounts) reserveFor(ctx context.Context, t *attempt) error {
	err := a.reserve(ctx, t.budgets)
	full, ok := isFull(err)
	if ok && full.Kind == accountKind && full.Spent {
		// Answer "wrong credentials", as for a wrong password: telling that the account
		// is deactivated would link two identifiers of one account.
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
func (a *Accounts) accountBudget(accountID, identifier string) budget {
	by := accountID
	if by == "" {
		by = "none " + rules.IdentifierKey(identifier)
	}
	b := a.budget(accountKind, a.limits().AccountFailures, a.failureWindow(), []byte(by))
	b.Notifies = true
	return b
}

// guessBudgets are the counters of wrong passwords that lock an account, which a
// reset, or the right password, clears.
func (a *Accounts) guessBudgets(of target) []budget {
	return []budget{a.identifierBudget(of.emailKey), a.identifierBudget(of.usernameKey), a.accountBudget(of.accountID, "")}
}

// failureBudgets are the counters in which the failures stand that an attempt comes
// after.
func (a *Accounts) failureBudgets(t *attempt) []budget {
	if t.device != nil {
		return []budget{a.deviceBudget(t.device)}
	}
	return a.guessBudgets(t.target)
}

// giveUp ends an attempt that counts neither as a success nor as a failure: it gives
// the slots back, and returns why it ended.
func (a *Accounts) giveUp(ctx context.Context, t *attempt, why error) error {
	if err := a.giveBack(ctx, t.budgets, false); err != nil {
		return err
	}
	return why
}

// failed counts an attempt as failed and returns why. The audit log gets an entry for
// names that exist and for those that do not, so that both cost the same; the
// network's budget bounds how many there are. When that was the last attempt before
// the name is deactivated for security, its owner is to be told, see SendNotices.
func (a *Accounts) failed(ctx context.Context, t *attempt, event audit.Event, why error) error {
	// READ COMMITTED: conditional UPDATEs of counters that many share, and rows that
	// refer to their owner.
	err := a.DB.UpdateCommitted(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		a.log.Note(tx, event, t.accountID, "")
		if a.throttle.Release(tx, t.budgets, true) {
			a.noteLock(tx, t.accountID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return why
}

// notProved ends an attempt whose password was right, and which ended with an error
// nevertheless: only a wrong second factor is a failure.
func (a *Accounts) notProved(ctx context.Context, t *attempt, why error) error {
	if api.HasCode(why, api.CodeSecondFactorWrong) {
		return a.failed(ctx, t, audit.SecondFactorFailed, why)
	}
	return a.giveUp(ctx, t, why)
}

// updateOf is store.DB.Update or UpdateCommitted.
type updateOf func(context.Context, func(*store.Tx) error) error

// conclude does what a right password leads to, in one transaction of the isolation
// that update has, whose last statement gives back the slots of the attempt. Where
// that transaction did not take place, they are given back in one of their own. Where
// nobody knows whether it did, they are left: those that are still in use come back
// by themselves, and no other attempt's are given back in their stead.
func (a *Accounts) conclude(ctx context.Context, t *attempt, update updateOf, then func(*store.Tx) error) error {
	ran := false // to its end, so that the slots are given back with the commit
	err := update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		err := then(tx)
		ran = err == nil && tx.Err() == nil
		return err
	})
	if _, unknown := errors.AsType[*store.OutcomeUnknown](err); err != nil && !unknown && !ran {
		return a.notProved(ctx, t, err)
	}
	return err
}

// checkOwner is what a right password asks of the account, in the transaction of what
// it leads to. hash is the password's from now on, the one of before or a stronger one.
//
// Errors: api.CodeCredentials when the password was changed since it was read, or the
// account is gone; api.CodeDeactivatedByStaff; those of the second factor.
func (a *Accounts) checkOwner(tx *store.Tx, t *attempt, hash, secondFactor string) (owner, error) {
	// From here on nobody changes the password, deactivates the account, logs it
	// out everywhere or erases it before the transaction ends.
	if err := holdFor(tx, t.accountID, api.CodeCredentials); err != nil {
		return owner{}, err
	}
	o, err := a.owner(tx, t)
	switch {
	case err != nil:
		return o, err
	case o.password != t.password:
		return o, refused(api.CodeCredentials)
	case o.deactivated:
		return o, refused(api.CodeDeactivatedByStaff)
	}
	if hash != t.password {
		tx.Do(`UPDATE credentials SET password = $1 WHERE account_id = $2`, hash, t.accountID)
	}
	if !a.asks(o.second, len(o.account.Roles)+len(o.account.NeedsSecondFactor)) {
		return o, nil
	}
	return o, a.useSecond(tx, t.accountID, o.second, secondFactor)
}

// succeeded gives the slots of an attempt back and forgets the failures before it:
// those of the account under all its names. A known device's success says nothing
// about those who try elsewhere. It is the last of a transaction: a network's counter
// is held for no longer than it takes to commit.
func (a *Accounts) succeeded(tx *store.Tx, t *attempt, o owner) {
	if t.device == nil && o.failures > 0 {
		throttle.Forget(tx, a.guessBudgets(t.target)...)
	}
	a.throttle.Succeed(tx, t.budgets)
}

// waitingSignUp is a sign-up that was not activated yet.
type waitingSignUp struct {
	id          string
	passwordMAC []byte
}

// waitingSignUps gives the sign-ups under an identifier, the newest first; for
// a username there is one at most, for an address as many as its allowance of
// e-mails let through.
func (a *Accounts) waitingSignUps(tx *store.Tx, column, key string) (list []waitingSignUp) {
	for scan := range tx.Each(`SELECT id, password_mac FROM sign_ups
		WHERE `+column+` = $1 AND state = $2 AND expires_at > $3
		ORDER BY created_at DESC LIMIT 50`, key, api.SignUpWaiting, store.Micros(a.Now())) {
		var s waitingSignUp
		scan(&s.id, &s.passwordMAC)
		list = append(list, s)
	}
	return list
}

// passwordMAC is what log-in compares to tell whether a password is the one of a
// sign-up that waits. It is as secret as the service's key.
func (a *Accounts) passwordMAC(signUpID, password string) []byte {
	return a.Key.MAC("sign-up password", []byte(signUpID), []byte(password))
}

// signUpOf gives the id of the newest sign-up with this password, or "". It compares
// all of them, so that its time does not tell which it was.
func (a *Accounts) signUpOf(list []waitingSignUp, password string) string {
	id := ""
	for _, s := range list {
		if hmac.Equal(a.passwordMAC(s.id, password), s.passwordMAC) && id == "" {
			id = s.id
		}
	}
	return id
}
