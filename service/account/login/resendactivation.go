package login

import (
	"context"
	"errors"

	"plenary/api"
	"plenary/service/account/credential"
	"plenary/service/account/signup"
	"plenary/service/account/throttle"
	"plenary/service/audit"
)

// ResendActivation sends the activation e-mail again, with a new code and
// another link, to someone who gives the password of the sign-up. Whether it
// did is not told; tries count as those of LogIn.
func (a *LogIns) ResendActivation(ctx context.Context, in api.ResendActivation) error {
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
	right, err := a.Credentials.Hasher.Matches(ctx, t.Password, password)
	if err != nil {
		return a.GiveUp(ctx, t, err)
	}
	id := a.signUpOf(t.signUps, password)
	if !right && id == "" {
		return a.Failed(ctx, t, audit.LogInFailed, nil)
	}
	if err := a.GiveUp(ctx, t, nil); err != nil || id == "" || t.accountSpent {
		return err
	}
	err = a.CountRequest(ctx, a.RequestNetwork(ctx, signup.SignUpNetwork))
	if _, full := errors.AsType[*throttle.Full](err); full {
		return nil
	}
	if err != nil {
		return err
	}
	err = a.signUps.SendAgain(ctx, id)
	if api.HasCode(err, api.CodeTooMany) {
		return nil
	}
	return err
}
