package accounts

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/audit"
	"plenary/service/store"
)

// linkTries are the wrong passwords that an activation link bears.
const linkTries = 10

// signUpByLink gives the sign-up that an activation link is for, if that waits.
func (a *Accounts) signUpByLink(ctx context.Context, tx *store.Tx, token string) (signUp, error) {
	shown, err := a.proofs.ByLink(tx, proof.Activate, token)
	if err != nil {
		return signUp{}, err
	}
	s, ok, err := scanSignUp(tx.QueryRow(ctx, `SELECT `+signUpColumns+` FROM sign_ups s WHERE s.id = $1`, shown.Flow))
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
		a.proofs.Void(tx, proof.Activate, s.id)
		if err := endWith(ctx, tx, signUpEnded, s.id, ""); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM usernames WHERE owner = $1`, s.id); err != nil {
			return fmt.Errorf("accounts: release username: %w", err)
		}
		a.Mail.Erase(tx, "", s.id)
		a.log.Note(tx, audit.SignUpRefused, s.id, "")
		return nil
	})
}
