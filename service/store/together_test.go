package store_test

import (
	"strings"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestTogether_runsAllInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var (
			made, gone, none int64
			found, missing   bool
			name             string
			count            int
		)
		put := func(tx *store.Tx) error {
			tx.Together(
				store.Change(&made, `INSERT INTO settings (name, value) VALUES ($1, $2), ($3, $4)`, "a", "1", "b", "2"),
				store.Query(`SELECT name, (SELECT COUNT(*) FROM settings WHERE name IN ('a', 'b')) FROM settings WHERE value = $1`, "2").Into(&found, &name, &count),
				store.Query(`SELECT name FROM settings WHERE name = $1`, "c").Into(&missing, &name),
				store.Change(&gone, `DELETE FROM settings WHERE name = $1`, "a"),
				store.Change(&none, `DELETE FROM settings WHERE name = $1`, "c"),
				store.Change(nil, `UPDATE settings SET value = $1 WHERE name = $2`, "3", "b"),
			)
			return tx.Err()
		}
		for range 2 { // the second time the statements are prepared already
			// READ COMMITTED: nobody else is there.
			if err := db.UpdateCommitted(t.Context(), put); err != nil {
				t.Fatal(err)
			}
			if made != 2 || !found || name != "b" || count != 2 || missing || gone != 1 || none != 0 {
				t.Errorf("made %d, found %v %q %d, missing %v, gone %d, none %d", made, found, name, count, missing, gone, none)
			}
			if err := db.Update(t.Context(), func(tx *store.Tx) error {
				if got := tx.Strings(`SELECT value FROM settings WHERE name = 'b'`); len(got) != 1 || got[0] != "3" {
					t.Errorf("left: %q", got)
				}
				tx.Do(`DELETE FROM settings WHERE name = 'b'`)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTogether_failsWithTheStatementThatDid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			tx.Together(
				store.Change(nil, `INSERT INTO settings (name, value) VALUES ('a', '1')`),
				store.Change(nil, `INSERT INTO settings (name, value) VALUES ($1, NULL)`, "b"),
				store.Change(nil, `DELETE FROM settings WHERE name = 'a'`),
			)
			var found bool
			var name string
			tx.Together(store.Query(`SELECT name FROM settings`).Into(&found, &name))
			if found {
				t.Error("it goes on after an error")
			}
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "INSERT INTO settings (name,") || !strings.Contains(err.Error(), "store_test.TestTogether") {
			t.Errorf("error %v", err)
		}
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			if got := tx.Strings(`SELECT name FROM settings WHERE name IN ('a', 'b')`); len(got) != 0 {
				t.Errorf("left: %q", got)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}

// What is cut, or refused by the database for now, within statements that run
// together is done again as a whole.
func TestTogether_isDoneAgainAsAWholeOnPostgres(t *testing.T) {
	server := storetest.NewServer(t)
	db := openDSN(t, server.DSN())
	if _, err := put(t.Context(), db, "count", "0"); err != nil {
		t.Fatal(err)
	}
	var ran int
	for name, trouble := range map[string]func(tx *store.Tx){
		"cut before": func(*store.Tx) { server.CutConnections() },
		"cut within": func(tx *store.Tx) {
			tx.Together(
				store.Change(nil, `UPDATE settings SET value = 'half' WHERE name = 'count'`),
				store.Change(nil, `SELECT pg_terminate_backend(pg_backend_pid())`),
			)
		},
		"serialization failure": func(tx *store.Tx) {
			tx.Together(
				store.Change(nil, `UPDATE settings SET value = 'half' WHERE name = 'count'`),
				store.Change(nil, `DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END $$`),
			)
		},
	} {
		ran = 0
		var (
			found   bool
			value   string
			changed int64
		)
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			if ran++; ran == 1 {
				trouble(tx)
			}
			tx.Together(
				store.Query(`SELECT value FROM settings WHERE name = $1`, "count").Into(&found, &value),
				store.Change(&changed, `UPDATE settings SET value = $1 WHERE name = $2`, name, "count"),
			)
			if tx.Err() == nil && value == "half" {
				t.Errorf("%s: half of it was left", name)
			}
			return nil
		})
		if got, e := get(t, db, "count"); err != nil || e != nil || got != name || ran != 2 || !found || changed != 1 {
			t.Errorf("%s: %q after %d runs, found %v, changed %d: %v, %v", name, got, ran, found, changed, err, e)
		}
	}
}
