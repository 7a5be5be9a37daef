//go:build unix

package app_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"plenary/app"
)

func TestInstance_firstThatHangsIsSaidInTime(t *testing.T) {
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
