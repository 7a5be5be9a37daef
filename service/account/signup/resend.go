package signup

import (
	"context"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/store"
)

// ResendSignUp sends the e-mail of a sign-up again to the address that was
// given, with a new code and another link, as often as the allowance of the
// address permits: the same for a free and for a taken one. A sign-up that has
// ended gets none. Each counts for the network like another sign-up.
//
// Error: api.CodeTooMany.
func (a *SignUps) ResendSignUp(ctx context.Context, flow api.Flow) error {
	s, ok, err := a.signUpByFlow(ctx, flow.Token)
	if err != nil || !ok || !s.Waits(a.Now()) {
		return err
	}
	if err := a.CountRequest(ctx, a.RequestNetwork(ctx, SignUpNetwork)); err != nil {
		return a.ExplainFull(err)
	}
	return a.SendAgain(ctx, s.ID)
}

// SendAgain sends the e-mail of a sign-up again. It refuses with api.CodeTooMany
// what the allowance of the address does not permit.
func (a *SignUps) SendAgain(ctx context.Context, signUpID string) error {
	// SERIALIZABLE: whether the address has an account decides what is sent.
	return a.ExplainFull(a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return a.Resend(tx, signUpID) }))
}

// Resend is SendAgain within a transaction; nothing where the sign-up waits no more.
// *throttle.Full where the allowance of the address is used up.
func (a *SignUps) Resend(tx *store.Tx, id string) error {
	// Written before it is read: who ends it meanwhile waits, and erases the new
	// code too, or was first, and none is sent.
	tx.Do(`UPDATE sign_ups SET state = state WHERE id = $1`, id)
	s, ok := FindSignUp(tx, `s.id = $1`, id)
	if !ok || !s.Waits(a.Now()) {
		return nil
	}
	if err := a.Spend(tx, a.ActivationMails(s.EmailKey)); err != nil {
		return err
	}
	owner, exists := account.ByEmail(tx, s.EmailKey)
	if s.Invited && !exists {
		return a.mailInvitation(tx, s)
	}
	return a.mailActivation(tx, id, s.Profile, owner, exists)
}
