package demo

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// What an early version has left is refused, and left alone until it is said that
// it may go; then everything begins anew.
func TestStart_beginsAnOldDemonstrationAnewOnlyWhenTold(t *testing.T) {
	dir := t.TempDir()
	first, err := Start(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite-keeping", filepath.Join(dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE goose_db_version SET version_id = version_id - 100 WHERE version_id > 0`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if d, err := Start(t.Context(), Config{Dir: dir}); !errors.Is(err, ErrOld) {
			t.Fatalf("started: %v, %v", d, err)
		}
	}
	old, err := os.ReadFile(filepath.Join(dir, databaseFile))
	if err != nil || len(old) == 0 {
		t.Fatalf("it is gone: %v", err)
	}
	d, err := Start(t.Context(), Config{Dir: dir, Anew: true})
	if err != nil {
		t.Fatal(err)
	}
	signUp(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	// Told so once more, one that can be used stays as it is.
	d, err = Start(t.Context(), Config{Dir: dir, Anew: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	accounts := 0
	raw, err := sql.Open("sqlite-keeping", filepath.Join(dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if err := raw.QueryRow(`SELECT COUNT(*) FROM accounts WHERE username = 'elise.martin'`).Scan(&accounts); err != nil || accounts != 1 {
		t.Errorf("%d accounts of before (%v)", accounts, err)
	}
}
