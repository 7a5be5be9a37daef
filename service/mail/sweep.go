package mail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"plenary/service/store"
)

// SweepEvery is the time between two rounds of Sweep.
const SweepEvery = 5 * time.Minute

const (
	keepRows = 90 * 24 * time.Hour // for staff: which e-mails went out
	// sweepBatch is how many rows one transaction sweeps: on SQLite it holds up
	// everybody who writes.
	sweepBatch = 500
)

// emptied is the SQL that erases what an e-mail said, once it is not to be sent any
// more; and of e-mails that are to be forgotten the recipient.
var emptied = func() string {
	names := []string{}
	for t := range automatic {
		if t.forget {
			names = append(names, "'"+t.name+"'")
		}
	}
	return `secrets = NULL, params = '{}', qr = '', calendar = '',
		recipient = CASE WHEN template IN (` + strings.Join(names, ", ") + `) THEN '' ELSE recipient END`
}()

// Sweep gives up e-mails that have expired and erases what they said, erases
// secrets whose time is over, and forgets what was settled long ago.
func (s *Sender) Sweep(ctx context.Context) error {
	expire := `state = '` + Expired + `', done_at = $1, lease = ''`
	if !s.KeepSent {
		expire += `, ` + emptied
	}
	now := s.Now()
	for _, sweep := range []struct {
		change, of string
		until      time.Time
	}{
		{`UPDATE mails SET ` + expire, `state = '` + Waiting + `' AND expires_at > 0 AND expires_at <= $1`, now},
		{`UPDATE mails SET secrets = NULL`, `secrets IS NOT NULL AND expires_at > 0 AND expires_at <= $1`, now},
		{`DELETE FROM mails`, `done_at > 0 AND done_at <= $1`, now.Add(-keepRows)},
	} {
		if err := inBatches(ctx, s.DB, sweep.change, sweep.of, store.Micros(sweep.until)); err != nil {
			return err
		}
	}
	// READ COMMITTED: one row for each administrator, of long ago.
	return s.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`DELETE FROM mail_tests WHERE begun_at <= $1`, store.Micros(now.Add(-keepTests)))
		return nil
	})
}

// inBatches changes the e-mails that a condition finds, each batch in a transaction
// of its own, until there is none left. Both are SQL, with $1. What was changed must
// not be found again.
func inBatches(ctx context.Context, db *store.DB, change, of string, arg int64) error {
	query := change + ` WHERE ` + of + fmt.Sprintf(` AND id IN (SELECT id FROM mails WHERE `+of+` LIMIT %d)`, sweepBatch)
	for changed := int64(sweepBatch); changed == sweepBatch; {
		// READ COMMITTED: the condition is judged row by row, again where somebody was
		// faster.
		err := db.UpdateOne(ctx, func(tx *store.Tx) error {
			changed = tx.Do(query, arg)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
