// Package storetest runs tests on both databases that the service supports: a
// fresh SQLite file, and a fresh database in a PostgreSQL cluster that all packages
// of a run of go test share (shared.go).
package storetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"plenary/platform/files"
	"plenary/service/store"
)

// Each runs the test as two subtests, each with an empty database of its own
// that has all its tables. On Windows it is SQLite's alone: organizations run
// PostgreSQL on Linux, and the demonstration has SQLite everywhere.
//
// They run beside each other, and beside other tests (testing.T.Parallel), so Each is
// the last that the caller does: it has not ended when Each returns. A test that needs
// the process for itself, or counts what is the process's, does not use Each.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	if runtime.GOOS == "windows" {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// SQLite opens an empty SQLite database that ends with the test.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	empty, err := emptySQLite()
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	path := filepath.Join(folder(t), "plenary.db")
	if err := files.Write(path, empty); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// Owners makes owners (store.Tx.AddOwner), for tests of what belongs to accounts
// where there are none.
func Owners(t testing.TB, db *store.DB, ids ...string) {
	t.Helper()
	if err := db.Update(context.Background(), func(tx *store.Tx) error {
		for _, id := range ids {
			tx.AddOwner(id)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// folder ends with the test. That of a test is in memory where the system has
// such a place: the service has each commit on the disk before it answers, which
// is slow, and which a test would not see.
func folder(t testing.TB) string {
	if _, measured := t.(*testing.B); measured {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "plenary-test")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := files.RemoveAll(dir); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	return dir
}

// emptySQLite is a database with all tables: copying it is much faster than
// migrating again.
var emptySQLite = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "plenary-sqlite")
	if err != nil {
		return nil, err
	}
	defer files.RemoveAll(dir)
	path := filepath.Join(dir, "plenary.db")
	db, err := store.Open(context.Background(), path, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return files.Read(path)
})

// Postgres opens an empty PostgreSQL database that ends with the test.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, PostgresDSN(t))
}

// PostgresDSN gives the address of an empty PostgreSQL database, whose tables
// are at their newest version, until the test ends. The first call of a run starts
// the cluster.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatalf("storetest: PostgreSQL for tests (package postgresql): %v", err)
	}
	name, err := c.take()
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		if err := c.giveBack(name, t.Failed()); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	return c.dsn(name)
}

// connections are those of a test to its PostgreSQL database: enough for statements to
// meet, and fewer than a node has. Opening one, and planning each statement on it anew,
// costs the server more than most tests do.
const connections = 12

func open(t testing.TB, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	db.SetConnections(connections)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("storetest: close: %v", err)
		}
	})
	return db
}
