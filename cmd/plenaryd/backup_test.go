package main

import (
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

// A copy that is made while the service runs is restored and verified; what was done
// after it is not in it, and the database of before stays.
func TestBackup_andRestoreWhileTheServiceRuns(t *testing.T) {
	dir := t.TempDir()
	data, copied := filepath.Join(dir, "data"), filepath.Join(dir, "copy.db")
	admin := passwordIn(t, must(t, "init", "--data", data))
	s := serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
	must(t, "user", "add", "before", "--data", data, "--email", "before@example.int")
	if out := must(t, "backup", copied, "--data", data); !strings.Contains(out, "copy.db") || !strings.Contains(out, keyFile) {
		t.Errorf("it says:\n%s", out)
	}
	if info, err := os.Stat(copied); err != nil || !onlyOwner(info) {
		t.Errorf("the copy: %v, %v", info, err)
	}
	if o := do(t, "", "backup", copied, "--data", data); o.status != 1 || !strings.Contains(o.stderr, "exists already") {
		t.Errorf("over a copy: %+v", o)
	}
	must(t, "user", "add", "after", "--data", data, "--email", "after@example.int")
	if o := do(t, "", "restore", copied, "--data", data); o.status != 1 || !strings.Contains(o.stderr, "the service runs") {
		t.Errorf("under a running service: %+v", o)
	}
	s.stop(t)

	before := epochOf(t, filepath.Join(data, databaseFile))
	out := must(t, "restore", copied, "--data", data)
	if !strings.Contains(out, "the audit log is whole") || !regexp.MustCompile(`plenaryd\.db\.before-\d{8}-\d{6}`).MatchString(out) {
		t.Errorf("it says:\n%s", out)
	}
	if after := epochOf(t, filepath.Join(data, databaseFile)); len(before) != 8 || len(after) != 8 || after == before {
		t.Errorf("the epoch is %q, and was %q", after, before)
	}
	if list := must(t, "user", "list", "--data", data); !strings.Contains(list, "before@") || strings.Contains(list, "after@") {
		t.Errorf("after the restore:\n%s", list)
	}
	s = serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
	if status := logIn(t, http.DefaultClient, s.address(), "admin", admin); status != 200 {
		t.Errorf("a log-in after the restore: %d", status)
	}
	s.stop(t)
	kept, err := filepath.Glob(filepath.Join(data, databaseFile+".before-*"))
	if err != nil || len(kept) == 0 {
		t.Fatalf("kept: %v, %v", kept, err)
	}
	left, err := filepath.Glob(filepath.Join(data, databaseFile+".*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if !strings.HasPrefix(filepath.Base(path), databaseFile+".before-") {
			t.Errorf("it leaves %s", path)
		}
	}
}

// epochOf is the epoch of a service's database, see store.Epoch.
func epochOf(t *testing.T, database string) (epoch string) {
	t.Helper()
	db, err := store.Open(t.Context(), database, slog.New(slog.DiscardHandler))
	if err == nil {
		err = db.View(t.Context(), func(tx *store.Tx) error {
			tx.Get(`SELECT ` + store.Epoch).Into(&epoch)
			return tx.Err()
		})
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return epoch
}

func TestRestore_refusesWhatIsNoCopyOfThisService(t *testing.T) {
	dir := t.TempDir()
	data, other := filepath.Join(dir, "data"), filepath.Join(dir, "other")
	must(t, "init", "--data", data)
	must(t, "init", "--data", other)
	must(t, "backup", filepath.Join(dir, "other.db"), "--data", other)
	must(t, "backup", filepath.Join(dir, "own.db"), "--data", data)
	own, err := os.ReadFile(filepath.Join(dir, "own.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"text.db": []byte("no database at all, just a text"), "empty.db": nil, "cut.db": own[:len(own)/2],
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := must(t, "user", "list", "--data", data)
	for _, name := range []string{"text.db", "empty.db", "cut.db", "other.db", "missing.db"} {
		if o := do(t, "", "restore", filepath.Join(dir, name), "--data", data); o.status != 1 {
			t.Errorf("%s: %+v", name, o)
		}
		if after := must(t, "user", "list", "--data", data); after != before {
			t.Errorf("%s: the database is another one:\n%s", name, after)
		}
	}
	if o := do(t, "", "restore", filepath.Join(dir, "other.db"), "--data", data); !strings.Contains(o.stderr, "another key") {
		t.Errorf("of another service: %+v", o)
	}
}

func TestBackup_ofPostgreSQLSaysWhatToUse(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "init", "--data", data)
	c, err := readConfig(data)
	if err != nil {
		t.Fatal(err)
	}
	c.Database = "postgres://plenary@db.example.int/plenary"
	if err := c.write(data); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"backup", "x.db"}, {"restore", "x.db"}} {
		if o := do(t, "", append(command, "--data", data)...); o.status != 1 || !strings.Contains(o.stderr, "pg_dump") {
			t.Errorf("%s: %+v", command[0], o)
		}
	}
}

// What PostgreSQL's own tools have restored gets another epoch, and is verified.
func TestRestore_afterOtherToolsOnPostgres(t *testing.T) {
	data, database := filepath.Join(t.TempDir(), "data"), storetest.PostgresDSN(t)
	must(t, "init", "--data", data, "--database", database)
	before := epochOf(t, database)
	if out := must(t, "restore", "--data", data); !strings.Contains(out, "the audit log is whole") {
		t.Errorf("it says:\n%s", out)
	}
	if after := epochOf(t, database); after == before || len(after) != 8 {
		t.Errorf("the epoch is %q, and was %q", after, before)
	}
}
