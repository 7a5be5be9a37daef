// Package files is what differs between Windows, macOS and Linux in dealing
// with files. It knows nothing of Plenary.
package files

import "errors"

// ErrLocked: another process, or another Lock of this one, holds the lock.
var ErrLocked = errors.New("the file is locked")
