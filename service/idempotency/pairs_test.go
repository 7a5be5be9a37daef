package idempotency_test

import (
	"context"
	"testing"

	"plenary/service/idempotency"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// A change whose row somebody else is changing waits for its turn: it is not
// begun anew each time, as it would be under serializable isolation, until it has
// lost too often.
func TestDo_atOnceWithOthersOnTheSameRowRunsOnce(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		write := func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE owners SET turn = turn + 1 WHERE id = 'b'`)
			return err
		}
		ran := 0
		storetest.Pair(t, db, 1, func(ctx context.Context) {
			if err := db.WriteCommitted(ctx, write); err != nil {
				t.Error(err)
			}
		}, func(ctx context.Context) {
			if _, err := idempotency.Do(ctx, db, clock, request(), func(ctx context.Context, tx *store.Tx) (idempotency.Outcome, error) {
				ran++
				return idempotency.Outcome{Status: 200}, write(ctx, tx)
			}); err != nil {
				t.Error(err)
			}
		})
		if ran != 1 {
			t.Errorf("it was run %d times", ran)
		}
	})
}
