package accounts

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/service/store"
)

// expired are the statements that remove what has ended; each takes the time.
// The usernames of sign-ups that nobody activated become free again.
var expired = []string{
	`DELETE FROM codes WHERE expires_at <= $1`,
	`DELETE FROM links WHERE expires_at <= $1`,
	`DELETE FROM recoveries WHERE expires_at <= $1`,
	`DELETE FROM access_tokens WHERE expires_at <= $1`,
	`DELETE FROM sessions WHERE expires_at <= $1`,
	`DELETE FROM limits WHERE ends_at <= $1`,
}

// Housekeep removes what has ended: sign-ups and recoveries that nobody
// finished, tokens, sessions, counters. Nodes may run it at the same time.
func (a *Accounts) Housekeep(ctx context.Context) error {
	now := store.Micros(a.Now())
	for _, q := range expired {
		err := a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, q, now)
			return err
		})
		if err != nil {
			return fmt.Errorf("accounts: housekeeping: %w", err)
		}
	}
	err := a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM usernames WHERE owner IN
				(SELECT id FROM sign_ups WHERE expires_at <= $1 AND state <> $2)`, now, api.SignUpActive); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM sign_ups WHERE expires_at <= $1`, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("accounts: housekeeping: %w", err)
	}
	return nil
}
