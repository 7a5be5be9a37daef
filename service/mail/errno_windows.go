package mail

import "golang.org/x/sys/windows"

// What this system says of connections: refused by the other side, or lost.
// syscall.ECONNREFUSED and its like are not Windows' numbers.
var (
	errnoRefused = windows.WSAECONNREFUSED
	errnosLost   = []error{
		windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.WSAENETRESET, windows.ERROR_NETNAME_DELETED, windows.ERROR_BROKEN_PIPE,
	}
)
