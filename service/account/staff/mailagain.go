package staff

import (
	"context"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/signup"
	"plenary/service/mail"
	"plenary/service/store"
)

// MailAgain makes an e-mail about a sign-up, a recovery or an account anew, to
// the address that it has now. It is a mail.Again, asked for e-mails only that can be
// made anew (mail/templates.go): all but two of them say nothing but what happened.
func (a *Staff) MailAgain(ctx context.Context, m mail.Mail) (func(*store.Tx) error, error) {
	switch m.Template {
	case mail.Activate, mail.Invited:
		return func(tx *store.Tx) error { return a.activateAgain(tx, m.Subject) }, nil
	case mail.Reset, mail.ResetWaiting:
		return a.resetAgain(ctx, m.Subject)
	}
	return func(tx *store.Tx) error { return a.tellAgain(tx, m) }, nil
}

// activateAgain sends the e-mail of a sign-up that still waits for it.
func (a *Staff) activateAgain(tx *store.Tx, id string) error {
	s, ok := signup.FindSignUp(tx, `s.id = $1`, id)
	if !ok || !s.Waits(a.Now()) {
		return api.Refuse(api.CodeWrongState)
	}
	return a.ExplainFull(a.signUps.Resend(tx, id))
}

// resetAgain sends the e-mail of a recovery that is still under way, with a new
// code and another link.
func (a *Staff) resetAgain(ctx context.Context, id string) (func(*store.Tx) error, error) {
	r, err := a.recoveries.Recovery(ctx, `r.id = $1`, id)
	if api.HasCode(err, api.CodeCodeExpired) {
		return nil, api.Refuse(api.CodeWrongState)
	}
	if err != nil {
		return nil, err
	}
	return func(tx *store.Tx) error { return a.ExplainFull(a.recoveries.SendReset(tx, r)) }, nil
}

// tellAgain is for e-mails that say nothing but what happened to the account
// that they are about.
func (a *Staff) tellAgain(tx *store.Tx, m mail.Mail) error {
	if err := account.HoldFor(tx, m.Subject, api.CodeWrongState); err != nil {
		return err
	}
	account, err := a.Profile(tx, m.Subject)
	if err != nil {
		return err
	}
	a.Tell(tx, account, mail.Message{Template: m.Template})
	return nil
}
