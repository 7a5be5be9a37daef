//go:build unix

package storetest

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A run is over when the process that began it has ended, however, and nobody uses the
// server any more; then nothing is left of it.
func TestJoin_theServerEndsWithTheRun(t *testing.T) {
	run := exec.Command("sleep", "600")
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() {
		_ = run.Process.Kill()
		_ = run.Wait() // killed
	}
	t.Cleanup(kill)
	folder := visible(t)
	dir := filepath.Join(folder, "run")
	first, err := join(dir, run.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	answers := func() (n int, err error) { return n, first.admin.QueryRow(`SELECT 1`).Scan(&n) }
	name, err := first.take()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.giveBack(name, false); err != nil {
		t.Fatal(err)
	}
	if again, err := first.take(); err != nil || again != name {
		t.Errorf("it gave %q, and then %q, %v", name, again, err)
	}
	kill()
	if n, err := answers(); n != 1 || err != nil {
		t.Errorf("while it is used: %d, %v", n, err)
	}
	if err := errors.Join(first.admin.Close(), first.user.Close()); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool {
		left, err := os.ReadDir(folder)
		return err == nil && len(left) == 0
	})
	if err := os.Remove(folder); err != nil {
		t.Error(err)
	}
}

// What a keeper has left that was killed is in nobody's way.
func TestJoin_afterTheKeeperWasKilled(t *testing.T) {
	folder := visible(t)
	dir := filepath.Join(folder, "run")
	if err := os.MkdirAll(filepath.Join(dir, usersFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{keeperFile, startedFile, preparedFile} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := join(dir, os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.take(); err != nil {
		t.Error(err)
	}
	if err := errors.Join(c.admin.Close(), c.user.Close()); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { _, err := os.Stat(dir); return errors.Is(err, fs.ErrNotExist) })
	if err := os.RemoveAll(folder); err != nil {
		t.Error(err)
	}
}

// visible is a folder into which the system's user postgres can look.
func visible(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "plenary-runs")
	if err == nil {
		err = os.Chmod(folder, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// until waits for a condition.
func until(t *testing.T, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); pause() {
		if time.Now().After(end) {
			t.Fatal("not within a minute")
		}
	}
}
