package accounts

import (
	"context"

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/store"
)

// MailAgain makes an e-mail about a sign-up, a recovery or an account anew, to
// the address that it has now. It is a mail.Again, asked for e-mails only that can be
// made anew (mail/templates.go): all but two of them say nothing but what happened.
func (a *Accounts) MailAgain(ctx context.Context, m mail.Mail) (func(*store.Tx) error, error) {
	switch m.Template {
	case mail.Activate:
		return func(tx *store.Tx) error { return a.activateAgain(tx, m.Subject) }, nil
	case mail.Reset, mail.ResetWaiting:
		return a.resetAgain(ctx, m.Subject)
	}
	return func(tx *store.Tx) error { return a.tellAgain(tx, m) }, nil
}

// activateAgain sends the e-mail of a sign-up that still waits for it.
func (a *Accounts) activateAgain(tx *store.Tx, id string) error {
	s, ok := findSignUp(tx, `s.id = $1`, id)
	if !ok || !s.waits(a.Now()) {
		return refused(api.CodeWrongState)
	}
	return a.explainFull(a.resend(tx, id))
}

// resetAgain sends the e-mail of a recovery that is still under way, with a new
// code and another link.
func (a *Accounts) resetAgain(ctx context.Context, id string) (func(*store.Tx) error, error) {
	r, err := a.recovery(ctx, `r.id = $1`, id)
	if api.HasCode(err, api.CodeCodeExpired) {
		return nil, refused(api.CodeWrongState)
	}
	if err != nil {
		return nil, err
	}
	return func(tx *store.Tx) error { return a.explainFull(a.sendReset(tx, r)) }, nil
}

// tellAgain is for e-mails that say nothing but what happened to the account
// that they are about.
func (a *Accounts) tellAgain(tx *store.Tx, m mail.Mail) error {
	if err := holdFor(tx, m.Subject, api.CodeWrongState); err != nil {
		return err
	}
	account, err := a.Profile(tx, m.Subject)
	if err != nil {
		return err
	}
	a.tell(tx, account, mail.Message{Template: m.Template})
	return nil
}
