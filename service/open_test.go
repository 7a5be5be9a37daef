package service_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/node"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// databases runs a test on a new database of both kinds.
func databases(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "plenary.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.PostgresDSN(t)) })
}

// made is a service that Init has made, and how it is run.
func made(t *testing.T, database string) service.Config {
	t.Helper()
	if _, err := service.Init(t.Context(), database, settings, quiet()); err != nil {
		t.Fatal(err)
	}
	return service.Config{
		Database: database, Key: secret.Generate(), Version: "1.0", Log: quiet(), Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
	}
}

func ended(t *testing.T, s *service.Service) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func count(t *testing.T, db *store.DB, query string) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		tx.Get(query).Into(&n)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A command works on the service's data and does nothing else: no e-mail is sent,
// nothing is erased, the audit log is not sealed, and no node is known.
func TestOpen_doesNothingByItself(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		c := made(t, database)
		s, err := service.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		id, err := s.Accounts().Create(t.Context(), staff.NewAccount{
			Username: "admin", Email: "admin@example.org", Password: "Tr4vel-Lemur&Quartz", FamilyName: "Admin",
			Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
		})
		if err != nil {
			t.Fatal(err)
		}
		exec(t, s.DB(), `INSERT INTO deletions (account_id, asked_at, due_at) VALUES ($1, 1, 2)`, id)
		ended(t, s)
		for range 3 {
			if s, err = service.Open(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if list, err := s.Accounts().List(t.Context(), "", 10); err != nil || len(list) != 1 {
				t.Errorf("the account that is to be erased by the running service: %v, %v", list, err)
			}
			if n := count(t, s.DB(), `SELECT COUNT(*) FROM audit WHERE position > 0`); n != 0 {
				t.Errorf("%d entries were sealed", n)
			}
			if n := count(t, s.DB(), `SELECT COUNT(*) FROM nodes`); n != 0 {
				t.Errorf("%d nodes", n)
			}
			ended(t, s)
		}
		// The running service does all that.
		if s, err = service.New(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		defer ended(t, s)
		within(t, 10*time.Second, "erased and sealed", func() bool {
			return count(t, s.DB(), `SELECT COUNT(*) FROM deletions`) == 0 && count(t, s.DB(), `SELECT COUNT(*) FROM audit WHERE position > 0`) > 0
		})
		if n := count(t, s.DB(), `SELECT COUNT(*) FROM nodes`); n != 1 {
			t.Errorf("%d nodes", n)
		}
	})
}

// older makes a database as if the newest migration had not been run yet.
func older(t *testing.T, database string) {
	t.Helper()
	db, err := store.Open(t.Context(), database, quiet())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(fmt.Sprintf("store/migrations/*%d_*.sql", store.Newest()))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range slices.Backward(regexp.MustCompile(`CREATE TABLE (\w+)`).FindAllStringSubmatch(string(text), -1)) {
		exec(t, db, `DROP TABLE `+made[1])
	}
	exec(t, db, `DELETE FROM goose_db_version WHERE version_id = $1`, store.Newest())
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// A database of an older version is migrated by the only node that uses it, or by
// whoever is told to, and by nobody else.
func TestNew_migratesWhereNoOlderNodeRuns(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		c := made(t, database)
		older(t, database)
		if _, err := service.Open(t.Context(), c); !errors.Is(err, service.ErrPending) {
			t.Errorf("a command: %v", err)
		}
		if n, err := service.Pending(t.Context(), database); n != 1 || err != nil {
			t.Errorf("pending: %d, %v", n, err)
		}
		s, err := service.New(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		ended(t, s)
		if n, err := service.Pending(t.Context(), database); n != 0 || err != nil {
			t.Errorf("pending afterwards: %d, %v", n, err)
		}

		older(t, database)
		leave := olderNode(t, database)
		_, err = service.New(t.Context(), c)
		if !errors.Is(err, service.ErrOthersRun) || !strings.Contains(err.Error(), "old-machine (version 0.9)") {
			t.Errorf("beside an older node: %v", err)
		}
		if n, err := service.Pending(t.Context(), database); n != 1 || err != nil {
			t.Errorf("pending: %d, %v", n, err)
		}
		anyway := c
		anyway.MigrateAnyway = true
		if s, err = service.New(t.Context(), anyway); err != nil {
			t.Fatal(err)
		}
		ended(t, s)

		older(t, database)
		leave()
		if s, err = service.New(t.Context(), c); err != nil {
			t.Fatalf("after the older node has stopped: %v", err)
		}
		ended(t, s)

		older(t, database)
		if err := service.Migrate(t.Context(), database, quiet()); err != nil {
			t.Fatal(err)
		}
		if n, err := service.Pending(t.Context(), database); n != 0 || err != nil {
			t.Errorf("after plenaryd migrate: %d, %v", n, err)
		}
	})
}

// olderNode makes a node of an older version known, which runs until leave.
func olderNode(t *testing.T, database string) (leave func()) {
	t.Helper()
	db, err := store.Connect(t.Context(), database, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	lease, err := node.Join(t.Context(), db, node.Node{Name: "old-machine", Version: "0.9", Schema: store.Newest() - 1}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := lease.Leave(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpen_ofADatabaseOfAnotherKey(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		c := made(t, database)
		s, err := service.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		ended(t, s)
		c.Key = secret.Generate()
		if _, err := service.Open(t.Context(), c); !errors.Is(err, service.ErrOtherKey) {
			t.Errorf("another key: %v", err)
		}
	})
}
