package settings

import (
	"context"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// ChangeEmail sends a code to the address that shall become the account's, and tells
// the address of now. It does the same, and returns the same, for an address that has
// an account: its owner is told so by e-mail. A new wish takes the place of the last
// one.
//
// Errors: api.CodeInvalid, also for the address that the account has;
// api.CodeTooMany.
func (a *Settings) ChangeEmail(ctx context.Context, who caller.Caller, in api.ChangeEmail) error {
	email, err := rules.ReadEmail(in.Email)
	if err != nil {
		return api.Invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
	}
	// What its owner bears counts together with sign-ups for the address.
	allowances := []throttle.Budget{a.emailChanges(who), a.ActivationMails(rules.EmailKey(email))}
	id, err := account.NewID()
	if err != nil {
		return err
	}
	// SERIALIZABLE: whether the address has an account decides what is sent.
	err = a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		for _, b := range allowances {
			if err := a.Spend(tx, b); err != nil {
				return err
			}
		}
		return a.askForEmail(tx, who, id, email)
	})
	return a.ExplainFull(err)
}

// emailChanges is the hourly allowance of codes for new addresses of an account.
func (a *Settings) emailChanges(who caller.Caller) throttle.Budget {
	return a.Budget("e-mail change", a.Limits().Mails, time.Hour, []byte(who.AccountID))
}

func (a *Settings) askForEmail(tx *store.Tx, who caller.Caller, id, email string) error {
	if err := account.Hold(tx, who.AccountID); err != nil {
		return err
	}
	person, err := a.Profile(tx, who.AccountID)
	if err != nil {
		return err
	}
	if email == person.Email {
		return api.Invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
	}
	owner, exists := account.ByEmail(tx, rules.EmailKey(email))
	taken := exists && owner != who.AccountID // another spelling of one's own is free
	endEmailChange(tx, who.AccountID)
	now := a.Now()
	expires := now.Add(proof.NewEmail.Life())
	tx.Do(`INSERT INTO email_changes (id, account_id, email, email_key, taken, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, who.AccountID, email, rules.EmailKey(email), store.Bool(taken), store.Micros(now), store.Micros(expires))
	secrets := a.Proofs.Issue(tx, proof.NewEmail, id)
	a.Audit.Note(tx, audit.EmailChangeAsked, who.AccountID)
	// Before the code is typed: who has got hold of a session must not be first.
	a.Tell(tx, person, mail.Message{
		Template: mail.EmailChangeAsked, Params: map[string]string{"Address": account.Mask(email)},
	})
	if taken {
		if err := account.Hold(tx, owner); err != nil {
			return err
		}
		return a.TellAbout(tx, owner, mail.Message{Template: mail.AlreadyRegistered, Expires: expires})
	}
	// What holding the owner of a taken address costs.
	if err := account.Hold(tx, who.AccountID); err != nil {
		return err
	}
	a.Tell(tx, person, mail.Message{
		To: email, Template: mail.EmailCode,
		Secrets: map[string]string{mail.Code: secrets.Code}, Expires: expires,
	})
	return nil
}

// endEmailChange forgets the address that an account wished for, and its code.
func endEmailChange(tx *store.Tx, accountID string) {
	tx.Do(`DELETE FROM email_changes WHERE account_id = $1`, accountID)
}

// ConfirmEmail makes the new address the account's own by the code that was
// sent there. The address of before is told, all other sessions and every
// recovery under way end. Of many that come at once, one changes it.
//
// Errors: api.CodeCodeWrong; api.CodeCodeExpired, also after five tries and when
// somebody else has made the address theirs.
func (a *Settings) ConfirmEmail(ctx context.Context, who caller.Caller, in api.ConfirmEmail) (api.Account, error) {
	id, email, err := a.emailChange(ctx, who)
	if err != nil {
		return api.Account{}, err
	}
	if _, err := a.Proofs.Try(ctx, proof.NewEmail, id, in.Code); err != nil {
		return api.Account{}, err
	}
	var owner api.Account
	// SERIALIZABLE: that nobody else has the address is read, and it is given.
	err = a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := account.Hold(tx, who.AccountID); err != nil {
			return err
		}
		// taken: no code was sent, so that none can be right.
		if tx.Do(`DELETE FROM email_changes WHERE id = $1 AND taken = 0 AND expires_at > $2`, id, store.Micros(a.Now())) != 1 {
			return api.Refuse(api.CodeCodeExpired)
		}
		owner, err = a.SetEmail(tx, who, email)
		return err
	})
	return owner, err
}

// emailChange gives the new address whose code is awaited, or
// api.CodeCodeExpired.
func (a *Settings) emailChange(ctx context.Context, who caller.Caller) (id, email string, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		if !tx.Get(`SELECT id, email FROM email_changes WHERE account_id = $1 AND expires_at > $2`,
			who.AccountID, store.Micros(a.Now())).Into(&id, &email) {
			return api.Refuse(api.CodeCodeExpired)
		}
		return nil
	})
	return id, email, err
}

// AdoptEmail makes the reset address that staff has set the account's own, once
// a reset went by it: its e-mail arrived there (security.md, Staff's help).
//
// Errors: api.CodeNotFound where there is none; api.CodeWrongState for an
// address that serves another account.
func (a *Settings) AdoptEmail(ctx context.Context, who caller.Caller) error {
	// SERIALIZABLE: that nobody else has the address is read, and it is given.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, who.AccountID); err != nil {
			return err
		}
		var email string
		if !tx.Get(`SELECT email FROM reset_addresses WHERE account_id = $1 AND used_at > 0`, who.AccountID).Into(&email) {
			return api.Refuse(api.CodeNotFound)
		}
		endEmailChange(tx, who.AccountID)
		_, err := a.SetEmail(tx, who, email)
		if api.HasCode(err, api.CodeCodeExpired) {
			return api.Refuse(api.CodeWrongState)
		}
		return err
	})
}

// SetEmail gives an account, which is held, a verified address, in a serializable
// transaction. It is api.CodeCodeExpired for one that another account has by now.
func (a *Settings) SetEmail(tx *store.Tx, who caller.Caller, email string) (api.Account, error) {
	before, err := a.Profile(tx, who.AccountID)
	if err != nil {
		return before, err
	}
	key := rules.EmailKey(email)
	if owner, exists := account.ByEmail(tx, key); exists && owner != who.AccountID {
		return before, api.Refuse(api.CodeCodeExpired)
	}
	tx.Do(`UPDATE accounts SET email = $1, email_key = $2 WHERE id = $3`, email, key, who.AccountID)
	account.Index(tx, who.AccountID)
	a.endWithEmail(tx, who, key)
	a.Audit.Note(tx, audit.EmailChanged, who.AccountID)
	a.Tell(tx, before, mail.Message{
		Template: mail.EmailChanged, Params: map[string]string{"Address": account.Mask(email)},
	})
	return a.Profile(tx, who.AccountID)
}

// endWithEmail ends what the address of before could still do, and what waits
// for the new one.
func (a *Settings) endWithEmail(tx *store.Tx, who caller.Caller, key string) {
	account.EndWith(tx, account.EmailChanged, who.AccountID, who.SessionID)
	a.Audit.Note(tx, audit.SessionsEnded, who.AccountID, audit.Fact(api.DetailCause, api.CauseEmailChanged))
	a.EndSignUps(tx, key, "")
	// Forget failures that strangers ran up while the address had no account.
	throttle.Forget(tx, a.IdentifierBudget(key))
}
