package accounts

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// CheckCode tells whether the code from the e-mail is right, without using it
// up: nil, api.CodeCodeWrong, or api.CodeCodeExpired (also after five wrong
// ones).
func (a *Accounts) CheckCode(ctx context.Context, in api.RecoveryCode) error {
	_, err := a.codeOf(ctx, in.Flow, in.Code)
	return err
}

// codeOf checks a code and gives the recovery that sent it. A right one costs
// no try.
func (a *Accounts) codeOf(ctx context.Context, flow, typed string) (recovery, error) {
	r, err := a.recoveryByFlow(ctx, flow)
	if err != nil {
		return r, err
	}
	code, ok := rules.NormalizeCode(typed)
	if !ok {
		return r, refused(api.CodeCodeWrong)
	}
	sent, err := a.sentCode(ctx, r)
	if err != nil {
		return r, err
	}
	if !sent {
		return a.codeFromElsewhere(ctx, r, code)
	}
	if err := a.checkCode(ctx, r.id, code); err != nil {
		return r, err
	}
	return r, a.returnTry(ctx, r.id)
}

// Reset sets a new password by the code from the e-mail. A password that the
// policy refuses (api.CodePasswordRefused) leaves the code good. All sessions
// and known devices end, failures are forgotten, and the owner is told.
//
// Errors: also api.CodeCodeWrong, api.CodeCodeExpired, api.CodeBusy.
func (a *Accounts) Reset(ctx context.Context, in api.Reset) error {
	password, err := typedPassword(in.Password)
	if err != nil {
		return refused(api.CodePasswordRefused)
	}
	// The code first: the policy looks at the person's names, and what it says
	// of a password would tell them.
	r, err := a.codeOf(ctx, in.Flow, in.Code)
	if err != nil {
		return err
	}
	return a.reset(ctx, r, password, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM codes WHERE subject = $1 AND expires_at > $2`, r.id, store.Micros(a.Now()))
	})
}

// ResetLinkValid returns nil while a reset link is good, or
// api.CodeCodeExpired. It changes nothing.
func (a *Accounts) ResetLinkValid(ctx context.Context, token string) error {
	_, err := a.recoveryByLink(ctx, token)
	return err
}

// ResetByLink is Reset by the link from the e-mail.
func (a *Accounts) ResetByLink(ctx context.Context, token, password string) error {
	password, err := typedPassword(password)
	if err != nil {
		return refused(api.CodePasswordRefused)
	}
	r, err := a.recoveryByLink(ctx, token)
	if err != nil {
		return err
	}
	return a.reset(ctx, r, password, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM links WHERE hash = $1 AND purpose = $2`, mustHash(token), linkReset)
	})
}

func (a *Accounts) recoveryByLink(ctx context.Context, token string) (recovery, error) {
	hash, ok := hashToken(token)
	if !ok {
		return recovery{}, refused(api.CodeCodeExpired)
	}
	return a.recovery(ctx, `SELECT r.id, r.identifier, r.account_id FROM recoveries r JOIN links l ON l.subject = r.id
		WHERE l.hash = $1 AND l.purpose = $2 AND l.expires_at > $3 AND r.expires_at > $3 AND r.account_id <> ''`,
		hash, linkReset, store.Micros(a.Now()))
}

// reset judges the new password and sets it. use uses the proof up and gives
// how many it found: of many that come at once, one wins.
func (a *Accounts) reset(ctx context.Context, r recovery, password string, use func(context.Context, *store.Tx) (int64, error)) error {
	if r.account == "" {
		return refused(api.CodeCodeExpired) // nobody can have been sent its proof
	}
	account, err := a.Account(ctx, r.account)
	if err != nil {
		return err
	}
	words := []string{account.FirstName, account.FamilyName, account.Username, account.Email, account.Organization.Name}
	if !rules.PasswordAcceptable(password, a.passwords(), words) {
		return refused(api.CodePasswordRefused)
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		used, err := use(ctx, tx)
		if err != nil {
			return fmt.Errorf("accounts: use proof: %w", err)
		}
		if used != 1 {
			return refused(api.CodeCodeExpired)
		}
		return a.setPassword(ctx, tx, r.account, hash)
	})
}

// setPassword is what a new password does: everything that could be somebody
// else's ends.
func (a *Accounts) setPassword(ctx context.Context, tx *store.Tx, accountID, hash string) error {
	if _, err := tx.Exec(ctx, `UPDATE credentials SET password = $1, changed_at = $2 WHERE account_id = $3`,
		hash, store.Micros(a.Now()), accountID); err != nil {
		return fmt.Errorf("accounts: set password: %w", err)
	}
	for _, q := range []string{
		`DELETE FROM devices WHERE account_id = $1`,
		// One that this reset has used is not among them; one that staff has set
		// beside it ends: the owner needs it no more.
		`DELETE FROM reset_addresses WHERE account_id = $1 AND used_at = 0`,
	} {
		if _, err := tx.Exec(ctx, q, accountID); err != nil {
			return fmt.Errorf("accounts: end what was before the reset: %w", err)
		}
	}
	if err := endRecoveries(ctx, tx, accountID); err != nil {
		return err
	}
	if err := a.endAll(ctx, tx, "password reset", accountID); err != nil {
		return err
	}
	account, err := a.Profile(ctx, tx, accountID)
	if err != nil {
		return err
	}
	if err := clearFailures(ctx, tx, a.failureNames(found{
		accountID: accountID, emailKey: rules.EmailKey(account.Email), usernameKey: rules.UsernameKey(account.Username),
	})...); err != nil {
		return err
	}
	if err := a.log.Note(ctx, tx, audit.PasswordReset, accountID, ""); err != nil {
		return err
	}
	return a.tell(ctx, tx, account, mail.Message{Template: mail.PasswordChanged})
}

// endRecoveries voids what "Forgot password?" has under way for an account.
func endRecoveries(ctx context.Context, tx *store.Tx, accountID string) error {
	for _, q := range []string{
		`DELETE FROM codes WHERE subject IN (SELECT id FROM recoveries WHERE account_id = $1)`,
		`DELETE FROM links WHERE subject IN (SELECT id FROM recoveries WHERE account_id = $1)`,
		`DELETE FROM recoveries WHERE account_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, accountID); err != nil {
			return fmt.Errorf("accounts: end recoveries: %w", err)
		}
	}
	return nil
}
