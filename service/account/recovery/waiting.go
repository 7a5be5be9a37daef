package recovery

import (
	"context"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/account/signup"
	"plenary/service/mail"
	"plenary/service/store"
)

// Who has forgotten the password of an account that was never activated gets an
// e-mail, too: with its code or link the person chooses a password, and the account
// is active. Who signed up for somebody else's address gains nothing by it: the
// e-mail goes to that address, and the password of the sign-up is void afterwards.

// whose finds whom an identifier is about: an account, or a sign-up that waits, and
// the address of either. own: it is the account's own identifier, and not that of a
// sign-up for its address. The same is looked for whatever there is.
func (a *Recoveries) whose(tx *store.Tx, identifier string) (accountID, signUp, email string, own bool) {
	column, key := account.Lookup(identifier)
	tx.Get(`SELECT id, email FROM accounts WHERE `+column+` = $1`, key).Into(&accountID, &email)
	s, waits := a.waitingSignUp(tx, `s.`+column+` = $1`, key)
	owner, taken := account.ByEmail(tx, s.EmailKey)
	switch {
	case accountID != "" || !waits:
		return accountID, "", email, accountID != ""
	case taken:
		return owner, "", s.Profile.Email, false
	}
	return "", s.ID, s.Profile.Email, false
}

// waitingSignUp finds the newest sign-up that waits and for which a condition on $1
// is true.
func (a *Recoveries) waitingSignUp(tx *store.Tx, condition, arg string) (s signup.SignUp, ok bool) {
	return signup.FindSignUp(tx, condition+` AND s.state = $2 AND s.expires_at > $3 ORDER BY s.created_at DESC LIMIT 1`,
		arg, api.SignUpWaiting, store.Micros(a.Now()))
}

// allowedByAddress uses one of the e-mails that the address of a sign-up takes in an
// hour, all sign-ups for it together, and tells whether one was left; for others it
// does as much, and one always is.
func (a *Recoveries) allowedByAddress(tx *store.Tx, r recovery, s signup.SignUp) bool {
	by := string(r.who())
	if s.ID != "" {
		by = s.EmailKey
	}
	return a.SpendQuietly(tx, a.ActivationMails(by))
}

// waitingMail is the e-mail with code and link to the address of a sign-up, which is
// not verified: it says nothing that somebody typed.
func (a *Recoveries) waitingMail(r recovery, s signup.SignUp, secrets proof.Secrets) mail.Message {
	p := s.Profile
	return mail.Message{
		To: p.Email, Language: p.Language, Template: mail.ResetWaiting, Subject: r.id,
		Params:  map[string]string{"Name": p.FullName(), "Username": p.Username, "Organization": p.Name},
		Secrets: map[string]string{mail.Link: a.PageLink("reset", p.Language, secrets.Link), mail.Code: secrets.Code},
		Expires: a.Now().Add(proof.Reset.Life()),
	}
}

// resetWaiting sets the password of an account that waits, and activates it. Who was
// invited accepts the terms, and may choose another username.
func (a *Recoveries) resetWaiting(ctx context.Context, p resetGrant, password string, accepts acceptance) error {
	var s signup.SignUp
	err := a.DB.Peek(ctx, func(tx *store.Tx) (err error) {
		s, err = a.resettable(tx, p.signUp)
		return err
	})
	if err != nil {
		return err
	}
	if s.Invited {
		if err := accepts.judge(); err != nil {
			return err
		}
		if accepts.username = rules.Typed(accepts.username); accepts.username != "" {
			if !rules.ValidUsername(accepts.username) {
				return api.Invalid(api.FieldError{Pointer: "/username", Code: api.FieldInvalid})
			}
			s.Profile.Username = accepts.username // which the password must not be made of
		}
	}
	if err := a.Credentials.Judge(password, a.ContextOfNew(&s.Profile)); err != nil {
		return err
	}
	hash, err := a.Credentials.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	// SERIALIZABLE: that the address has no account is read, and an account is made.
	return a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if s.Invited {
			account.TakeTurns(tx) // its roles may wait for an administrator
		}
		if err := account.HoldFor(tx, p.signUp, api.CodeCodeExpired); err != nil {
			return err
		}
		if err := p.use(tx); err != nil {
			return err
		}
		now, err := a.resettable(tx, p.signUp)
		if err != nil {
			return err
		}
		now.Password = hash
		if now.Invited {
			if err := a.signUps.Accepts(tx, &now, accepts.username); err != nil {
				return err
			}
		}
		return a.signUps.MakeAccount(tx, now)
	})
}

// resettable is the sign-up of a recovery, or api.CodeCodeExpired once it waits no more.
func (a *Recoveries) resettable(tx *store.Tx, id string) (signup.SignUp, error) {
	s, ok := a.waitingSignUp(tx, `s.id = $1`, id)
	if !ok {
		return s, api.Refuse(api.CodeCodeExpired)
	}
	return s, nil
}
