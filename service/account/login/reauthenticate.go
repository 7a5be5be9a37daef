package login

import (
	"context"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/session"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// Reauthenticate proves again, within a session, who is there: for api.ProofLife the
// operations that ask for a fresh proof are open to the session. A log-in itself
// is none. Tries count as those of a log-in on the session's known device, or,
// once that is forgotten, with the account's username.
//
// Errors: those of LogIn for an account that is active; api.CodeDeactivated also
// when the account was tried too often under its other names;
// api.CodeUnauthenticated when the session has ended meanwhile.
func (a *LogIns) Reauthenticate(ctx context.Context, p caller.Caller, in api.Reauthenticate) error {
	t, err := a.BeginOwnAttempt(ctx, p, in.Password)
	if err != nil {
		return err
	}
	return a.WithPassword(ctx, t, in.SecondFactor, func(tx *store.Tx) error {
		if err := a.OpenSessions.Prove(tx, p.AccountID, p.SessionID); err != nil {
			return err
		}
		a.Audit.Note(tx, audit.ProofGiven, p.AccountID)
		return nil
	})
}

// BeginOwnAttempt is an attempt at the password of whoever has a session. It holds
// its slots if the password is right; WithPassword ends it.
func (a *LogIns) BeginOwnAttempt(ctx context.Context, p caller.Caller, password string) (*Attempt, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	password, err := credential.Typed(password)
	if err != nil {
		return nil, err
	}
	t := &Attempt{}
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		var ok bool
		if t.Target, ok = account.Find(tx, `a.id = $1`, session.DeviceOf, p.AccountID, p.SessionID); !ok {
			return api.Refuse(api.CodeUnauthenticated)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.Budgets = a.attemptBudgets(ctx, t.Target, t.UsernameKey)
	if err := a.reserveFor(ctx, t); err != nil {
		return nil, err
	}
	if t.accountSpent {
		// Who has a session of the account may know that it was tried too often.
		return nil, a.GiveUp(ctx, t, api.Refuse(api.CodeDeactivated))
	}
	right, err := a.Credentials.Hasher.Matches(ctx, t.Password, password)
	if err != nil {
		return nil, a.GiveUp(ctx, t, err)
	}
	if !right {
		return nil, a.Failed(ctx, t, audit.LogInFailed, api.Refuse(api.CodeCredentials))
	}
	return t, nil
}

// WithPassword does in one transaction what a right password leads to, and asks for
// the second factor before it.
func (a *LogIns) WithPassword(ctx context.Context, t *Attempt, secondFactor string, then func(*store.Tx) error) error {
	// SERIALIZABLE: what follows may read more than the account, which is held.
	return a.Conclude(ctx, t, a.DB.Update, func(tx *store.Tx) error {
		o, err := a.checkOwner(tx, t, t.Password, secondFactor)
		if err != nil {
			return err
		}
		if err := then(tx); err != nil {
			return err
		}
		a.succeeded(tx, t, o)
		return nil
	})
}
