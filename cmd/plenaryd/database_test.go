package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every command that opens the database refuses one that this version cannot use,
// says what to do, and changes nothing.
func TestPlenaryd_refusesDatabasesOfOtherVersions(t *testing.T) {
	for name, c := range map[string]struct{ query, want string }{
		"old":   {`UPDATE goose_db_version SET version_id = version_id - 100 WHERE version_id > 0`, "plenaryd init"},
		"newer": {`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, TRUE)`, "Run the newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "service")
			must(t, "init", "--data", dir)
			change(t, dir, c.query)
			before, err := os.ReadFile(filepath.Join(dir, databaseFile))
			if err != nil {
				t.Fatal(err)
			}
			users := filepath.Join(t.TempDir(), "users.csv")
			if err := os.WriteFile(users, []byte("username,email\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{
				{"serve", "--listen", "127.0.0.1:0"},
				{"user", "list"},
				{"user", "deactivate", "admin"},
				{"import", "users", users},
				{"audit", "verify"},
				{"audit", "export"},
			} {
				o := do(t, "", append(args, "--data", dir)...)
				if o.status != 1 || !strings.Contains(o.stderr, c.want) || strings.Contains(o.stderr, "store:") {
					t.Errorf("%v: %d %q", args, o.status, o.stderr)
				}
			}
			if after, err := os.ReadFile(filepath.Join(dir, databaseFile)); err != nil || string(after) != string(before) {
				t.Errorf("the database was changed (%v)", err)
			}
		})
	}
}
