package store_test

import (
	"context"
	"errors"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestInjectFaults_doWhatTheirNamesSay(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults []store.Fault
		want   error
		rows   int
		ran    int
	}{
		{"none", nil, nil, 1, 1},
		{"serialization failures are tried again", []store.Fault{store.FaultSerialization, store.FaultSerialization}, nil, 1, 3},
		{"a rollback is final", []store.Fault{store.FaultRollback}, store.ErrFault, 0, 1},
		{"a lost answer is committed", []store.Fault{store.FaultLostAnswer}, store.ErrFault, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				left := c.faults
				db.InjectFaults(func() store.Fault {
					if len(left) == 0 {
						return store.NoFault
					}
					f := left[0]
					left = left[1:]
					return f
				})
				ran := 0
				err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					ran++
					_, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ('fault', 'x')`)
					return err
				})
				db.InjectFaults(nil)
				if !errors.Is(err, c.want) || ran != c.ran {
					t.Errorf("%v after %d runs, want %v after %d", err, ran, c.want, c.ran)
				}
				rows := -1
				if err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					return tx.QueryRow(ctx, `SELECT COUNT(*) FROM settings WHERE name = 'fault'`).Scan(&rows)
				}); err != nil || rows != c.rows {
					t.Errorf("%d rows, want %d (%v)", rows, c.rows, err)
				}
			})
		})
	}
}
