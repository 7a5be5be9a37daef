package store_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func get(t *testing.T, db *store.DB, name string) (value string, err error) {
	t.Helper()
	err = db.View(context.Background(), func(tx *store.Tx) error {
		if !tx.Get(`SELECT value FROM settings WHERE name = $1`, name).Into(&value) {
			return sql.ErrNoRows
		}
		return nil
	})
	return value, err
}

func TestUpdate_commitsOrLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := db.Update(ctx, func(tx *store.Tx) error { tx.WriteSetting("a", "1"); return nil }); err != nil {
			t.Fatal(err)
		}
		boom := errors.New("boom")
		err := db.Update(ctx, func(tx *store.Tx) error {
			tx.WriteSetting("a", "2")
			return boom
		})
		if !errors.Is(err, boom) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			err := db.Update(ctx, func(tx *store.Tx) error {
				tx.WriteSetting("a", "3")
				panic("boom")
			})
			t.Errorf("returned %v", err)
		}()
		if v, err := get(t, db, "a"); err != nil || v != "1" {
			t.Errorf("got %q, %v", v, err)
		}
		if _, err := get(t, db, "b"); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("a missing row: %v", err)
		}
	})
}

func TestView_cannotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.View(context.Background(), func(tx *store.Tx) error { tx.WriteSetting("a", "1"); return nil })
		if err == nil {
			t.Error("a reading transaction wrote")
		}
	})
}

// Reading a counter and writing it back is what a database without
// serializable isolation gets wrong.
func TestUpdate_losesNoUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		count := func(tx *store.Tx) error {
			var n int64
			tx.Get(`SELECT failures FROM limits WHERE name = $1`, []byte("n")).Into(&n)
			tx.Do(`INSERT INTO limits (name, allowed, failures, in_flight, in_flight_before, lease, ends_at, wait_until)
				VALUES ($1, 0, $2, 0, 0, 0, 0, 0)
				ON CONFLICT (name) DO UPDATE SET failures = excluded.failures`, []byte("n"), n+1)
			return nil
		}
		const parallel, each = 16, 5
		var wg sync.WaitGroup
		for range parallel {
			wg.Go(func() {
				for range each {
					if err := db.Update(ctx, count); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int64
		err := db.View(ctx, func(tx *store.Tx) error {
			tx.Get(`SELECT failures FROM limits WHERE name = $1`, []byte("n")).Into(&n)
			return nil
		})
		if err != nil || n != parallel*each {
			t.Errorf("counted %d of %d, %v", n, parallel*each, err)
		}
	})
}

func TestUpdate_endsWithItsContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		err := db.Update(ctx, func(tx *store.Tx) error {
			cancel()
			tx.WriteSetting("a", "1")
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if _, err := get(t, db, "a"); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("something was kept: %v", err)
		}
	})
}

func TestOpen_keepsFilesPrivateAndIsRepeatable(t *testing.T) {
	name := "with space & sign?.db"
	if runtime.GOOS == "windows" {
		name = "with space & sign.db" // there, a name has no question mark
	}
	path := filepath.Join(t.TempDir(), name)
	for range 2 {
		db, err := store.Open(context.Background(), path, testLog(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Ping(context.Background()); err != nil {
			t.Error(err)
		}
		files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, f := range files {
			if info, err := os.Stat(f); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", f, info.Mode(), err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTime_isTheInverseOfMicros(t *testing.T) {
	at := time.Date(2026, 5, 12, 9, 30, 0, 123456000, time.FixedZone("", 7200))
	if got := store.Time(store.Micros(at)); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("got %v", got)
	}
	if !store.Time(store.Micros(time.Time{})).IsZero() {
		t.Error("zero is not kept")
	}
}

func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}
