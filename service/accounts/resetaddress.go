package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// resetAddressLife is how long a reset address that staff has set counts
// (security.md, Staff's help).
const resetAddressLife = 72 * time.Hour

// activeResetAddress gives the address that staff has set for the next reset of
// an account, while it counts: for one reset within 72 hours. "Forgot password?"
// asks for it where a username was typed, and for nothing else: the address is
// not unique, an area manager's may serve several people.
func (a *Accounts) activeResetAddress(ctx context.Context, tx *store.Tx, accountID string) (email string, ok bool, err error) {
	err = tx.QueryRow(ctx, `SELECT email FROM reset_addresses WHERE account_id = $1 AND used_at = 0 AND expires_at > $2`,
		accountID, store.Micros(a.Now())).Scan(&email)
	if errors.Is(err, store.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("accounts: find reset address: %w", err)
	}
	return email, true, nil
}

// useResetAddress uses an account's reset address up, in the transaction of the
// reset whose e-mail went there. It is api.CodeCodeExpired when it counts no
// more: used by another reset, taken back, stopped by the owner, or too old. The
// address stays known, so that the person can make it their own.
func (a *Accounts) useResetAddress(ctx context.Context, tx *store.Tx, accountID string) error {
	now := store.Micros(a.Now())
	used, err := tx.Exec(ctx, `UPDATE reset_addresses SET used_at = $1 WHERE account_id = $2 AND used_at = 0 AND expires_at > $1`,
		now, accountID)
	if err != nil {
		return fmt.Errorf("accounts: use reset address: %w", err)
	}
	if used != 1 {
		return refused(api.CodeCodeExpired)
	}
	return a.log.Note(ctx, tx, audit.ResetAddressUsed, accountID, "")
}

// voidResetAddress ends an account's reset address that was not used yet, and
// every recovery whose e-mail went to it. It tells whether there was one that
// counted.
func (a *Accounts) voidResetAddress(ctx context.Context, tx *store.Tx, accountID string) (was bool, err error) {
	if _, was, err = a.activeResetAddress(ctx, tx, accountID); err != nil {
		return false, err
	}
	for _, q := range []string{
		`DELETE FROM reset_addresses WHERE account_id = $1 AND used_at = 0`,
		`DELETE FROM codes WHERE subject IN (SELECT id FROM recoveries WHERE account_id = $1 AND reset_address <> '')`,
		`DELETE FROM links WHERE subject IN (SELECT id FROM recoveries WHERE account_id = $1 AND reset_address <> '')`,
		`DELETE FROM recoveries WHERE account_id = $1 AND reset_address <> ''`,
	} {
		if _, err := tx.Exec(ctx, q, accountID); err != nil {
			return false, fmt.Errorf("accounts: void reset address: %w", err)
		}
	}
	return was, nil
}
