package accounts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
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
	network := a.requestNetwork("recovery network", src)
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
	allowance := a.budget("recovery mail", a.limits().Mails, time.Hour, r.identifier)
	err = a.refuseSpent(ctx, allowance)
	if full, ok := errors.AsType[*errFull](err); ok {
		return a.tooMany(full)
	}
	if err != nil {
		return err
	}
	proof, err := a.newProof(ctx)
	if err != nil {
		return err
	}
	by := r.account
	if by == "" {
		by = "none " + string(r.identifier)
	}
	perAccount := a.budget("recovery mail of account", a.limits().Mails, time.Hour, []byte(by))
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
		if err := a.log.Note(ctx, tx, audit.ResetSent, r.account, ""); err != nil {
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
