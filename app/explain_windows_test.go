package app

import "golang.org/x/sys/windows"

// busyError is what the system says where another program has a file open.
const busyError = windows.ERROR_SHARING_VIOLATION
