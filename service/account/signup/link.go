package signup

import (
	"context"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/store"
)

// LinkTries are the wrong passwords that an activation link bears.
const LinkTries = 10

// signUpByLink gives the sign-up that an activation link is for, if that waits.
func (a *SignUps) signUpByLink(tx *store.Tx, token string) (SignUp, error) {
	shown, err := a.Proofs.ByLink(tx, proof.Activate, token)
	if err != nil {
		return SignUp{}, err
	}
	s, ok := FindSignUp(tx, `s.id = $1`, shown.Flow)
	if !ok || !s.Waits(a.Now()) {
		return s, api.Refuse(api.CodeCodeExpired)
	}
	return s, nil
}

// ActivationByLink says for whom, for which organization and when an account
// was asked for, so that the owner of the address can judge. It changes
// nothing. A link that is not good any more gives api.CodeCodeExpired.
func (a *SignUps) ActivationByLink(ctx context.Context, in api.Link) (out api.LinkedSignUp, err error) {
	// One state of the database: link and sign-up belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		s, err := a.signUpByLink(tx, in.Token)
		if err != nil {
			return err
		}
		out = s.Linked()
		return nil
	})
	return out, err
}

// Linked is what the page of a link shows of a sign-up.
func (s SignUp) Linked() api.LinkedSignUp {
	l := api.LinkedSignUp{Who: s.Profile.FullName(), Organization: s.Profile.Name, Asked: s.created}
	if s.Invited {
		l.Terms, l.Username = true, s.Profile.Username
	}
	return l
}

// ActivateByLink verifies the address by the link from the e-mail, and that it
// is the person who signed up by the password.
//
// Errors: api.CodeCodeExpired, api.CodeCredentials, api.CodeTooMany after ten
// wrong passwords, api.CodeBusy.
func (a *SignUps) ActivateByLink(ctx context.Context, in api.ActivateByLink) error {
	password, err := credential.Typed(in.Password)
	if err != nil {
		return err
	}
	var s SignUp
	// One state of the database: link and sign-up belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		s, err = a.signUpByLink(tx, in.Token)
		return err
	})
	if err != nil {
		return err
	}
	tries := []throttle.Budget{a.Budget("activation password", LinkTries, account.SignUpLife, []byte(s.ID))}
	if err := a.Reserve(ctx, tries); err != nil {
		return a.ExplainFull(err)
	}
	right, err := a.Credentials.Hasher.Matches(ctx, s.Password, password)
	if e := a.GiveBack(ctx, tries, err == nil && !right); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	if !right {
		return api.Refuse(api.CodeCredentials)
	}
	return a.activateNow(ctx, s)
}

// RefuseSignUp is "This was not me": the sign-up ends, and what it held is
// erased. A link that is not good any more gives api.CodeCodeExpired.
func (a *SignUps) RefuseSignUp(ctx context.Context, in api.Link) error {
	// SERIALIZABLE: that the sign-up waits is read, and it is ended.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		s, err := a.signUpByLink(tx, in.Token)
		if err != nil {
			return err
		}
		a.End(tx, s.ID)
		a.Audit.Note(tx, audit.SignUpRefused, s.ID)
		return nil
	})
}
