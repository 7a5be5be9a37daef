package signup

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// SignUp is a sign-up as it stands in the database.
type SignUp struct {
	ID       string
	EmailKey string
	state    string
	Password string
	Profile  account.Person
	Invited  bool // by staff: there is no password, and nobody has accepted the terms
	created  time.Time
	expires  time.Time
}

// FindSignUp finds the sign-up for which a condition is true. Where several are,
// the condition says which comes first.
func FindSignUp(tx *store.Tx, condition string, args ...any) (s SignUp, ok bool) {
	var text string
	var created, expires int64
	if !tx.Get(`SELECT s.id, s.email_key, s.state, s.password, s.profile, s.created_at, s.expires_at,
			EXISTS (SELECT 1 FROM invitations i WHERE i.sign_up = s.id)
		FROM sign_ups s WHERE `+condition, args...).
		Into(&s.ID, &s.EmailKey, &s.state, &s.Password, &text, &created, &expires, &s.Invited) {
		return SignUp{}, false
	}
	s.created, s.expires = store.Time(created), store.Time(expires)
	if text != "" {
		if err := json.Unmarshal([]byte(text), &s.Profile); err != nil {
			tx.Fail(fmt.Errorf("signup: read profile of sign-up %s: %w", s.ID, err))
		}
	}
	return s, true
}

// Waits tells whether the sign-up can still be activated by somebody.
func (s *SignUp) Waits(now time.Time) bool {
	return s.state == api.SignUpWaiting && s.expires.After(now)
}

// signUpByFlow finds a sign-up; the password of one that is active is the account's.
func (a *SignUps) signUpByFlow(ctx context.Context, flow string) (s SignUp, ok bool, err error) {
	hash, ok := tokens.Hash(flow)
	if !ok {
		return s, false, nil
	}
	// One state of the database: the two do not change between the queries.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		s, ok = FindSignUp(tx, `s.flow_hash = $1`, hash)
		if ok && s.state == api.SignUpActive {
			account, _ := account.Find(tx, `a.id = $1`, `NULL`, s.ID)
			s.Password = account.Password
		}
		return nil
	})
	return s, ok, err
}

// SignUpState tells how far a sign-up is; a flow that is not known has ended.
func (a *SignUps) SignUpState(ctx context.Context, flow api.Flow) (api.SignUpState, error) {
	s, ok, err := a.signUpByFlow(ctx, flow.Token)
	switch {
	case err != nil:
		return api.SignUpState{}, err
	case !ok || s.state == api.SignUpWaiting && !s.Waits(a.Now()):
		return api.SignUpState{State: api.SignUpEnded}, nil
	}
	return api.SignUpState{State: s.state}, nil
}

// Activate verifies the address by the code from the e-mail, and that it is the
// person who signed up by the password. For a sign-up that is active already it
// changes nothing: repeated with the same code, while that lives, and the account's
// password it is a success again, since the answer to the first may have been lost.
//
// Errors: api.CodeCodeWrong, api.CodeCodeExpired (also after five tries and for
// an unknown flow), api.CodeCredentials, api.CodeBusy.
func (a *SignUps) Activate(ctx context.Context, in api.Activate) error {
	password, err := credential.Typed(in.Password)
	if err != nil {
		return err
	}
	s, ok, err := a.signUpByFlow(ctx, in.Flow)
	switch {
	case err != nil:
		return err
	case !ok || s.state != api.SignUpActive && !s.Waits(a.Now()):
		return api.Refuse(api.CodeCodeExpired)
	}
	shown, err := a.Proofs.Try(ctx, proof.Activate, s.ID, in.Code)
	if err != nil {
		return err
	}
	right, err := a.Credentials.Hasher.Matches(ctx, s.Password, password)
	if err != nil {
		return err
	}
	switch {
	case !right:
		return api.Refuse(api.CodeCredentials)
	case s.state == api.SignUpActive:
		return a.Proofs.GiveBack(ctx, shown)
	}
	return a.activateNow(ctx, s)
}

// activateNow makes the account of a sign-up whose address was verified as s says. Of
// many that come at once with good proofs, one makes it and all succeed. It is
// api.CodeCodeExpired where staff has corrected the address meanwhile: the proof was of
// the one of before.
func (a *SignUps) activateNow(ctx context.Context, s SignUp) error {
	// SERIALIZABLE: that the address has no account is read, and an account is made.
	return a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := account.HoldFor(tx, s.ID, api.CodeCodeExpired); err != nil {
			return err
		}
		now, ok := FindSignUp(tx, `s.id = $1`, s.ID)
		switch {
		case ok && now.state == api.SignUpActive:
			return nil
		case !ok || !now.Waits(a.Now()) || now.Profile.Email != s.Profile.Email:
			return api.Refuse(api.CodeCodeExpired)
		}
		return a.MakeAccount(tx, now)
	})
}

// MakeAccount makes a sign-up, which is held and waits, the account, in a serializable
// transaction. It is api.CodeCodeExpired where the address has another one: since then
// already, or its owner has made it its own.
func (a *SignUps) MakeAccount(tx *store.Tx, s SignUp) error {
	if _, exists := account.ByEmail(tx, s.EmailKey); exists {
		return api.Refuse(api.CodeCodeExpired)
	}
	invitation, invited := invitationOf(tx, s.ID)
	a.Insert(tx, s.ID, s.Profile, s.Password, nil)
	a.EndSignUps(tx, s.EmailKey, s.ID)
	// Forget failures that strangers ran up before the names were taken.
	throttle.Forget(tx, a.IdentifierBudget(s.EmailKey), a.IdentifierBudget(s.Profile.Username))
	a.Audit.Note(tx, audit.Activated, s.ID)
	if invited {
		if err := a.Joined(tx, s.ID, invitation); err != nil {
			return err
		}
	}
	return a.TellAbout(tx, s.ID, mail.Message{Template: mail.Active})
}
