package accounts

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// ResendActivation sends the activation e-mail again, with a new code and
// another link, to someone who gives the password of the sign-up. Whether it
// did is not told; tries count as those of LogIn.
func (a *Accounts) ResendActivation(ctx context.Context, in api.ResendActivation, src Source) error {
	password, err := typedPassword(in.Password)
	if err != nil {
		return err
	}
	t, err := a.beginTry(ctx, in.Identifier, "", src)
	if api.HasCode(err, api.CodeDeactivated) {
		return nil
	}
	if err != nil {
		return err
	}
	// Also compared with the account's password, and not only for time: its
	// owner's tries here must not count as failures.
	right, err := a.hasher.matches(ctx, t.password, password)
	if err != nil {
		return a.giveUp(ctx, t, err)
	}
	id := a.signUpOf(t.signUps, password)
	if !right && id == "" {
		return a.failed(ctx, t, audit.LogInFailed, nil)
	}
	if err := a.giveUp(ctx, t, nil); err != nil || id == "" || t.accountSpent {
		return err
	}
	err = a.countRequest(ctx, a.requestNetwork(signUpNetwork, src))
	if _, full := errors.AsType[*errFull](err); full {
		return nil
	}
	if err != nil {
		return err
	}
	err = a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error { return a.resend(ctx, tx, id) })
	if _, ok := errors.AsType[*errFull](err); ok {
		return nil
	}
	return err
}

// ResendSignUp sends the e-mail of a sign-up again to the address that was
// given, with a new code and another link, as often as the allowance of the
// address permits: the same for a free and for a taken one. A sign-up that has
// ended gets none. Each counts for the network like another sign-up.
//
// Error: api.CodeTooMany.
func (a *Accounts) ResendSignUp(ctx context.Context, flow api.Flow, src Source) error {
	s, ok, err := a.signUpByFlow(ctx, flow.Token)
	if err != nil || !ok || !s.waits(a.Now()) {
		return err
	}
	if err := a.countRequest(ctx, a.requestNetwork(signUpNetwork, src)); err != nil {
		return a.explainFull(err)
	}
	return a.sendAgain(ctx, s, func(context.Context, *store.Tx) error { return nil })
}

// sendAgain sends the e-mail of a sign-up again after what comes before it in the
// same transaction. It refuses with api.CodeTooMany what the allowance of the
// address does not permit.
func (a *Accounts) sendAgain(ctx context.Context, s signUp, before func(context.Context, *store.Tx) error) error {
	err := a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := before(ctx, tx); err != nil {
			return err
		}
		return a.resend(ctx, tx, s.id)
	})
	return a.explainFull(err)
}

func (a *Accounts) resend(ctx context.Context, tx *store.Tx, id string) error {
	// Written before it is read: who ends it meanwhile waits, and erases the new
	// code too, or was first, and none is sent.
	if _, err := tx.Exec(ctx, `UPDATE sign_ups SET state = state WHERE id = $1`, id); err != nil {
		return fmt.Errorf("accounts: hold sign-up: %w", err)
	}
	s, ok, err := scanSignUp(tx.QueryRow(ctx, `SELECT `+signUpColumns+` FROM sign_ups s WHERE s.id = $1`, id))
	if err != nil || !ok || !s.waits(a.Now()) {
		return err
	}
	if err := a.spend(ctx, tx, a.activationMails(s.emailKey)); err != nil {
		return err
	}
	owner, exists, err := accountOf(ctx, tx, s.emailKey)
	if err != nil {
		return err
	}
	return a.mailActivation(ctx, tx, id, s.profile, owner, exists)
}

// countRequest counts a request that sends an e-mail for the network that it comes
// from, whatever becomes of it. *errFull when nothing is left.
func (a *Accounts) countRequest(ctx context.Context, b []budget) error {
	// READ COMMITTED: one counter that many share; so not within the serializable
	// transaction of what the request does.
	return a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error { return a.spend(ctx, tx, b...) })
}
