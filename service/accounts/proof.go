package accounts

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/store"
)

// Prove proves again, within a session, who is there: for api.ProofLife the
// operations that ask for a fresh proof are open to the session. A log-in itself
// is none. Tries count as those of a log-in on the session's known device, or,
// once that is forgotten, with the account's username.
//
// Errors: those of LogIn for an account that is active; api.CodeDeactivated also
// when the account was tried too often under its other names;
// api.CodeUnauthenticated when the session has ended meanwhile.
func (a *Accounts) Prove(ctx context.Context, p Principal, in api.Reauthenticate, src Source) error {
	t, err := a.tryPassword(ctx, p, in.Password, src)
	if err != nil {
		return err
	}
	return a.conclude(ctx, t, in.SecondFactor, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE sessions SET proved_until = $1 WHERE id = $2 AND account_id = $3`,
			store.Micros(a.Now().Add(api.ProofLife)), p.SessionID, p.AccountID)
		if err != nil {
			return fmt.Errorf("accounts: note proof: %w", err)
		}
		if n != 1 {
			return refused(api.CodeUnauthenticated) // ended meanwhile
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
// Errors: those of Prove, and api.CodePasswordRefused, which costs no try.
func (a *Accounts) ChangePassword(ctx context.Context, p Principal, in api.ChangePassword, src Source) (api.Session, error) {
	var s api.Session
	password, err := typedPassword(in.New)
	if err != nil {
		return s, refusedPassword(rules.RuleTooLong)
	}
	account, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return s, err
	}
	if err := a.judgePassword(password, a.contextOf(account)); err != nil {
		return s, err
	}
	t, err := a.tryPassword(ctx, p, in.Current, src)
	if err != nil {
		return s, err
	}
	if err := a.refuseKnown(ctx, p.AccountID, password); err != nil {
		return s, a.giveUp(ctx, t, err)
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return s, a.giveUp(ctx, t, err)
	}
	err = a.conclude(ctx, t, in.SecondFactor, func(ctx context.Context, tx *store.Tx) error {
		if err := a.spendChange(ctx, tx, p.AccountID); err != nil {
			return err
		}
		if err := a.replacePassword(ctx, tx, p, hash, audit.PasswordChanged); err != nil {
			return err
		}
		seed, err := a.reseed(ctx, tx, p)
		s = a.tokens(seed, 1)
		return err
	})
	if err != nil {
		return api.Session{}, err
	}
	s.Account = account
	return s, nil
}

// reseed gives a session another seed, which voids all its tokens of before.
// api.CodeUnauthenticated if it has ended meanwhile.
func (a *Accounts) reseed(ctx context.Context, tx *store.Tx, p Principal) (sessionSeed, error) {
	id, err := uuid.Parse(p.SessionID)
	if err != nil {
		return sessionSeed{}, fmt.Errorf("accounts: id of the session: %w", err)
	}
	seed, now := newSeed(id), store.Micros(a.Now())
	n, err := tx.Exec(ctx, `UPDATE sessions SET seed = $1, generation = 0, rotated_at = $2, used_at = $2 WHERE id = $3 AND account_id = $4`,
		seed.seed[:], now, p.SessionID, p.AccountID)
	if err != nil {
		return sessionSeed{}, fmt.Errorf("accounts: give session another seed: %w", err)
	}
	if n != 1 {
		return sessionSeed{}, refused(api.CodeUnauthenticated)
	}
	return seed, nil
}

// tryPassword is a try of the password of whoever has a session. It holds its
// slots if the password is right; conclude settles them.
func (a *Accounts) tryPassword(ctx context.Context, p Principal, password string, src Source) (*try, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	password, err := typedPassword(password)
	if err != nil {
		return nil, err
	}
	var f found
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		f, err = findAccount(ctx, tx, `a.id = $1`, deviceOfSession, p.AccountID, p.SessionID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if f.accountID == "" {
		return nil, refused(api.CodeUnauthenticated)
	}
	t := &try{found: f, budgets: a.tryBudgets(f, f.usernameKey, src)}
	if err := a.hold(ctx, t); err != nil {
		return nil, err
	}
	if t.accountSpent {
		// Who has a session of the account may know that it was tried too often.
		return nil, a.giveUp(ctx, t, refused(api.CodeDeactivated))
	}
	right, err := a.hasher.matches(ctx, f.password, password)
	if err != nil {
		return nil, a.giveUp(ctx, t, err)
	}
	if !right {
		return nil, a.failed(ctx, t, audit.LogInFailed, refused(api.CodeCredentials))
	}
	return t, nil
}

// conclude does in one transaction what a right password leads to, and asks for
// the second factor.
func (a *Accounts) conclude(ctx context.Context, t *try, secondFactor string, then func(context.Context, *store.Tx) error) error {
	return a.finish(ctx, t, a.DB.Write, func(ctx context.Context, tx *store.Tx) error {
		o, err := a.proved(ctx, tx, t, t.password, secondFactor)
		if err != nil {
			return err
		}
		if err := then(ctx, tx); err != nil {
			return err
		}
		return a.succeeded(ctx, tx, t, o)
	})
}
