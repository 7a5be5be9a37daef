//go:build unix

package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"plenary/app"
)

func TestInstance_firstThatHangsIsSaidInTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, dir, "")
	first.expect(t, "acquired")
	if err := first.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus // it takes a moment to stop
	if _, err := syscall.Wait4(first.cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("not stopped: %v, %v", status, err)
	}
	before := time.Now()
	_, err := app.AcquireInstance(dir, app.MessageRaise, nil)
	if took := time.Since(before); !errors.Is(err, app.ErrAlreadyRunning) || took > 10*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	if kind := app.Explain(err).Kind; kind != app.KindNotAnswering {
		t.Errorf("explained as %s", kind)
	}
	// Nothing was taken from it: it goes on where it was, and hears the next.
	if err := first.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if _, err := app.AcquireInstance(dir, "after", nil); app.Explain(err).Kind != app.KindInUse {
		t.Errorf("awake again: %v", err)
	}
}

// noSocket makes dir a folder in which no socket can be made.
func noSocket(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "instance.sock", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestInstance_listensElsewhereWhereTheFolderTakesNoSocket(t *testing.T) {
	for name, runtime := range map[string]string{
		"in the runtime folder":         t.TempDir(),
		"among the temporary files":     "",
		"the runtime folder is missing": filepath.Join(t.TempDir(), "missing"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			noSocket(t, dir)
			t.Setenv("XDG_RUNTIME_DIR", runtime)
			got := make(chan string, 1)
			first, err := app.AcquireInstance(dir, "", func(m string) bool { got <- m; return true })
			if err != nil {
				t.Fatal(err)
			}
			if err := first.NotListening(); err != nil {
				t.Error(err)
			}
			if _, err := app.AcquireInstance(dir, "hello", nil); !errors.Is(err, app.ErrAlreadyRunning) || <-got != "hello" {
				t.Errorf("the second one: %v", err)
			}
			socket := listens(t, dir).Address
			if err := first.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(filepath.Dir(socket)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s was left behind: %v", socket, err)
			}
		})
	}
}

func TestInstance_opensWithoutAnySocket(t *testing.T) {
	dir := t.TempDir()
	noSocket(t, dir)
	t.Setenv("XDG_RUNTIME_DIR", "")
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	first, err := app.AcquireInstance(dir, "", nil)
	if err != nil {
		t.Fatalf("a folder without sockets does not open: %v", err)
	}
	defer first.Close()
	if first.NotListening() == nil {
		t.Error("it listens, nobody knows where")
	}
	_, err = app.AcquireInstance(dir, app.MessageRaise, nil)
	if !errors.Is(err, app.ErrAlreadyRunning) || !errors.Is(err, app.ErrNotListening) {
		t.Errorf("the second one: %v", err)
	}
	if kind := app.Explain(err).Kind; kind != app.KindInUse {
		t.Errorf("explained as %s", kind)
	}
}
