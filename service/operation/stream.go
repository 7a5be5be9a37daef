package operation

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/service/store"
)

// place gives an operation its number in the stream, and tells whether it was the
// next one; the others have come before. It refuses with api.CodeNumberGap. The
// account is held: its streams stand in line.
func (o *Operations) place(ctx context.Context, tx *store.Tx, w *work) (next bool, err error) {
	number, now := int64(w.op.Number), store.Micros(o.Now())
	var n int64
	if number == 1 {
		n, err = tx.Exec(ctx, `INSERT INTO streams (account_id, stream, high_water, used_at) VALUES ($1, $2, 1, $3)
			ON CONFLICT (account_id, stream) DO NOTHING`, w.AccountID, w.stream, now)
	} else {
		n, err = tx.Exec(ctx, `UPDATE streams SET high_water = $1, used_at = $2
			WHERE account_id = $3 AND stream = $4 AND high_water = $5`, number, now, w.AccountID, w.stream, number-1)
	}
	if err != nil {
		return false, fmt.Errorf("operation: advance stream: %w", err)
	}
	if n == 1 {
		w.high = w.op.Number
		if number == 1 {
			return true, forgetStreams(ctx, tx, w.AccountID)
		}
		return true, nil
	}
	if w.high, err = highWater(ctx, tx, w.AccountID, w.stream); err == nil && w.op.Number > w.high {
		err = refuse(api.CodeNumberGap)
	}
	return false, err
}

// highWater is the number up to which the service has all of a stream.
func highWater(ctx context.Context, tx *store.Tx, accountID, stream string) (uint64, error) {
	var high uint64
	err := tx.QueryRow(ctx, `SELECT high_water FROM streams WHERE account_id = $1 AND stream = $2`,
		accountID, stream).Scan(&high)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return 0, fmt.Errorf("operation: read stream: %w", err)
	}
	return high, nil
}

// forgetStreams forgets the streams that were used longest ago of an account with
// more than it can have. To their machines it looks as if the service had been
// restored: they begin a new one.
func forgetStreams(ctx context.Context, tx *store.Tx, accountID string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM streams WHERE account_id = $1 AND stream IN
		(SELECT stream FROM streams WHERE account_id = $1 ORDER BY used_at DESC, stream LIMIT 1000 OFFSET $2)`,
		accountID, maxStreams); err != nil {
		return fmt.Errorf("operation: forget streams: %w", err)
	}
	return nil
}
