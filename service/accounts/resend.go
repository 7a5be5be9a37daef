package accounts

import (
	"context"

	"plenary/api"
	"plenary/service/store"
)

// ResendSignUp sends the e-mail of a sign-up again to the address that was
// given, with a new code and another link, as often as the allowance of the
// address permits: the same for a free and for a taken one. A sign-up that has
// ended gets none. Each counts for the network like another sign-up.
//
// Error: api.CodeTooMany.
func (a *Accounts) ResendSignUp(ctx context.Context, flow api.Flow) error {
	s, ok, err := a.signUpByFlow(ctx, flow.Token)
	if err != nil || !ok || !s.waits(a.Now()) {
		return err
	}
	if err := a.countRequest(ctx, a.requestNetwork(ctx, signUpNetwork)); err != nil {
		return a.explainFull(err)
	}
	return a.sendAgain(ctx, s.id)
}

// sendAgain sends the e-mail of a sign-up again. It refuses with api.CodeTooMany
// what the allowance of the address does not permit.
func (a *Accounts) sendAgain(ctx context.Context, signUpID string) error {
	// SERIALIZABLE: whether the address has an account decides what is sent.
	return a.explainFull(a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return a.resend(tx, signUpID) }))
}

func (a *Accounts) resend(tx *store.Tx, id string) error {
	// Written before it is read: who ends it meanwhile waits, and erases the new
	// code too, or was first, and none is sent.
	tx.Do(`UPDATE sign_ups SET state = state WHERE id = $1`, id)
	s, ok := findSignUp(tx, `s.id = $1`, id)
	if !ok || !s.waits(a.Now()) {
		return nil
	}
	if err := a.spend(tx, a.activationMails(s.emailKey)); err != nil {
		return err
	}
	owner, exists := accountOf(tx, s.emailKey)
	return a.mailActivation(tx, id, s.profile, owner, exists)
}

// countRequest counts a request that sends an e-mail for the network that it comes
// from, whatever becomes of it. *errFull when nothing is left.
func (a *Accounts) countRequest(ctx context.Context, b []budget) error {
	// READ COMMITTED: one counter that many share; so not within the serializable
	// transaction of what the request does.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error { return a.spend(tx, b...) })
}
