package accounts

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/service/store"
)

// expired are the statements that remove what has ended; each takes the time.
// Sign-ups that nobody activated go with their owners, and so do their usernames.
var expired = []string{
	// Their e-mails are about the account from then on: a deletion has to find them.
	`UPDATE mails SET subject = (SELECT account_id FROM recoveries r WHERE r.id = mails.subject)
		WHERE subject IN (SELECT id FROM recoveries WHERE expires_at <= $1 AND account_id <> '')`,
	`DELETE FROM recoveries WHERE expires_at <= $1`,
	`DELETE FROM sessions WHERE expires_at <= $1`,
	`DELETE FROM limits WHERE ends_at <= $1`,
	`DELETE FROM email_changes WHERE expires_at <= $1`,
	`DELETE FROM approvals WHERE expires_at <= $1`,
	`DELETE FROM reset_addresses WHERE used_at = 0 AND expires_at <= $1`,
}

// Housekeep removes what has ended: sign-ups and recoveries that nobody
// finished, tokens, sessions, counters; and accounts whose deletion is due. It
// also indexes accounts for the search of staff. Nodes may run it at the same time.
func (a *Accounts) Housekeep(ctx context.Context) error {
	now := store.Micros(a.Now())
	remove := func(query string, until int64) error {
		// READ COMMITTED: what has ended by its time, looked at row by row. What was
		// prolonged meanwhile stays.
		return a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, query, until)
			return err
		})
	}
	if err := a.proofs.Housekeep(ctx); err != nil {
		return fmt.Errorf("accounts: housekeeping: %w", err)
	}
	for _, q := range expired {
		if err := remove(q, now); err != nil {
			return fmt.Errorf("accounts: housekeeping: %w", err)
		}
	}
	if err := remove(`DELETE FROM reset_addresses WHERE used_at > 0 AND used_at <= $1`, store.Micros(a.Now().Add(-usedAddressLife))); err != nil {
		return fmt.Errorf("accounts: housekeeping: %w", err)
	}
	err := a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		// Nobody is left who could ask for it.
		if err := a.Mail.EraseAbout(ctx, tx, `SELECT id FROM sign_ups WHERE expires_at <= $1 AND state <> $2`, now, api.SignUpActive); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM owners WHERE id IN
				(SELECT id FROM sign_ups WHERE expires_at <= $1 AND state <> $2)
				AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = owners.id)`, now, api.SignUpActive); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM sign_ups WHERE expires_at <= $1`, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("accounts: housekeeping: %w", err)
	}
	if err := a.eraseDue(ctx); err != nil {
		return fmt.Errorf("accounts: housekeeping: %w", err)
	}
	if err := a.indexMissing(ctx); err != nil {
		return fmt.Errorf("accounts: housekeeping: %w", err)
	}
	return nil
}
