package desktop

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Child is a process that a test started, with all that it starts itself.
type Child struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

func startChild(cmd *exec.Cmd, log string) (*Child, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening a log: %w", err)
	}
	defer out.Close()
	if cmd.Stdout == nil {
		cmd.Stdout = out
	}
	cmd.Stderr = out
	// A group of its own, so that Kill reaches what the process started, and an
	// end with the test even when that is killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	c := &Child{cmd: cmd, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // Wait gives its status
		close(c.ended)
	}()
	return c, nil
}

// Pid is the process's id.
func (c *Child) Pid() int { return c.cmd.Process.Pid }

// Ended is closed once the process has ended.
func (c *Child) Ended() <-chan struct{} { return c.ended }

// Wait waits until the process has ended, no longer than limit, and gives its
// exit status; -1 if a signal ended it.
func (c *Child) Wait(limit time.Duration) (status int, err error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.ended:
		return c.cmd.ProcessState.ExitCode(), nil
	case <-timer.C:
		return 0, fmt.Errorf("%v has not ended within %v", c.cmd.Args, limit)
	}
}

// Signal sends a signal to the process alone.
func (c *Child) Signal(s os.Signal) error { return c.cmd.Process.Signal(s) }

// Kill ends the process and what it started at once, as kill -9 does, and
// waits until it is gone. It may be called again.
func (c *Child) Kill() {
	select {
	case <-c.ended:
		return
	default:
	}
	if err := syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		// The group has gone between the look and the signal.
		return
	}
	<-c.ended
}
