package files

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// Lock locks the file, which it creates for its owner alone, until it is closed
// or the process ends. It does not wait: ErrLocked if somebody has the lock.
// Whoever only has the file open, such as a virus scanner, holds no lock.
func Lock(path string) (*Locked, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		err = ErrLocked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Locked{f}, nil
}

// unlock leaves it to the end of the file: here no other process gets it.
func unlock(*os.File) error { return nil }
