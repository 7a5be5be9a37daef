package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/windows"
)

var (
	kernel        = windows.NewLazySystemDLL("kernel32.dll")
	freeConsole   = kernel.NewProc("FreeConsole")
	attachConsole = kernel.NewProc("AttachConsole")
)

// beforeStart gives the program a console of its own, without a window.
func beforeStart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW}
}

// Ctrl+C goes to all in a console, the tests too while they are there.
var survive = sync.OnceFunc(func() { signal.Notify(make(chan os.Signal, 1), os.Interrupt) })

// interrupt asks the program to end, by a Ctrl+C in its console. A process is in
// one console at most, so the tests leave the one that they have.
func interrupt(c *exec.Cmd) error {
	survive()
	_, _, _ = freeConsole.Call() // they may have none
	if ok, _, err := attachConsole.Call(uintptr(c.Process.Pid)); ok == 0 {
		return fmt.Errorf("attach to its console: %w", err)
	}
	err := windows.GenerateConsoleCtrlEvent(windows.CTRL_C_EVENT, 0)
	if ok, _, leaving := freeConsole.Call(); ok == 0 {
		return errors.Join(err, fmt.Errorf("leave its console: %w", leaving))
	}
	return err
}
