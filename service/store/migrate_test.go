package store_test

import (
	"context"
	"database/sql"
	"os"
	"runtime"
	"testing"

	"github.com/pressly/goose/v3"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

// before are rows as a service had them before accounts had owners: an account, a
// sign-up, a recovery of each kind, and what refers to nothing any more.
var before = []string{
	`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
		country, membership, organization_id, organization_name, news, created_at, activated_at)
		VALUES ('a', 'Ana', 'ana', 'a@example.org', 'a@example.org', '', 'A', 'B', '', 'en', 'CH', 'media', '', 'X', 0, 1, 1)`,
	`INSERT INTO usernames VALUES ('ana', 'a'), ('bela', 's'), ('ghost', 'gone')`,
	`INSERT INTO sign_ups (id, flow_hash, fingerprint, email_key, username_key, taken, state, profile, search, password, probe, created_at, expires_at)
		VALUES ('s', 'f', 'f', 'b@example.org', 'bela', 0, 'waiting', '{}', 'bela', 'p', 'p', 1, 2)`,
	`INSERT INTO recoveries (id, flow_hash, fingerprint, identifier, account_id, created_at, expires_at, known, reset_address, device)
		VALUES ('r', 'r', 'r', 'i', 'a', 1, 2, 1, 'x@example.org', 'd'), ('n', 'n', 'n', 'i', '', 1, 2, 0, '', NULL), ('g', 'g', 'g', 'i', 'gone', 1, 2, 0, '', NULL)`,
	`INSERT INTO email_changes VALUES ('e', 'a', 'c@example.org', 'c@example.org', 0, 1, 2)`,
	`INSERT INTO codes (subject, hash, tries, expires_at) VALUES ('s', 'h', 1, 2), ('r', 'h', 2, 2), ('n', 'h', 0, 2), ('e', 'h', 3, 2), ('g', 'h', 0, 2), ('nothing', 'h', 0, 2)`,
	`INSERT INTO links (hash, purpose, subject, expires_at) VALUES ('1', 'activate', 's', 2), ('2', 'reset', 'r', 2), ('3', 'reset', 'nothing', 2)`,
	`INSERT INTO lock_notices VALUES ('1', 'a', 1), ('2', '', 1), ('3', 'gone', 1)`,
	`INSERT INTO mail_tests VALUES ('a', 1, 0, 1, 1, ''), ('gone', 1, 0, 1, 1, '')`,
	`INSERT INTO idempotency VALUES ('a', 'o', 'k', 'f', 200, '', 'x', 'c', 1, 1), ('gone', 'o', 'k', 'f', 200, '', 'x', 'c', 1, 1)`,
	`INSERT INTO streams VALUES ('a', 's', 1), ('gone', 's', 1)`,
	`INSERT INTO stream_numbers VALUES ('a', 's', 1, 'o'), ('gone', 's', 1, 'o')`,
	`INSERT INTO operations VALUES ('a', 'o', 'register', 'f', 'done', '', '', 'null', '', 1), ('gone', 'o', 'register', 'f', 'done', '', '', 'null', '', 1)`,
	`INSERT INTO audit (id, at, event, subject, detail, actor) VALUES ('1', 1, 'e', 'a', '', 'a'), ('2', 1, 'e', '', '', ''), ('3', 1, 'e', 'gone', '', '')`,
	`INSERT INTO audit_origins (entry, network, at) VALUES ('1', '192.0.2.1', 1), ('2', '192.0.2.2', 1), ('3', '192.0.2.3', 1)`,
	`INSERT INTO meetings (code, document, platform, start_at, end_at) VALUES ('C-1', '{}', '', 1, 2)`,
	`INSERT INTO registrations VALUES ('R-1', 'C-1', 'gone', 'o', 'confirmed', 'onsite', 'Gone', 'G', '', '', 'CH', '{"a":["b"]}', '[]', 1, 1, 1),
		('R-2', 'C-1', 'a', 'o', 'confirmed', 'onsite', 'Ana', 'A', '', '', 'CH', '{}', '[]', 2, 2, 1)`,
}

// after is what is left of them, and with the account what goes.
var after = []struct {
	query      string
	left, then int
}{
	{`SELECT COUNT(*) FROM owners`, 3, 2},
	{`SELECT COUNT(*) FROM usernames`, 2, 1},
	{`SELECT COUNT(*) FROM sign_ups WHERE search = 'bela' AND state = 'waiting'`, 1, 1},
	{`SELECT COUNT(*) FROM recoveries`, 2, 1},
	{`SELECT COUNT(*) FROM recoveries WHERE id = 'r' AND known = 1 AND device IS NOT NULL AND reset_address = 'x@example.org'`, 1, 0},
	{`SELECT COUNT(*) FROM codes`, 4, 2},
	{`SELECT COALESCE(SUM(tries), 0) FROM codes`, 6, 1},
	{`SELECT COUNT(*) FROM links`, 2, 1},
	{`SELECT COUNT(*) FROM lock_notices`, 2, 1},
	{`SELECT COUNT(*) FROM mail_tests`, 1, 0},
	{`SELECT COUNT(*) FROM idempotency`, 1, 0},
	{`SELECT COUNT(*) FROM streams`, 1, 0},
	{`SELECT COUNT(*) FROM stream_numbers`, 1, 0},
	{`SELECT COUNT(*) FROM operations`, 1, 0},
	{`SELECT COUNT(*) FROM audit`, 3, 3},
	{`SELECT COUNT(*) FROM audit_origins`, 2, 1},
	{`SELECT COUNT(*) FROM registrations WHERE person = '' AND account_id = ''`, 1, 1},
	{`SELECT COUNT(*) FROM registrations WHERE person <> ''`, 1, 1},
}

// A service from before comes through the migration whole, and what refers to
// nothing goes.
func TestMigrate_givesAccountsTheirOwners(t *testing.T) {
	systems := map[string]func(*testing.T) (*sql.DB, goose.Dialect){
		"sqlite": func(t *testing.T) (*sql.DB, goose.Dialect) {
			db, err := sql.Open("sqlite-keeping", "file::memory:?_pragma=foreign_keys(1)")
			if err != nil {
				t.Fatal(err)
			}
			db.SetMaxOpenConns(1)
			t.Cleanup(func() { db.Close() })
			return db, goose.DialectSQLite3
		},
		"postgres": func(t *testing.T) (*sql.DB, goose.Dialect) {
			dsn := storetest.PostgresDSN(t)
			db, err := sql.Open("pgx", dsn)
			if err != nil {
				t.Fatal(err)
			}
			empty := func() {
				run(t, db, `DROP SCHEMA public CASCADE`)
				run(t, db, `CREATE SCHEMA public`)
			}
			empty()
			t.Cleanup(func() { // as the next test wants it
				defer db.Close()
				empty()
				whole, err := store.Open(context.Background(), dsn, testLog(t))
				if err != nil {
					t.Fatal(err)
				}
				if err := whole.Close(); err != nil {
					t.Error(err)
				}
			})
			return db, goose.DialectPostgres
		},
	}
	if runtime.GOOS == "windows" {
		delete(systems, "postgres") // see storetest.Each
	}
	for name, open := range systems {
		t.Run(name, func(t *testing.T) {
			db, dialect := open(t)
			provider, err := goose.NewProvider(dialect, db, os.DirFS("migrations"), goose.WithDisableGlobalRegistry(true))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := provider.UpTo(t.Context(), 20); err != nil {
				t.Fatal(err)
			}
			for _, q := range before {
				run(t, db, q)
			}
			if _, err := provider.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			look := func(when string, want func(i int) int) {
				t.Helper()
				for i, c := range after {
					var n int
					if err := db.QueryRowContext(t.Context(), c.query).Scan(&n); err != nil || n != want(i) {
						t.Errorf("%s: %s: %d, want %d (%v)", when, c.query, n, want(i), err)
					}
				}
			}
			look("migrated", func(i int) int { return after[i].left })
			run(t, db, `DELETE FROM accounts WHERE id = 'a'`)
			run(t, db, `DELETE FROM owners WHERE id = 'a'`)
			look("without the account", func(i int) int { return after[i].then })
		})
	}
}

func run(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}
