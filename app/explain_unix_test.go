//go:build unix

package app

import "syscall"

// busyError is what the system says where another program has a file open.
const busyError = syscall.EBUSY
