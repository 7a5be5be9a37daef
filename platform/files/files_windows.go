package files

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// rename is os.Rename that returns when the disk has it.
func rename(from, to string) error {
	err := moveFile(from, to)
	if err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

func moveFile(from, to string) error {
	f, err := windows.UTF16PtrFromString(long(from))
	if err != nil {
		return err
	}
	t, err := windows.UTF16PtrFromString(long(to))
	if err != nil {
		return err
	}
	return windows.MoveFileEx(f, t, windows.MOVEFILE_REPLACE_EXISTING|windows.MOVEFILE_WRITE_THROUGH)
}

// long is a path as Windows before 10 version 1703 takes it where it has more
// than 260 characters; package os does the same with the paths it gets.
func long(path string) string {
	const most = 247 // of a folder's path
	abs, err := filepath.Abs(path)
	if err != nil || len(abs) <= most || strings.HasPrefix(abs, `\\?\`) {
		return path
	}
	if share, ok := strings.CutPrefix(abs, `\\`); ok {
		return `\\?\UNC\` + share
	}
	return `\\?\` + abs
}

// transient: somebody has the file open, or it is only just going. Access is also
// denied for good: that is found out after two seconds.
func transient(err error) bool {
	for _, e := range []error{
		windows.ERROR_ACCESS_DENIED, windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION,
		windows.ERROR_DELETE_PENDING, windows.ERROR_DIR_NOT_EMPTY,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// SyncFolder does nothing: Windows has no sync of folders, Rename writes through,
// and NTFS keeps the order of what is done in a folder.
func SyncFolder(string) error { return nil }

// Free returns the bytes of the disk that holds a folder that this person may
// still fill.
func Free(folder string) (uint64, error) {
	p, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(p, &free, nil, nil); err != nil {
		return 0, os.NewSyscallError("GetDiskFreeSpaceEx", err)
	}
	return free, nil
}

// What the errors of this system mean, see meaning.go. Those of package syscall
// are not Windows' own: Go names them so that portable code compiles.
var (
	diskFull = []error{
		windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED,
		syscall.ENOSPC, syscall.EDQUOT,
	}
	readOnly  = []error{windows.ERROR_WRITE_PROTECT, syscall.EROFS}
	notFolder = []error{windows.ERROR_DIRECTORY, windows.ERROR_PATH_NOT_FOUND} // Go calls the latter ENOTDIR
	busy      = []error{windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION}
)
