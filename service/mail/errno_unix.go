//go:build unix

package mail

import "syscall"

// What this system says of connections: refused by the other side, or lost.
var (
	errnoRefused = syscall.ECONNREFUSED
	errnosLost   = []error{syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE}
)
