package settings

import (
	"context"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/credential"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// ChangePassword sets another password; the one of now is the proof, with the
// second factor where there is one. All other sessions, all known devices and
// all recoveries end, and the owner is told. The session goes on with the tokens
// that are the answer: those of before, and so a copy of them, are void.
//
// Errors: those of Reauthenticate, and api.CodePasswordRefused, which costs no try.
func (a *Settings) ChangePassword(ctx context.Context, p caller.Caller, in api.ChangePassword) (api.Session, error) {
	var s api.Session
	password, err := credential.Typed(in.New)
	if err != nil {
		return s, credential.Refused(rules.RuleTooLong)
	}
	account, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return s, err
	}
	if err := a.Credentials.Judge(password, a.ContextOf(account)); err != nil {
		return s, err
	}
	t, err := a.logIns.BeginOwnAttempt(ctx, p, in.Current)
	if err != nil {
		return s, err
	}
	if err := a.Credentials.RefuseKnown(ctx, p.AccountID, password); err != nil {
		return s, a.logIns.GiveUp(ctx, t, err)
	}
	hash, err := a.Credentials.Hasher.Hash(ctx, password)
	if err != nil {
		return s, a.logIns.GiveUp(ctx, t, err)
	}
	err = a.logIns.WithPassword(ctx, t, in.SecondFactor, func(tx *store.Tx) error {
		if err := a.SpendChange(tx, p.AccountID); err != nil {
			return err
		}
		if err := a.ReplacePassword(tx, p, hash, audit.PasswordChanged); err != nil {
			return err
		}
		s, err = a.OpenSessions.Renew(tx, p.AccountID, p.SessionID)
		return err
	})
	if err != nil {
		return api.Session{}, err
	}
	s.Account = account
	return s, nil
}
