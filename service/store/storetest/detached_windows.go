package storetest

import "syscall"

// detached is for systems with PostgreSQL.
func detached() *syscall.SysProcAttr { return nil }
