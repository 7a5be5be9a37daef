package upkeep

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/store"
)

// ended is what is removed from a table once it is over: its key, and when that is,
// with the time as $1.
type ended struct{ table, key, over string }

var expired = []ended{
	{"sessions", "id", `expires_at <= $1`},
	{"limits", "name", `ends_at <= $1`},
	{"email_changes", "id", `expires_at <= $1`},
	{"approvals", "id", `expires_at <= $1`},
	{"reset_addresses", "account_id", `used_at = 0 AND expires_at <= $1`},
}

// SweptAtOnce bounds what one transaction removes: nobody waits for long for it, and
// databases that limit the size of transactions take it.
const SweptAtOnce = 500

// sweep removes all that is over, in transactions of a bounded size. before runs in
// each of them, with the time and the ids that are removed as a SELECT; it may be
// empty.
func (a *Upkeep) sweep(ctx context.Context, e ended, until time.Time, before func(some string) string) error {
	some := fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d`, e.key, e.table, e.over, e.key, SweptAtOnce)
	for {
		var n int64
		// READ COMMITTED: what has ended by its time, looked at row by row. What was
		// prolonged meanwhile stays.
		err := a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
			if before != nil {
				tx.Do(before(some), store.Micros(until))
			}
			n = tx.Do(fmt.Sprintf(`DELETE FROM %s WHERE %s AND %s IN (%s)`, e.table, e.over, e.key, some), store.Micros(until))
			return nil
		})
		if err != nil {
			return fmt.Errorf("upkeep: sweep %s: %w", e.table, err)
		}
		if n < SweptAtOnce {
			return nil
		}
	}
}

// mailsOf has the e-mails of recoveries be about their account from then on: a
// deletion has to find them.
func mailsOf(recoveries string) string {
	return `UPDATE mails SET subject = (SELECT account_id FROM recoveries r WHERE r.id = mails.subject)
		WHERE subject IN (` + recoveries + `) AND EXISTS (SELECT 1 FROM recoveries r WHERE r.id = mails.subject AND r.account_id <> '')`
}

// Housekeep removes what has ended: sign-ups and recoveries that nobody
// finished, sessions, counters; and accounts whose deletion is due. It
// also indexes accounts for the search of staff. Nodes may run it at the same time.
func (a *Upkeep) Housekeep(ctx context.Context) error {
	now := a.Now()
	if err := a.Proofs.Housekeep(ctx); err != nil {
		return fmt.Errorf("upkeep: housekeeping: %w", err)
	}
	for _, e := range expired {
		if err := a.sweep(ctx, e, now, nil); err != nil {
			return err
		}
	}
	if err := a.sweep(ctx, ended{"recoveries", "id", `expires_at <= $1`}, now, mailsOf); err != nil {
		return err
	}
	if err := a.sweep(ctx, ended{"reset_addresses", "account_id", `used_at > 0 AND used_at <= $1`}, now.Add(-account.UsedAddressLife), nil); err != nil {
		return err
	}
	if err := a.sweepSignUps(ctx, now); err != nil {
		return err
	}
	if err := a.EraseDue(ctx); err != nil {
		return fmt.Errorf("upkeep: housekeeping: %w", err)
	}
	return nil
}

// sweepSignUps removes sign-ups whose time is over. Those that nobody activated go
// with their owners, and so do their usernames.
func (a *Upkeep) sweepSignUps(ctx context.Context, now time.Time) error {
	some := fmt.Sprintf(`SELECT id FROM sign_ups WHERE expires_at <= $1 AND state <> $2 ORDER BY id LIMIT %d`, SweptAtOnce)
	for {
		var n int64
		// SERIALIZABLE: that a sign-up became no account is read, and somebody may activate
		// it meanwhile.
		err := a.DB.Update(ctx, func(tx *store.Tx) error {
			// Nobody is left who could ask for it.
			a.Mail.EraseAbout(tx, some, store.Micros(now), api.SignUpActive)
			n = tx.Do(`DELETE FROM owners WHERE id IN (`+some+`)
				AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = owners.id)`, store.Micros(now), api.SignUpActive)
			return nil
		})
		if err != nil {
			return fmt.Errorf("upkeep: sweep sign-ups: %w", err)
		}
		if n < SweptAtOnce {
			return a.sweep(ctx, ended{"sign_ups", "id", `expires_at <= $1`}, now, nil)
		}
	}
}
