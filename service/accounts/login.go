package accounts

import (
	"context"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/store"
)

// LogIn checks an identifier, a password and, where there is one, the second
// factor, and begins a session.
//
// Errors: api.CodeCredentials; api.CodeNotActive for the password of a sign-up
// that waits; api.CodeDeactivated after too many failures for the identifier,
// whether it exists or not; after the right password api.CodeDeactivatedByStaff,
// api.CodeSecondFactorNeeded and api.CodeSecondFactorWrong; api.CodeTooMany for
// the network, and in the growing waits after failures; api.CodeBusy.
func (a *Accounts) LogIn(ctx context.Context, in api.LogIn, src Source) (api.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	var s api.Session
	password, err := typedPassword(in.Password)
	if err != nil {
		return s, err
	}
	t, err := a.beginTry(ctx, in.Identifier, in.Device, src)
	if err != nil {
		return s, err
	}
	right, err := a.hasher.matches(ctx, t.password, password)
	if err != nil {
		return s, a.giveUp(ctx, t, err)
	}
	switch {
	case t.accountSpent:
		return s, a.failed(ctx, t, audit.LogInFailed, refused(api.CodeCredentials))
	case !right && a.signUpOf(t.signUps, password) != "":
		return s, a.giveUp(ctx, t, refused(api.CodeNotActive))
	case !right:
		return s, a.failed(ctx, t, audit.LogInFailed, refused(api.CodeCredentials))
	}
	again := t.password
	if a.hasher.outdated(again) {
		if again, err = a.hasher.hash(ctx, password); err != nil {
			return s, a.giveUp(ctx, t, err)
		}
	}
	// READ COMMITTED: many log in behind one network's counter. The account is held
	// before anything of it is read.
	err = a.finish(ctx, t, a.DB.WriteCommitted, func(ctx context.Context, tx *store.Tx) error {
		s, err = a.logInNow(ctx, tx, in, t, again)
		return err
	})
	if err != nil {
		return api.Session{}, err
	}
	return s, nil
}

// logInNow is what a right password leads to.
func (a *Accounts) logInNow(ctx context.Context, tx *store.Tx, in api.LogIn, t *try, again string) (api.Session, error) {
	var s api.Session
	o, err := a.proved(ctx, tx, t, again, in.SecondFactor)
	if err != nil {
		return s, err
	}
	machine := rules.Visible(in.Machine)
	device, err := a.remember(ctx, tx, t, machine, in.Device, o.devices)
	if err != nil {
		return s, err
	}
	if s, err = a.begin(ctx, tx, t.accountID, machine, device, in.Keep); err != nil {
		return s, err
	}
	s.Account = o.account
	if s.Device != in.Device && o.loggedIn { // the very first log-in of an account is no news
		if err := a.tellNewDevice(ctx, tx, s.Account, machine); err != nil {
			return s, err
		}
	}
	a.log.Note(tx, audit.LoggedIn, t.accountID, "")
	return s, a.succeeded(ctx, tx, t, o)
}
