//go:build unix

package files

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Lock locks the file, which it creates for its owner alone, until it is closed
// or the process ends. It does not wait: ErrLocked if somebody has the lock.
func Lock(path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = ErrLocked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return locked{f}, nil
}

// locked is a file with the lock, which closing the file alone would leave to a process
// that is being started: until it runs its own program, it has the file as well.
type locked struct{ file *os.File }

func (l locked) Close() error {
	return errors.Join(unix.Flock(int(l.file.Fd()), unix.LOCK_UN), l.file.Close())
}
