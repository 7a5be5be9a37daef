package store

import (
	"context"
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

func mustWrite(t *testing.T, db *DB, fn func(context.Context, *Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// The same text can run while its rows are being read, in one transaction.
func TestStatements_runWithinThemselves(t *testing.T) {
	db := openTest(t)
	mustWrite(t, db, func(ctx context.Context, tx *Tx) error {
		for i := range 3 {
			if _, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2)`, fmt.Sprint(i), "x"); err != nil {
				return err
			}
		}
		return nil
	})
	var read func(ctx context.Context, tx *Tx, depth int, got *strings.Builder) error
	read = func(ctx context.Context, tx *Tx, depth int, got *strings.Builder) error {
		rows, err := tx.Query(ctx, `SELECT name FROM settings ORDER BY name`)
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
				if err := read(ctx, tx, depth-1, got); err != nil {
					return err
				}
			}
		}
		return rows.Err()
	}
	for range 2 { // the second time they are kept
		var got strings.Builder
		if err := db.Read(t.Context(), func(ctx context.Context, tx *Tx) error { return read(ctx, tx, 1, &got) }); err != nil {
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
		return db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, 'x')`, name)
			return err
		})
	}
	alter := func(query string) {
		mustWrite(t, db, func(ctx context.Context, tx *Tx) error { _, err := tx.Exec(ctx, query); return err })
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
	mustWrite(t, db, func(ctx context.Context, tx *Tx) error {
		for i := range maxStatements + 50 {
			var n int
			if err := tx.QueryRow(ctx, fmt.Sprintf(`SELECT %d + CAST($1 AS BIGINT)`, i), 1).Scan(&n); err != nil || n != i+1 {
				return fmt.Errorf("%d: got %d, %w", i, n, err)
			}
		}
		return nil
	})
}
