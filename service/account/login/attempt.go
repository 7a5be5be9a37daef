package login

import (
	"context"
	"crypto/hmac"
	"errors"
	"slices"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/signup"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/store"
)

// answerWithin is how long somebody who proves who they are waits for an answer at
// most, but for the transaction that it leads to.
const answerWithin = 10 * time.Second

// targetOf looks up an identifier, an e-mail address or a username: an account,
// sign-ups that wait, both (somebody signed up for an address that has an account),
// or nothing.
func (a *LogIns) targetOf(ctx context.Context, identifier, device string) (of account.Target, signUps []signup.WaitingSignUp, err error) {
	column, key := account.Lookup(identifier)
	token, _ := tokens.Hash(device)
	// Each statement by itself: what is found is looked at again once it is held.
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		of, _ = account.Find(tx, `a.`+column+` = $1`,
			`(SELECT d.hash FROM devices d WHERE d.hash = $2 AND d.account_id = a.id)`, key, token)
		signUps = a.signUps.WaitingSignUps(tx, column, key)
		return nil
	})
	return of, signUps, err
}

// Attempt is one attempt at a password, with the slots that it holds until it ends.
type Attempt struct {
	account.Target
	signUps []signup.WaitingSignUp // that wait under the identifier
	Budgets []throttle.Budget
	// accountSpent: the account's budget was spent; the attempt fails whatever the
	// password, after the same work.
	accountSpent bool
}

// beginAttempt finds whom an attempt is about and reserves its slots.
//
// Errors: api.CodeDeactivated, api.CodeTooMany; the password was not compared then.
func (a *LogIns) beginAttempt(ctx context.Context, identifier, device string) (*Attempt, error) {
	of, signUps, err := a.targetOf(ctx, identifier, device)
	if err != nil {
		return nil, err
	}
	t := &Attempt{Target: of, signUps: signUps, Budgets: a.attemptBudgets(ctx, of, identifier)}
	return t, a.reserveFor(ctx, t)
}

// attemptBudgets are the counters of an attempt at a password. On a known device it
// is the device's own alone, so that nobody who guesses elsewhere, or behind the
// same network address, keeps the owner out there.
func (a *LogIns) attemptBudgets(ctx context.Context, of account.Target, identifier string) []throttle.Budget {
	if of.Device != nil {
		return []throttle.Budget{a.DeviceBudget(of.Device)}
	}
	return append(a.LogInNetwork(ctx), a.IdentifierBudget(identifier), a.AccountBudget(of.AccountID, identifier))
}

// reserveFor reserves the slots of an attempt. Errors as beginAttempt.
func (a *LogIns) reserveFor(ctx context.Context, t *Attempt) error {
	err := a.Reserve(ctx, t.Budgets)
	full, ok := errors.AsType[*throttle.Full](err)
	if ok && full.Kind == account.AccountKind && full.Spent {
		// Answer "wrong credentials", as for a wrong password: telling that the account
		// is deactivated would link two identifiers of one account.
		t.accountSpent = true
		t.Budgets = slices.DeleteFunc(t.Budgets, func(b throttle.Budget) bool { return b.Kind == account.AccountKind })
		err = a.Reserve(ctx, t.Budgets)
		full, ok = errors.AsType[*throttle.Full](err)
	}
	switch {
	case !ok:
		return err
	case full.Spent && (full.Kind == account.IdentifierKind || full.Kind == account.DeviceKind):
		return api.Refuse(api.CodeDeactivated)
	default:
		return a.ExplainFull(full)
	}
}

// failureBudgets are the counters that hold the failures before an attempt.
func (a *LogIns) failureBudgets(t *Attempt) []throttle.Budget {
	if t.Device != nil {
		return []throttle.Budget{a.DeviceBudget(t.Device)}
	}
	return a.GuessBudgets(t.Target)
}

// GiveUp ends an attempt that counts neither as a success nor as a failure: it gives
// the slots back, and returns why it ended.
func (a *LogIns) GiveUp(ctx context.Context, t *Attempt, why error) error {
	if err := a.GiveBack(ctx, t.Budgets, false); err != nil {
		return err
	}
	return why
}

// Failed counts an attempt as failed and returns why. The audit log gets an entry for
// names that exist and for those that do not, so that both cost the same; the
// network's budget bounds how many there are. When that was the last attempt before
// the name is deactivated for security, its owner is to be told, see SendNotices.
func (a *LogIns) Failed(ctx context.Context, t *Attempt, event audit.Event, why error) error {
	// READ COMMITTED: conditional UPDATEs of counters that many share, and rows that
	// refer to their owner.
	err := a.DB.UpdateCommitted(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		a.Audit.Note(tx, event, t.AccountID)
		if a.Throttle.Release(tx, t.Budgets, true) {
			a.NoteLock(tx, t.AccountID)
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
func (a *LogIns) notProved(ctx context.Context, t *Attempt, why error) error {
	if api.HasCode(why, api.CodeSecondFactorWrong) {
		return a.Failed(ctx, t, audit.SecondFactorFailed, why)
	}
	return a.GiveUp(ctx, t, why)
}

// updateOf is store.DB.Update or UpdateCommitted.
type updateOf func(context.Context, func(*store.Tx) error) error

// Conclude does what a right password leads to, in one transaction of the isolation
// that update has, whose last statement gives back the slots of the attempt. Where
// that transaction did not take place, they are given back in one of their own. Where
// nobody knows whether it did, they are left: those that are still in use come back
// by themselves, and no other attempt's are given back in their stead.
func (a *LogIns) Conclude(ctx context.Context, t *Attempt, update updateOf, then func(*store.Tx) error) error {
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
func (a *LogIns) checkOwner(tx *store.Tx, t *Attempt, hash, secondFactor string) (owner, error) {
	// From here on nobody changes the password, deactivates the account, logs it
	// out everywhere or erases it before the transaction ends.
	if err := account.HoldFor(tx, t.AccountID, api.CodeCredentials); err != nil {
		return owner{}, err
	}
	o, err := a.owner(tx, t)
	switch {
	case err != nil:
		return o, err
	case o.password != t.Password:
		return o, api.Refuse(api.CodeCredentials)
	case o.deactivated:
		return o, api.Refuse(api.CodeDeactivatedByStaff)
	}
	if hash != t.Password {
		tx.Do(`UPDATE credentials SET password = $1 WHERE account_id = $2`, hash, t.AccountID)
	}
	if !a.AsksSecondFactor(o.second, len(o.account.Roles)+len(o.account.NeedsSecondFactor)) {
		return o, nil
	}
	return o, a.UseAskedSecondFactor(tx, t.AccountID, o.second, secondFactor)
}

// succeeded gives the slots of an attempt back and forgets the failures before it:
// those of the account under all its names. A known device's success says nothing
// about those who try elsewhere. It is the last of a transaction: a network's counter
// is held for no longer than it takes to commit.
func (a *LogIns) succeeded(tx *store.Tx, t *Attempt, o owner) {
	if t.Device == nil && o.failures > 0 {
		throttle.Forget(tx, a.GuessBudgets(t.Target)...)
	}
	a.Throttle.Succeed(tx, t.Budgets)
}

// signUpOf gives the id of the newest sign-up with this password, or "". It compares
// all of them, so that its time does not tell which it was.
func (a *LogIns) signUpOf(list []signup.WaitingSignUp, password string) string {
	id := ""
	for _, s := range list {
		if hmac.Equal(a.signUps.PasswordMAC(s.ID, password), s.PasswordMAC) && id == "" {
			id = s.ID
		}
	}
	return id
}
