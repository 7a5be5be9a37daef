package files

import (
	"errors"
	"os"
)

// ErrLocked: another process, or another Lock of this one, holds the lock.
var ErrLocked = errors.New("the file is locked")

// Locked is a file with its lock.
type Locked struct{ *os.File }

// Close gives the lock back. To close the file alone would leave it to a process that is
// being started: until that runs its own program, it has the file as well.
func (l *Locked) Close() error { return errors.Join(unlock(l.File), l.File.Close()) }
