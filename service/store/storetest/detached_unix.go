//go:build unix

package storetest

import "syscall"

// detached keeps a process apart from a terminal's signals, such as Ctrl+C: what it
// started ends in order.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
