package login

import (
	"context"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/credential"
	"plenary/service/account/session"
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
func (a *LogIns) LogIn(ctx context.Context, in api.LogIn) (api.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	var s api.Session
	password, err := credential.Typed(in.Password)
	if err != nil {
		return s, err
	}
	t, err := a.beginAttempt(ctx, in.Identifier, in.Device)
	if err != nil {
		return s, err
	}
	right, err := a.Credentials.Hasher.Matches(ctx, t.Password, password)
	if err != nil {
		return s, a.GiveUp(ctx, t, err)
	}
	switch {
	case t.accountSpent:
		return s, a.Failed(ctx, t, audit.LogInFailed, api.Refuse(api.CodeCredentials))
	case !right && a.signUpOf(t.signUps, password) != "":
		return s, a.GiveUp(ctx, t, api.Refuse(api.CodeNotActive))
	case !right:
		return s, a.Failed(ctx, t, audit.LogInFailed, api.Refuse(api.CodeCredentials))
	}
	hash := t.Password
	if a.Credentials.Hasher.Outdated(hash) {
		if hash, err = a.Credentials.Hasher.Hash(ctx, password); err != nil {
			return s, a.GiveUp(ctx, t, err)
		}
	}
	// READ COMMITTED: many log in behind one network's counter. The account is held
	// before anything of it is read.
	err = a.Conclude(ctx, t, a.DB.UpdateCommitted, func(tx *store.Tx) error {
		s, err = a.logInNow(tx, in, t, hash)
		return err
	})
	if err != nil {
		return api.Session{}, err
	}
	return s, nil
}

// logInNow is what a right password leads to. hash is the password's from now on.
func (a *LogIns) logInNow(tx *store.Tx, in api.LogIn, t *Attempt, hash string) (api.Session, error) {
	o, err := a.checkOwner(tx, t, hash, in.SecondFactor)
	if err != nil {
		return api.Session{}, err
	}
	machine := rules.Visible(in.Machine)
	device := session.Remember(tx, a.Now(), t.AccountID, machine, in.Device, t.Device, o.devices)
	on := session.Machine{Computer: rules.Visible(in.Computer), Program: machine}
	s := a.OpenSessions.Begin(tx, t.AccountID, on, device, in.Keep)
	s.Account = o.account
	a.tellOfLogIn(tx, o, s.Device != in.Device, machine)
	a.Audit.Note(tx, audit.LoggedIn, t.AccountID)
	a.succeeded(tx, t, o)
	return s, nil
}
