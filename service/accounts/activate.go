package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"plenary/service/account/credential"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// signUp is a sign-up as it stands in the database.
type signUp struct {
	id       string
	emailKey string
	state    string
	password string
	profile  profile
	created  time.Time
	expires  time.Time
}

// findSignUp finds the sign-up for which a condition is true. Where several are,
// the condition says which comes first.
func findSignUp(tx *store.Tx, condition string, args ...any) (s signUp, ok bool) {
	var text string
	var created, expires int64
	if !tx.Get(`SELECT s.id, s.email_key, s.state, s.password, s.profile, s.created_at, s.expires_at
		FROM sign_ups s WHERE `+condition, args...).
		Into(&s.id, &s.emailKey, &s.state, &s.password, &text, &created, &expires) {
		return signUp{}, false
	}
	s.created, s.expires = store.Time(created), store.Time(expires)
	if text != "" {
		if err := json.Unmarshal([]byte(text), &s.profile); err != nil {
			tx.Fail(fmt.Errorf("accounts: read profile of sign-up %s: %w", s.id, err))
		}
	}
	return s, true
}

// waits tells whether the sign-up can still be activated by somebody.
func (s *signUp) waits(now time.Time) bool {
	return s.state == api.SignUpWaiting && s.expires.After(now)
}

// signUpByFlow finds a sign-up; the password of one that is active is the account's.
func (a *Accounts) signUpByFlow(ctx context.Context, flow string) (s signUp, ok bool, err error) {
	hash, ok := hashToken(flow)
	if !ok {
		return s, false, nil
	}
	// One state of the database: the two do not change between the queries.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		s, ok = findSignUp(tx, `s.flow_hash = $1`, hash)
		if ok && s.state == api.SignUpActive {
			account, _ := findAccount(tx, `a.id = $1`, `NULL`, s.id)
			s.password = account.password
		}
		return nil
	})
	return s, ok, err
}

// SignUpState tells how far a sign-up is; a flow that is not known has ended.
func (a *Accounts) SignUpState(ctx context.Context, flow api.Flow) (api.SignUpState, error) {
	s, ok, err := a.signUpByFlow(ctx, flow.Token)
	switch {
	case err != nil:
		return api.SignUpState{}, err
	case !ok || s.state == api.SignUpWaiting && !s.waits(a.Now()):
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
func (a *Accounts) Activate(ctx context.Context, in api.Activate) error {
	password, err := credential.Typed(in.Password)
	if err != nil {
		return err
	}
	s, ok, err := a.signUpByFlow(ctx, in.Flow)
	switch {
	case err != nil:
		return err
	case !ok || s.state != api.SignUpActive && !s.waits(a.Now()):
		return refused(api.CodeCodeExpired)
	}
	shown, err := a.proofs.Try(ctx, proof.Activate, s.id, in.Code)
	if err != nil {
		return err
	}
	right, err := a.credentials.Hasher.Matches(ctx, s.password, password)
	if err != nil {
		return err
	}
	switch {
	case !right:
		return refused(api.CodeCredentials)
	case s.state == api.SignUpActive:
		return a.proofs.GiveBack(ctx, shown)
	}
	return a.activateNow(ctx, s)
}

// activateNow makes the account. Of many that come at once with good proofs,
// one makes it and all succeed.
func (a *Accounts) activateNow(ctx context.Context, s signUp) error {
	// SERIALIZABLE: that the address has no account is read, and an account is made.
	return a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := holdFor(tx, s.id, api.CodeCodeExpired); err != nil {
			return err
		}
		now, ok := findSignUp(tx, `s.id = $1`, s.id)
		switch {
		case ok && now.state == api.SignUpActive:
			return nil
		case !ok || !now.waits(a.Now()):
			return refused(api.CodeCodeExpired)
		}
		return a.makeAccount(tx, now)
	})
}

// makeAccount makes a sign-up, which is held and waits, the account, in a serializable
// transaction. It is api.CodeCodeExpired where the address has another one: since then
// already, or its owner has made it its own.
func (a *Accounts) makeAccount(tx *store.Tx, s signUp) error {
	if _, exists := accountOf(tx, s.emailKey); exists {
		return refused(api.CodeCodeExpired)
	}
	a.insert(tx, s.id, s.profile, s.password, nil)
	a.endSignUps(tx, s.emailKey, s.id)
	// Forget failures that strangers ran up before the names were taken.
	throttle.Forget(tx, a.identifierBudget(s.emailKey), a.identifierBudget(s.profile.Username))
	a.log.Note(tx, audit.Activated, s.id, "")
	return a.tellAbout(tx, s.id, mail.Message{Template: mail.Active})
}

// endSignUps ends all sign-ups for an address: the activated one has become an
// account, and its code is good for a repetition; the others can become none. What
// they held is erased.
func (a *Accounts) endSignUps(tx *store.Tx, emailKey, activated string) {
	for _, id := range tx.Strings(eraseSignUps+` WHERE email_key = $4 RETURNING id`, []byte{}, activated, api.SignUpActive, emailKey) {
		a.endWithSignUp(tx, id)
		if id == activated {
			a.proofs.VoidLinks(tx, proof.Activate, id)
			continue
		}
		a.proofs.Void(tx, proof.Activate, id)
		releaseUsername(tx, id)
	}
}

// eraseSignUps ends sign-ups and erases what they held. It comes before their codes
// and links are voided: one that is being sent meanwhile is voided too, or is not
// sent. $1 is empty; $3 is the state of the one whose id is $2.
const eraseSignUps = `UPDATE sign_ups SET profile = '', search = '', password = '', password_mac = $1, email_key = '', username_key = '',
	state = CASE WHEN id = $2 THEN $3 ELSE '` + api.SignUpEnded + `' END`

// endWithSignUp ends what ends with a sign-up.
func (a *Accounts) endWithSignUp(tx *store.Tx, id string) {
	endWith(tx, signUpEnded, id, "")
}
