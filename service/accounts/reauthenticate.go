package accounts

import (
	"context"

	"plenary/service/account/credential"
	"plenary/service/caller"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/session"
	"plenary/service/audit"
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
func (a *Accounts) Reauthenticate(ctx context.Context, p caller.Caller, in api.Reauthenticate) error {
	t, err := a.beginOwnAttempt(ctx, p, in.Password)
	if err != nil {
		return err
	}
	return a.withPassword(ctx, t, in.SecondFactor, func(tx *store.Tx) error {
		if err := a.sessions.Prove(tx, p.AccountID, p.SessionID); err != nil {
			return err
		}
		a.log.Note(tx, audit.ProofGiven, p.AccountID, "")
		return nil
	})
}

// ChangePassword sets another password; the one of now is the proof, with the
// second factor where there is one. All other sessions, all known devices and
// all recoveries end, and the owner is told. The session goes on with the tokens
// that are the answer: those of before, and so a copy of them, are void.
//
// Errors: those of Reauthenticate, and api.CodePasswordRefused, which costs no try.
func (a *Accounts) ChangePassword(ctx context.Context, p caller.Caller, in api.ChangePassword) (api.Session, error) {
	var s api.Session
	password, err := credential.Typed(in.New)
	if err != nil {
		return s, credential.Refused(rules.RuleTooLong)
	}
	account, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return s, err
	}
	if err := a.credentials.Judge(password, a.contextOf(account)); err != nil {
		return s, err
	}
	t, err := a.beginOwnAttempt(ctx, p, in.Current)
	if err != nil {
		return s, err
	}
	if err := a.credentials.RefuseKnown(ctx, p.AccountID, password); err != nil {
		return s, a.giveUp(ctx, t, err)
	}
	hash, err := a.credentials.Hasher.Hash(ctx, password)
	if err != nil {
		return s, a.giveUp(ctx, t, err)
	}
	err = a.withPassword(ctx, t, in.SecondFactor, func(tx *store.Tx) error {
		if err := a.spendChange(tx, p.AccountID); err != nil {
			return err
		}
		if err := a.replacePassword(tx, p, hash, audit.PasswordChanged); err != nil {
			return err
		}
		s, err = a.sessions.Renew(tx, p.AccountID, p.SessionID)
		return err
	})
	if err != nil {
		return api.Session{}, err
	}
	s.Account = account
	return s, nil
}

// beginOwnAttempt is an attempt at the password of whoever has a session. It holds
// its slots if the password is right; withPassword ends it.
func (a *Accounts) beginOwnAttempt(ctx context.Context, p caller.Caller, password string) (*attempt, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	password, err := credential.Typed(password)
	if err != nil {
		return nil, err
	}
	t := &attempt{}
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		var ok bool
		if t.target, ok = findAccount(tx, `a.id = $1`, session.DeviceOf, p.AccountID, p.SessionID); !ok {
			return refused(api.CodeUnauthenticated)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.budgets = a.attemptBudgets(ctx, t.target, t.usernameKey)
	if err := a.reserveFor(ctx, t); err != nil {
		return nil, err
	}
	if t.accountSpent {
		// Who has a session of the account may know that it was tried too often.
		return nil, a.giveUp(ctx, t, refused(api.CodeDeactivated))
	}
	right, err := a.credentials.Hasher.Matches(ctx, t.password, password)
	if err != nil {
		return nil, a.giveUp(ctx, t, err)
	}
	if !right {
		return nil, a.failed(ctx, t, audit.LogInFailed, refused(api.CodeCredentials))
	}
	return t, nil
}

// withPassword does in one transaction what a right password leads to, and asks for
// the second factor before it.
func (a *Accounts) withPassword(ctx context.Context, t *attempt, secondFactor string, then func(*store.Tx) error) error {
	// SERIALIZABLE: what follows may read more than the account, which is held.
	return a.conclude(ctx, t, a.DB.Update, func(tx *store.Tx) error {
		o, err := a.checkOwner(tx, t, t.password, secondFactor)
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
