package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// linkTries are the wrong passwords that an activation link bears.
const linkTries = 10

// subjectOf gives what a link is for, or api.CodeCodeExpired.
func (a *Accounts) subjectOf(ctx context.Context, tx *store.Tx, purpose, token string) (string, error) {
	hash, ok := hashToken(token)
	if !ok {
		return "", refused(api.CodeCodeExpired)
	}
	var subject string
	err := tx.QueryRow(ctx, `SELECT subject FROM links WHERE hash = $1 AND purpose = $2 AND expires_at > $3`,
		hash, purpose, store.Micros(a.Now())).Scan(&subject)
	if errors.Is(err, store.ErrNoRows) {
		return "", refused(api.CodeCodeExpired)
	}
	if err != nil {
		return "", fmt.Errorf("accounts: find link: %w", err)
	}
	return subject, nil
}

// signUpByLink gives the sign-up that an activation link is for, if that waits.
func (a *Accounts) signUpByLink(ctx context.Context, tx *store.Tx, token string) (signUp, error) {
	subject, err := a.subjectOf(ctx, tx, linkActivate, token)
	if err != nil {
		return signUp{}, err
	}
	s, ok, err := scanSignUp(tx.QueryRow(ctx, `SELECT `+signUpColumns+` FROM sign_ups s WHERE s.id = $1`, subject))
	if err != nil {
		return s, err
	}
	if !ok || !s.waits(a.Now()) {
		return s, refused(api.CodeCodeExpired)
	}
	return s, nil
}

// ActivationByLink says for whom, for which organization and when an account
// was asked for, so that the owner of the address can judge. It changes
// nothing. A link that is not good any more gives api.CodeCodeExpired.
func (a *Accounts) ActivationByLink(ctx context.Context, token string) (who, organization string, asked time.Time, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := a.signUpByLink(ctx, tx, token)
		if err != nil {
			return err
		}
		who, organization, asked = s.profile.fullName(), s.profile.Name, s.created
		return nil
	})
	return who, organization, asked, err
}

// ActivateByLink verifies the address by the link from the e-mail, and that it
// is the person who signed up by the password.
//
// Errors: api.CodeCodeExpired, api.CodeCredentials, api.CodeTooMany after ten
// wrong passwords, api.CodeBusy.
func (a *Accounts) ActivateByLink(ctx context.Context, token, password string) error {
	password, err := typedPassword(password)
	if err != nil {
		return err
	}
	var s signUp
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err = a.signUpByLink(ctx, tx, token)
		return err
	})
	if err != nil {
		return err
	}
	tries := []budget{a.budget("activation password", linkTries, signUpLife, []byte(s.id))}
	if err := a.reserve(ctx, tries); err != nil {
		return a.explainFull(err)
	}
	right, err := a.hasher.matches(ctx, s.password, password)
	if e := a.giveBack(ctx, tries, err == nil && !right); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	if !right {
		return refused(api.CodeCredentials)
	}
	return a.activateNow(ctx, s)
}

// RefuseSignUp is "This was not me": the sign-up ends, and what it held is
// erased. A link that is not good any more gives api.CodeCodeExpired.
func (a *Accounts) RefuseSignUp(ctx context.Context, token string) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := a.signUpByLink(ctx, tx, token)
		if err != nil {
			return err
		}
		// Ended before what it held is erased, as in endSignUps.
		if _, err := tx.Exec(ctx, `UPDATE sign_ups SET profile = '', search = '', password = '', probe = $1, email_key = '', username_key = '', state = $2
			WHERE id = $3`, []byte{}, api.SignUpEnded, s.id); err != nil {
			return fmt.Errorf("accounts: refuse sign-up: %w", err)
		}
		if err := endSubject(ctx, tx, s.id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM usernames WHERE owner = $1`, s.id); err != nil {
			return fmt.Errorf("accounts: release username: %w", err)
		}
		return a.log.Note(ctx, tx, audit.SignUpRefused, s.id, "")
	})
}

// endSubject voids the code and the links of a sign-up or recovery.
func endSubject(ctx context.Context, tx *store.Tx, subject string) error {
	for _, q := range []string{`DELETE FROM codes WHERE subject = $1`, `DELETE FROM links WHERE subject = $1`} {
		if _, err := tx.Exec(ctx, q, subject); err != nil {
			return fmt.Errorf("accounts: void code and links: %w", err)
		}
	}
	return nil
}
