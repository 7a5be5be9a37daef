package accounts

import (
	"context"

	"plenary/api"
	"plenary/service/account/proof"
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
func (a *Accounts) whose(tx *store.Tx, identifier string) (account, signUp, email string, own bool) {
	column, key := lookup(identifier)
	tx.Get(`SELECT id, email FROM accounts WHERE `+column+` = $1`, key).Into(&account, &email)
	s, waits := a.waitingSignUp(tx, `s.`+column+` = $1`, key)
	owner, taken := accountOf(tx, s.emailKey)
	switch {
	case account != "" || !waits:
		return account, "", email, account != ""
	case taken:
		return owner, "", s.profile.Email, false
	}
	return "", s.id, s.profile.Email, false
}

// waitingSignUp finds the newest sign-up that waits and for which a condition on $1
// is true.
func (a *Accounts) waitingSignUp(tx *store.Tx, condition, arg string) (s signUp, ok bool) {
	return findSignUp(tx, condition+` AND s.state = $2 AND s.expires_at > $3 ORDER BY s.created_at DESC LIMIT 1`,
		arg, api.SignUpWaiting, store.Micros(a.Now()))
}

// allowedByAddress uses one of the e-mails that the address of a sign-up takes in an
// hour, all sign-ups for it together, and tells whether one was left; for others it
// does as much, and one always is.
func (a *Accounts) allowedByAddress(tx *store.Tx, r recovery, s signUp) bool {
	by := string(r.who())
	if s.id != "" {
		by = s.emailKey
	}
	return a.spendQuietly(tx, a.activationMails(by))
}

// waitingMail is the e-mail with code and link to the address of a sign-up, which is
// not verified: it says nothing that somebody typed.
func (a *Accounts) waitingMail(r recovery, s signUp, secrets proof.Secrets) mail.Message {
	p := s.profile
	return mail.Message{
		To: p.Email, Language: p.Language, Template: mail.ResetWaiting, Subject: r.id,
		Params:  map[string]string{"Name": p.fullName(), "Username": p.Username, "Organization": p.Name},
		Secrets: map[string]string{mail.Link: a.link("reset", p.Language, secrets.Link), mail.Code: secrets.Code},
		Expires: a.Now().Add(proof.Reset.Life()),
	}
}

// resetWaiting sets the password of an account that waits, and activates it.
func (a *Accounts) resetWaiting(ctx context.Context, p resetGrant, password string) error {
	var s signUp
	err := a.DB.Peek(ctx, func(tx *store.Tx) (err error) {
		s, err = a.resettable(tx, p.signUp)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.credentials.Judge(password, a.contextOfNew(&s.profile)); err != nil {
		return err
	}
	hash, err := a.credentials.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	// SERIALIZABLE: that the address has no account is read, and an account is made.
	return a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := holdFor(tx, p.signUp, api.CodeCodeExpired); err != nil {
			return err
		}
		if err := p.use(tx); err != nil {
			return err
		}
		now, err := a.resettable(tx, p.signUp)
		if err != nil {
			return err
		}
		now.password = hash
		return a.makeAccount(tx, now)
	})
}

// resettable is the sign-up of a recovery, or api.CodeCodeExpired once it waits no more.
func (a *Accounts) resettable(tx *store.Tx, id string) (signUp, error) {
	s, ok := a.waitingSignUp(tx, `s.id = $1`, id)
	if !ok {
		return s, refused(api.CodeCodeExpired)
	}
	return s, nil
}
