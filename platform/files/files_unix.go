//go:build unix

package files

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func rename(from, to string) error { return os.Rename(from, to) }

// transient: here, whoever has a file open is in nobody's way.
func transient(error) bool { return false }

// SyncFolder makes durable what was created, renamed and removed in a folder,
// as far as its file system can.
func SyncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		err = nil // it knows no such thing
	}
	return errors.Join(err, f.Close())
}

// Free returns the bytes of the disk that holds a folder that this person may
// still fill.
func Free(folder string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return 0, os.NewSyscallError("statfs", err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}

// What the errors of this system mean, see meaning.go.
var (
	diskFull  = []error{unix.ENOSPC, unix.EDQUOT}
	readOnly  = []error{unix.EROFS}
	notFolder = []error{unix.ENOTDIR}
	busy      = []error{unix.EBUSY, unix.ETXTBSY}
)
