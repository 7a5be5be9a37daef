package store_test

import (
	"errors"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestInjectFaults_doWhatTheirNamesSay(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults []storetest.Fault
		want   error
		rows   int
		ran    int
	}{
		{"none", nil, nil, 1, 1},
		{"serialization failures are tried again", []storetest.Fault{storetest.FaultSerialization, storetest.FaultSerialization}, nil, 1, 3},
		{"a rollback is final", []storetest.Fault{storetest.FaultRollback}, storetest.ErrFault, 0, 1},
		{"a lost answer is committed", []storetest.Fault{storetest.FaultLostAnswer}, storetest.ErrFault, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				stop := storetest.InjectFaults(db, storetest.FaultsOf(c.faults...))
				ran := 0
				err := db.Update(t.Context(), func(tx *store.Tx) error {
					ran++
					tx.Do(`INSERT INTO settings (name, value) VALUES ('fault', 'x')`)
					return nil
				})
				stop()
				if !errors.Is(err, c.want) || ran != c.ran {
					t.Errorf("%v after %d runs, want %v after %d", err, ran, c.want, c.ran)
				}
				rows := -1
				if err := db.View(t.Context(), func(tx *store.Tx) error {
					tx.Get(`SELECT COUNT(*) FROM settings WHERE name = 'fault'`).Into(&rows)
					return nil
				}); err != nil || rows != c.rows {
					t.Errorf("%d rows, want %d (%v)", rows, c.rows, err)
				}
			})
		})
	}
}
