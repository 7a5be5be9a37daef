package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// ChangeEmail sends a code to the address that shall become the account's, and tells
// the address of now. It does the same, and returns the same, for an address that has an account: its
// owner is told so by e-mail. A new wish takes the place of the last one.
//
// Errors: api.CodeInvalid, also for the address that the account has;
// api.CodeTooMany.
func (a *Accounts) ChangeEmail(ctx context.Context, who Principal, in api.ChangeEmail) error {
	email, err := rules.ReadEmail(in.Email)
	if err != nil {
		return invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
	}
	// What its owner bears counts together with sign-ups for the address.
	allowances := []budget{a.emailChanges(who), a.activationMails(rules.EmailKey(email))}
	id, err := newID()
	if err != nil {
		return err
	}
	err = a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		for _, b := range allowances {
			if err := a.spend(ctx, tx, b); err != nil {
				return err
			}
		}
		return a.askForEmail(ctx, tx, who, id, email)
	})
	return a.explainFull(err)
}

// emailChanges is the hourly allowance of codes for new addresses of an account.
func (a *Accounts) emailChanges(who Principal) budget {
	return a.budget("e-mail change", a.limits().Mails, time.Hour, []byte(who.AccountID))
}

func (a *Accounts) askForEmail(ctx context.Context, tx *store.Tx, who Principal, id, email string) error {
	if err := hold(ctx, tx, who.AccountID); err != nil {
		return err
	}
	account, err := a.Profile(ctx, tx, who.AccountID)
	if err != nil {
		return err
	}
	if email == account.Email {
		return invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
	}
	owner, exists, err := accountOf(ctx, tx, rules.EmailKey(email))
	if err != nil {
		return err
	}
	taken := exists && owner != who.AccountID // another spelling of one's own is free
	if err := endEmailChange(ctx, tx, who.AccountID); err != nil {
		return err
	}
	now := a.Now()
	expires := now.Add(proof.NewEmail.Life())
	if _, err := tx.Exec(ctx, `INSERT INTO email_changes (id, account_id, email, email_key, taken, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, who.AccountID, email, rules.EmailKey(email), number(taken), store.Micros(now), store.Micros(expires)); err != nil {
		return fmt.Errorf("accounts: keep new address: %w", err)
	}
	secrets := a.proofs.Issue(tx, proof.NewEmail, id)
	a.log.Note(tx, audit.EmailChangeAsked, who.AccountID, "")
	// Before the code is typed: who has got hold of a session must not be first.
	if err := a.tell(ctx, tx, account, mail.Message{
		Template: mail.EmailChangeAsked, Params: map[string]string{"Address": mask(email)},
	}); err != nil {
		return err
	}
	if taken {
		if err := hold(ctx, tx, owner); err != nil {
			return err
		}
		if account, err = a.Profile(ctx, tx, owner); err != nil {
			return err
		}
		return a.tell(ctx, tx, account, mail.Message{Template: mail.AlreadyRegistered, Expires: expires})
	}
	// What holding the owner of a taken address costs.
	if err := hold(ctx, tx, who.AccountID); err != nil {
		return err
	}
	return a.tell(ctx, tx, account, mail.Message{
		To: email, Template: mail.EmailCode,
		Secrets: map[string]string{mail.Code: secrets.Code}, Expires: expires,
	})
}

// endEmailChange forgets the address that an account wished for, and its code.
func endEmailChange(ctx context.Context, tx *store.Tx, accountID string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM email_changes WHERE account_id = $1`, accountID); err != nil {
		return fmt.Errorf("accounts: end e-mail change: %w", err)
	}
	return nil
}

