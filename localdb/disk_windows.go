package localdb

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// errDiskFullOS is how the system says that there is no room.
var errDiskFullOS error = windows.ERROR_DISK_FULL

// freeBytes returns the free bytes of the disk that holds dir, for this user.
func freeBytes(dir string) (uint64, error) {
	p, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(p, &free, nil, nil); err != nil {
		return 0, os.NewSyscallError("GetDiskFreeSpaceEx", err)
	}
	return free, nil
}

// lockFile locks the file, which it creates, until it is closed or the process
// ends. It does not wait: ErrInUse if it is locked.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, diskError(err)
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	if err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped)); err != nil {
		if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
			err = ErrInUse
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// syncDir does nothing: Windows has no sync of directories, NTFS journals them.
func syncDir(string) error { return nil }
