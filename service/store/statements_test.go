package store

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
)

func openTest(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "plenary.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func mustUpdate(t *testing.T, db *DB, fn func(*Tx)) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *Tx) error { fn(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// The same text can run while its rows are being read, in one transaction: a Tx does
// not do that, and the driver does not rely on it.
func TestStatements_runWithinThemselves(t *testing.T) {
	db := openTest(t)
	mustUpdate(t, db, func(tx *Tx) {
		for i := range 3 {
			tx.WriteSetting(fmt.Sprint(i), "x")
		}
	})
	var read func(tx *sql.Tx, depth int, got *strings.Builder) error
	read = func(tx *sql.Tx, depth int, got *strings.Builder) error {
		rows, err := tx.QueryContext(t.Context(), `SELECT name FROM settings ORDER BY name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			got.WriteString(name)
			if depth > 0 {
				if err := read(tx, depth-1, got); err != nil {
					return err
				}
			}
		}
		return rows.Err()
	}
	for range 2 { // the second time they are kept
		var got strings.Builder
		tx, err := db.reading.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(read(tx, 1, &got), tx.Rollback()); err != nil {
			t.Fatal(err)
		}
		if got.String() != "001210122012" {
			t.Errorf("got %s", got.String())
		}
	}
}

func TestStatements_followTheTables(t *testing.T) {
	db := openTest(t)
	put := func(name string) error {
		return db.Update(t.Context(), func(tx *Tx) error {
			tx.Do(`INSERT INTO settings (name, value) VALUES ($1, 'x')`, name)
			return nil
		})
	}
	alter := func(query string) {
		mustUpdate(t, db, func(tx *Tx) { tx.Do(query) })
	}
	if err := put("a"); err != nil {
		t.Fatal(err)
	}
	alter(`ALTER TABLE settings RENAME TO settings_away`)
	if err := put("b"); err == nil {
		t.Error("a kept statement wrote to a table that is away")
	}
	alter(`ALTER TABLE settings_away RENAME TO settings`)
	if err := put("c"); err != nil {
		t.Error(err)
	}
	if err := put("c"); err == nil {
		t.Error("a key twice")
	}
	if err := put("d"); err != nil {
		t.Errorf("after a failure: %v", err)
	}
}

func TestStatements_beyondThoseThatAreKept(t *testing.T) {
	db := openTest(t)
	mustUpdate(t, db, func(tx *Tx) {
		for i := range maxStatements + 50 {
			var n int
			if !tx.Get(fmt.Sprintf(`SELECT %d + CAST($1 AS BIGINT)`, i), 1).Into(&n) || n != i+1 {
				tx.Fail(fmt.Errorf("%d: got %d", i, n))
			}
		}
	})
}