// ConfirmEmail makes the new address the account's own by the code that was
// sent there. The address of before is told, all other sessions and every
// recovery under way end. Of many that come at once, one changes it.
//
// Errors: api.CodeCodeWrong; api.CodeCodeExpired, also after five tries and when
// somebody else has made the address theirs.
func (a *Accounts) ConfirmEmail(ctx context.Context, who Principal, in api.ConfirmEmail) (api.Account, error) {
	id, email, err := a.emailChange(ctx, who)
	if err != nil {
		return api.Account{}, err
	}
	if _, err := a.proofs.Try(ctx, proof.NewEmail, id, in.Code); err != nil {
		return api.Account{}, err
	}
	var account api.Account
	err = a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := hold(ctx, tx, who.AccountID); err != nil {
			return err
		}
		// taken: no code was sent, so that none can be right.
		used, err := tx.Exec(ctx, `DELETE FROM email_changes WHERE id = $1 AND taken = 0 AND expires_at > $2`,
			id, store.Micros(a.Now()))
		if err != nil {
			return fmt.Errorf("accounts: use code: %w", err)
		}
		if used != 1 {
			return refused(api.CodeCodeExpired)
		}
		account, err = a.setEmail(ctx, tx, who, email)
		return err
	})
	return account, err
}

// emailChange gives the new address whose code is awaited, or
// api.CodeCodeExpired.
func (a *Accounts) emailChange(ctx context.Context, who Principal) (id, email string, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := tx.QueryRow(ctx, `SELECT id, email FROM email_changes WHERE account_id = $1 AND expires_at > $2`,
			who.AccountID, store.Micros(a.Now())).Scan(&id, &email)
		if errors.Is(err, store.ErrNoRows) {
			return refused(api.CodeCodeExpired)
		}
		if err != nil {
			return fmt.Errorf("accounts: find new address: %w", err)
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
func (a *Accounts) AdoptEmail(ctx context.Context, who Principal) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := hold(ctx, tx, who.AccountID); err != nil {
			return err
		}
		var email string
		err := tx.QueryRow(ctx, `SELECT email FROM reset_addresses WHERE account_id = $1 AND used_at > 0`, who.AccountID).Scan(&email)
		if errors.Is(err, store.ErrNoRows) {
			return refused(api.CodeNotFound)
		}
		if err != nil {
			return fmt.Errorf("accounts: find reset address: %w", err)
		}
		if err := endEmailChange(ctx, tx, who.AccountID); err != nil {
			return err
		}
		_, err = a.setEmail(ctx, tx, who, email)
		if api.HasCode(err, api.CodeCodeExpired) {
			return refused(api.CodeWrongState)
		}
		return err
	})
}

// setEmail gives an account, which is held, a verified address, in a serializable
// transaction.
// It is api.CodeCodeExpired for one that another account has by now.
func (a *Accounts) setEmail(ctx context.Context, tx *store.Tx, who Principal, email string) (api.Account, error) {
	before, err := a.Profile(ctx, tx, who.AccountID)
	if err != nil {
		return before, err
	}
	key := rules.EmailKey(email)
	if owner, exists, err := accountOf(ctx, tx, key); err != nil {
		return before, err
	} else if exists && owner != who.AccountID {
		return before, refused(api.CodeCodeExpired)
	}
	if _, err := tx.Exec(ctx, `UPDATE accounts SET email = $1, email_key = $2 WHERE id = $3`, email, key, who.AccountID); err != nil {
		return before, fmt.Errorf("accounts: change address: %w", err)
	}
	if err := Index(ctx, tx, who.AccountID); err != nil {
		return before, err
	}
	if err := a.endWithEmail(ctx, tx, who, key); err != nil {
		return before, err
	}
	a.log.Note(tx, audit.EmailChanged, who.AccountID, "")
	if err := a.tell(ctx, tx, before, mail.Message{
		Template: mail.EmailChanged, Params: map[string]string{"Address": mask(email)},
	}); err != nil {
		return before, err
	}
	return a.Profile(ctx, tx, who.AccountID)
}

// endWithEmail ends what the address of before could still do, and what waits
// for the new one.
func (a *Accounts) endWithEmail(ctx context.Context, tx *store.Tx, who Principal, key string) error {
	if err := endWith(ctx, tx, emailChanged, who.AccountID, who.SessionID); err != nil {
		return err
	}
	a.log.Note(tx, audit.SessionsEnded, who.AccountID, string(emailChanged))
	if err := a.endSignUps(ctx, tx, key, ""); err != nil {
		return err
	}
	// What somebody tried at an address that had no account is not the owner's.
	return throttle.Forget(ctx, tx, a.identifierBudget(key))
}
