//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// beforeStart makes what interrupt needs of the program.
func beforeStart(*exec.Cmd) {}

// interrupt asks the program to end, as systemd does.
func interrupt(c *exec.Cmd) error { return c.Process.Signal(syscall.SIGTERM) }
