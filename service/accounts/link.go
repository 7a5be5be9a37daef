package accounts

import (
	"context"

	"plenary/service/account/credential"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/audit"
	"plenary/service/store"
)

// linkTries are the wrong passwords that an activation link bears.
const linkTries = 10

// signUpByLink gives the sign-up that an activation link is for, if that waits.
func (a *Accounts) signUpByLink(tx *store.Tx, token string) (signUp, error) {
	shown, err := a.proofs.ByLink(tx, proof.Activate, token)
	if err != nil {
		return signUp{}, err
	}
	s, ok := findSignUp(tx, `s.id = $1`, shown.Flow)
	if !ok || !s.waits(a.Now()) {
		return s, refused(api.CodeCodeExpired)
	}
	return s, nil
}

// ActivationByLink says for whom, for which organization and when an account
// was asked for, so that the owner of the address can judge. It changes
// nothing. A link that is not good any more gives api.CodeCodeExpired.
func (a *Accounts) ActivationByLink(ctx context.Context, in api.Link) (out api.LinkedSignUp, err error) {
	// One state of the database: link and sign-up belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		s, err := a.signUpByLink(tx, in.Token)
		if err != nil {
			return err
		}
		out = s.linked()
		return nil
	})
	return out, err
}

// linked is what the page of a link shows of a sign-up.
func (s signUp) linked() api.LinkedSignUp {
	return api.LinkedSignUp{Who: s.profile.fullName(), Organization: s.profile.Name, Asked: s.created}
}

// ActivateByLink verifies the address by the link from the e-mail, and that it
// is the person who signed up by the password.
//
// Errors: api.CodeCodeExpired, api.CodeCredentials, api.CodeTooMany after ten
// wrong passwords, api.CodeBusy.
func (a *Accounts) ActivateByLink(ctx context.Context, in api.ActivateByLink) error {
	password, err := credential.Typed(in.Password)
	if err != nil {
		return err
	}
	var s signUp
	// One state of the database: link and sign-up belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		s, err = a.signUpByLink(tx, in.Token)
		return err
	})
	if err != nil {
		return err
	}
	tries := []budget{a.budget("activation password", linkTries, signUpLife, []byte(s.id))}
	if err := a.reserve(ctx, tries); err != nil {
		return a.explainFull(err)
	}
	right, err := a.credentials.Hasher.Matches(ctx, s.password, password)
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
func (a *Accounts) RefuseSignUp(ctx context.Context, in api.Link) error {
	// SERIALIZABLE: that the sign-up waits is read, and it is ended.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		s, err := a.signUpByLink(tx, in.Token)
		if err != nil {
			return err
		}
		tx.Do(eraseSignUps+` WHERE id = $4`, []byte{}, "", "", s.id)
		a.proofs.Void(tx, proof.Activate, s.id)
		a.endWithSignUp(tx, s.id)
		releaseUsername(tx, s.id)
		a.Mail.Erase(tx, "", s.id)
		a.log.Note(tx, audit.SignUpRefused, s.id, "")
		return nil
	})
}
