package accounts

import (
	"context"

	"plenary/service/account/credential"

	"plenary/api"
	"plenary/service/audit"
)

// ResendActivation sends the activation e-mail again, with a new code and
// another link, to someone who gives the password of the sign-up. Whether it
// did is not told; tries count as those of LogIn.
func (a *Accounts) ResendActivation(ctx context.Context, in api.ResendActivation) error {
	password, err := credential.Typed(in.Password)
	if err != nil {
		return err
	}
	t, err := a.beginAttempt(ctx, in.Identifier, "")
	if api.HasCode(err, api.CodeDeactivated) {
		return nil
	}
	if err != nil {
		return err
	}
	// Also compared with the account's password, and not only for time: its
	// owner's tries here must not count as failures.
	right, err := a.credentials.Hasher.Matches(ctx, t.password, password)
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
	err = a.countRequest(ctx, a.requestNetwork(ctx, signUpNetwork))
	if _, full := isFull(err); full {
		return nil
	}
	if err != nil {
		return err
	}
	err = a.sendAgain(ctx, id)
	if api.HasCode(err, api.CodeTooMany) {
		return nil
	}
	return err
}
