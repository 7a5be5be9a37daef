package accounts

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/store"
)

// SetPassword gives the account with a username another password, as the
// operator does where no e-mail arrives. As after a reset, all its sessions and
// devices end, guessing starts anew, and the owner gets an e-mail.
//
// Errors: api.CodeNotFound, api.CodePasswordRefused.
func (a *Accounts) SetPassword(ctx context.Context, username, password string) error {
	if !rules.PasswordAcceptable(password, a.passwords(), []string{username}) {
		return refused(api.CodePasswordRefused)
	}
	hash, err := a.hasher.hash(ctx, rules.NormalizePassword(password))
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := accountNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		return a.setPassword(ctx, tx, id, hash)
	})
}

// accountNamed gives the id of the account with a username, or api.CodeNotFound.
func accountNamed(ctx context.Context, tx *store.Tx, username string) (id string, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM accounts WHERE username_key = $1`, rules.UsernameKey(username)).Scan(&id)
	if errors.Is(err, store.ErrNoRows) {
		return "", refused(api.CodeNotFound)
	}
	if err != nil {
		return "", fmt.Errorf("accounts: find username: %w", err)
	}
	return id, nil
}

// Deactivate keeps everybody out of an account until Reactivate: its sessions
// and devices end at once, and a right password gives api.CodeDeactivated.
// Doing it twice changes nothing. Error: api.CodeNotFound.
func (a *Accounts) Deactivate(ctx context.Context, username string) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := accountNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO deactivated (account_id, since) VALUES ($1, $2)
			ON CONFLICT (account_id) DO NOTHING`, id, store.Micros(a.Now())); err != nil {
			return fmt.Errorf("accounts: deactivate: %w", err)
		}
		// A log-in under way writes this row before it looks for a deactivation.
		if _, err := tx.Exec(ctx, `UPDATE credentials SET password = password WHERE account_id = $1`, id); err != nil {
			return fmt.Errorf("accounts: hold log-ins: %w", err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM devices WHERE account_id = $1`, id); err != nil {
			return fmt.Errorf("accounts: forget devices: %w", err)
		}
		return a.endAll(ctx, tx, "deactivated", id)
	})
}

// Reactivate is what "Ask your IT team to activate your user" asks for
// (sources/reset-options.txt, option 2): it ends Deactivate, and also the lock
// after too many wrong passwords. Error: api.CodeNotFound.
func (a *Accounts) Reactivate(ctx context.Context, username string) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := accountNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM deactivated WHERE account_id = $1`, id); err != nil {
			return fmt.Errorf("accounts: activate: %w", err)
		}
		p, err := a.Profile(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := clearFailures(ctx, tx, a.failureNames(found{
			accountID: id, emailKey: rules.EmailKey(p.Email), usernameKey: rules.UsernameKey(p.Username),
		})...); err != nil {
			return err
		}
		return a.log.Note(ctx, tx, audit.Reactivated, id, "")
	})
}

// refuseDeactivated is asked once the password was right.
func refuseDeactivated(ctx context.Context, tx *store.Tx, accountID string) error {
	var since int64
	err := tx.QueryRow(ctx, `SELECT since FROM deactivated WHERE account_id = $1`, accountID).Scan(&since)
	switch {
	case errors.Is(err, store.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("accounts: look for a deactivation: %w", err)
	default:
		return refused(api.CodeDeactivated)
	}
}
