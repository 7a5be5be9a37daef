package accounts

import (
	"context"
	"errors"
	"fmt"
	"regexp"

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
func (a *Accounts) whose(ctx context.Context, tx *store.Tx, identifier string) (account, signUp, email string, own bool, err error) {
	if account, email, err = addressOf(ctx, tx, identifier); err != nil {
		return "", "", "", false, err
	}
	condition, key := keyOf(identifier)
	s, waits, err := a.waitingSignUp(ctx, tx, `s.`+condition, key)
	if err != nil {
		return "", "", "", false, err
	}
	owner, taken, err := accountOf(ctx, tx, s.emailKey)
	switch {
	case err != nil || account != "" || !waits:
		return account, "", email, account != "", err
	case taken:
		return owner, "", s.profile.Email, false, nil
	}
	return "", s.id, s.profile.Email, false, nil
}

// waitingSignUp finds the newest sign-up that waits and for which a condition on $1
// is true.
func (a *Accounts) waitingSignUp(ctx context.Context, tx *store.Tx, condition, arg string) (s signUp, ok bool, err error) {
	return scanSignUp(tx.QueryRow(ctx, `SELECT `+signUpColumns+` FROM sign_ups s
		WHERE `+condition+` AND s.state = $2 AND s.expires_at > $3 ORDER BY s.created_at DESC LIMIT 1`,
		arg, api.SignUpWaiting, store.Micros(a.Now())))
}

// borneBy uses one of what the address of a sign-up bears in an hour, with the e-mails of
// all sign-ups for it, and tells whether it does; for others it does the same, and they do.
func (a *Accounts) borneBy(ctx context.Context, tx *store.Tx, r recovery, s signUp) (bool, error) {
	by := r.who()
	if s.id != "" {
		by = []byte(s.emailKey)
	}
	err := a.spend(ctx, tx, a.activationMails(string(by)))
	if _, full := errors.AsType[*errFull](err); full {
		return false, nil
	}
	return err == nil, err
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
func (a *Accounts) resetWaiting(ctx context.Context, p resetProof, password string) error {
	var s signUp
	err := a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		s, err = a.resettable(ctx, tx, p.signUp)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.judgePassword(password, a.contextOfNew(&s.profile)); err != nil {
		return err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	// SERIALIZABLE: that the address has no account is read, and an account is made.
	return a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := holdFor(ctx, tx, p.signUp, api.CodeCodeExpired); err != nil {
			return err
		}
		if err := p.use(ctx, tx); err != nil {
			return err
		}
		now, err := a.resettable(ctx, tx, p.signUp)
		if err != nil {
			return err
		}
		now.password = hash
		return a.makeAccount(ctx, tx, now)
	})
}

// resettable is the sign-up of a recovery, or api.CodeCodeExpired once it waits no more.
func (a *Accounts) resettable(ctx context.Context, tx *store.Tx, id string) (signUp, error) {
	s, ok, err := a.waitingSignUp(ctx, tx, `s.id = $1`, id)
	if err == nil && !ok {
		err = refused(api.CodeCodeExpired)
	}
	return s, err
}

// asking is the program that asks for a reset, as the e-mail names it. It is what a
// stranger's program says of itself, so it is one of a few words and numbers, or
// nothing but the name: an e-mail of ours carries nobody's texts.
func asking(machine string) string {
	if machinePattern.MatchString(machine) {
		return machine
	}
	return "Plenary"
}

var machinePattern = regexp.MustCompile(`^Plenary( [0-9]{1,4}(\.[0-9]{1,4}){0,3})?, (Linux|Windows|macOS)$`)

// isDeactivated tells whether staff has deactivated an account.
func isDeactivated(ctx context.Context, tx *store.Tx, accountID string) (deactivated bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM deactivated WHERE account_id = $1)`, accountID).Scan(&deactivated)
	if err != nil {
		return false, fmt.Errorf("accounts: look for a deactivation: %w", err)
	}
	return deactivated, nil
}
