package accounts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/store"
)

// recoveryLife is how long a recovery can be begun and not finished.
const recoveryLife = 2 * time.Hour

// recovery is one "Forgot password?" under way.
type recovery struct {
	id         string
	identifier []byte // HMAC of what was typed
	account    string // empty: no such account
}

// Recover begins "Forgot password?" and gives what "Is this your e-mail?"
// shows: the address as typed, or, for a username, the masked address of its
// account, or a made-up one, always the same, where there is none. It sends
// nothing. The same flow may be sent again with the same identifier.
//
// Errors: api.CodeInvalid, api.CodeKeyReused, api.CodeTooMany.
func (a *Accounts) Recover(ctx context.Context, in api.Recover, src Source) (api.Recovery, error) {
	flow, ok := hashToken(in.Flow)
	if !ok {
		return api.Recovery{}, invalid(api.FieldError{Pointer: "/flow", Code: api.FieldInvalid})
	}
	typed := strings.TrimSpace(in.Identifier)
	if typed == "" || strings.ContainsFunc(typed, hidden) {
		return api.Recovery{}, invalid(api.FieldError{Pointer: "/identifier", Code: api.FieldInvalid})
	}
	key := []byte(rules.IdentifierKey(typed))
	fingerprint := a.Key.MAC("recovery", key)
	id, err := newID()
	if err != nil {
		return api.Recovery{}, err
	}
	network := a.network("recovery network", a.Limits.NetworkRequests, src)
	var address string
	err = a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		account, email, err := addressOf(ctx, tx, typed)
		if err != nil {
			return err
		}
		address = a.shown(typed, email)
		done, err := repeatedFlow(ctx, tx, `SELECT fingerprint FROM recoveries WHERE flow_hash = $1`, flow, fingerprint)
		if done || err != nil {
			return err
		}
		if err := a.spend(ctx, tx, network); err != nil {
			return err
		}
		now := a.Now()
		_, err = tx.Exec(ctx, `INSERT INTO recoveries (id, flow_hash, fingerprint, identifier, account_id, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (flow_hash) DO NOTHING`,
			id, flow, fingerprint, fingerprint, account, store.Micros(now), store.Micros(now.Add(recoveryLife)))
		if err != nil {
			return fmt.Errorf("accounts: begin recovery: %w", err)
		}
		return nil
	})
	if full, ok := errors.AsType[*errFull](err); ok {
		return api.Recovery{}, a.tooMany(full)
	}
	if err != nil {
		return api.Recovery{}, err
	}
	return api.Recovery{Flow: in.Flow, Address: address}, nil
}

// addressOf finds an account by an identifier; both are empty if there is none.
func addressOf(ctx context.Context, tx *store.Tx, identifier string) (id, email string, err error) {
	emailKey, usernameKey := keysOf(identifier)
	err = tx.QueryRow(ctx, `SELECT id, email FROM accounts WHERE email_key = $1 OR username_key = $2`,
		emailKey, usernameKey).Scan(&id, &email)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return "", "", fmt.Errorf("accounts: find address: %w", err)
	}
	return id, email, nil
}

// SendRecovery sends the e-mail with code and link, if there is somebody to
// send it to; the same is done, and nothing told, if not.
//
// Errors: api.CodeCodeExpired for an unknown flow, api.CodeTooMany,
// api.CodeBusy.
func (a *Accounts) SendRecovery(ctx context.Context, flow api.Flow) error {
	r, err := a.recoveryByFlow(ctx, flow.Token)
	if err != nil {
		return err
	}
	proof, err := a.newProof(ctx)
	if err != nil {
		return err
	}
	allowance := a.budget("recovery mail", a.Limits.Mails, time.Hour, r.identifier)
	by := r.account
	if by == "" {
		by = "none " + string(r.identifier)
	}
	perAccount := a.budget("recovery mail of account", a.Limits.Mails, time.Hour, []byte(by))
	err = a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := a.spend(ctx, tx, allowance); err != nil {
			return err
		}
		quiet := false
		err := a.spend(ctx, tx, perAccount)
		if _, ok := errors.AsType[*errFull](err); ok {
			// Used up under the account's other identifier: that is not told.
			quiet, err = true, nil
		}
		if err != nil {
			return err
		}
		if err := a.keepProof(ctx, tx, linkReset, r.id, proof, resetLinkLife); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE recoveries SET expires_at = $1 WHERE id = $2`,
			store.Micros(a.Now().Add(recoveryLife)), r.id); err != nil {
			return fmt.Errorf("accounts: prolong recovery: %w", err)
		}
		if r.account == "" || quiet {
			return nil
		}
		account, err := a.Profile(ctx, tx, r.account)
		if err != nil {
			return err
		}
		if err := a.audit(ctx, tx, "reset-sent", r.account, ""); err != nil {
			return err
		}
		return a.tell(ctx, tx, account, mail.Message{
			Template: mail.Reset,
			Secrets:  map[string]string{mail.Link: a.link("reset", account.Language, proof.token), mail.Code: proof.code},
			Expires:  a.Now().Add(resetLinkLife),
		})
	})
	if full, ok := errors.AsType[*errFull](err); ok {
		return a.tooMany(full)
	}
	return err
}

func (a *Accounts) recoveryByFlow(ctx context.Context, flow string) (recovery, error) {
	hash, ok := hashToken(flow)
	if !ok {
		return recovery{}, refused(api.CodeCodeExpired)
	}
	return a.recovery(ctx, `SELECT id, identifier, account_id FROM recoveries WHERE flow_hash = $1 AND expires_at > $2`,
		hash, store.Micros(a.Now()))
}

func (a *Accounts) recovery(ctx context.Context, query string, args ...any) (r recovery, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := tx.QueryRow(ctx, query, args...).Scan(&r.id, &r.identifier, &r.account)
		if errors.Is(err, store.ErrNoRows) {
			return refused(api.CodeCodeExpired)
		}
		if err != nil {
			return fmt.Errorf("accounts: find recovery: %w", err)
		}
		return nil
	})
	return r, err
}

// CheckCode tells whether the code from the e-mail is right, without using it
// up: nil, api.CodeCodeWrong, or api.CodeCodeExpired (also after five wrong
// ones).
func (a *Accounts) CheckCode(ctx context.Context, in api.RecoveryCode) error {
	_, err := a.codeOf(ctx, in.Flow, in.Code)
	return err
}

// codeOf checks a code and gives its recovery. A right one costs no try.
func (a *Accounts) codeOf(ctx context.Context, flow, typed string) (recovery, error) {
	r, err := a.recoveryByFlow(ctx, flow)
	if err != nil {
		return r, err
	}
	code, ok := rules.NormalizeCode(typed)
	if !ok {
		return r, refused(api.CodeCodeWrong)
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
	if !rules.PasswordAcceptable(password, a.Policy, words) {
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
		`DELETE FROM codes WHERE subject IN (SELECT id FROM recoveries WHERE account_id = $1)`,
		`DELETE FROM links WHERE subject IN (SELECT id FROM recoveries WHERE account_id = $1)`,
		`DELETE FROM recoveries WHERE account_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, accountID); err != nil {
			return fmt.Errorf("accounts: end what was before the reset: %w", err)
		}
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
	if err := a.audit(ctx, tx, "password-reset", accountID, ""); err != nil {
		return err
	}
	return a.tell(ctx, tx, account, mail.Message{Template: mail.PasswordChanged})
}
