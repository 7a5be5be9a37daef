package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"plenary/service/store"
)

func TestAudit_verifiesAndExports(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	must(t, "init", "--data", dir)
	must(t, "user", "roles", "admin", "administrator", "--data", dir)
	var events []string
	for line := range strings.Lines(must(t, "audit", "export", "--data", dir)) {
		var e struct {
			Position        int64
			Event, ID, Seal string
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.ID == "" || len(e.Seal) != 72 || int(e.Position) != len(events)+1 {
			t.Fatalf("line %q: %v", line, err)
		}
		events = append(events, e.Event)
	}
	if got := strings.Join(events, " "); !strings.HasPrefix(got, "created") || len(events) < 2 {
		t.Errorf("exported: %s", got)
	}
	said := must(t, "audit", "verify", "--data", dir)
	_, end, ok := strings.Cut(said, "End: ")
	if end = strings.TrimSpace(end); !ok || !strings.HasPrefix(said, "The log is whole: ") {
		t.Fatalf("verify: %q", said)
	}
	must(t, "user", "activate", "admin", "--data", dir)
	must(t, "audit", "verify", "--data", dir, "--since", end)

	change(t, dir, `UPDATE audit SET event = 'nothing' WHERE position = 2`)
	if o := do(t, "", "audit", "verify", "--data", dir); o.status != 1 || !strings.Contains(o.stderr, "changed at position 2") {
		t.Errorf("after a change: %d %q", o.status, o.stderr)
	}
	for _, args := range [][]string{
		{"audit"},
		{"audit", "erase", "--data", dir},
		{"audit", "verify", "--data", dir, "--since", "1"},
		{"audit", "export", "--data", dir, "--since", end},
		{"audit", "verify"},
	} {
		if o := do(t, "", args...); o.status != 2 || o.stderr == "" {
			t.Errorf("%v: %d %q", args, o.status, o.stderr)
		}
	}
}

// change does to the database what the program does not do.
func change(t *testing.T, dir, query string) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(dir, databaseFile), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		tx.Do(query)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
