//go:build unix

package app

import (
	"errors"
	"net"
	"os"
	"path/filepath"

	"plenary/platform/files"
)

// maxSocket is how many bytes a socket's path may have: macOS allows 103, Linux 107.
const maxSocket = 100

// openEar opens a socket in a folder that only this person can enter: the data
// folder or, where its path is too long or its disk knows no sockets, a new one
// in the person's runtime folder or among the temporary files.
func openEar(dir string) (ear, error) {
	if len(filepath.Join(dir, socketName)) <= maxSocket {
		if l, err := listenAt(dir); err == nil {
			return ear{Listener: l}, nil
		}
	}
	var errs []error
	for _, parent := range []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir()} {
		if parent == "" {
			continue
		}
		folder, err := os.MkdirTemp(parent, "plenary-")
		if err != nil {
			errs = append(errs, err)
			continue
		}
		l, err := listenAt(folder)
		if err == nil {
			return ear{Listener: l, folder: folder}, nil
		}
		errs = append(errs, err, files.RemoveAll(folder))
	}
	return ear{}, errors.Join(errs...)
}

func listenAt(folder string) (net.Listener, error) {
	path := filepath.Join(folder, socketName)
	// One that a process left which was killed; the lock says that it is dead.
	if err := files.RemoveIfThere(path); err != nil {
		return nil, err
	}
	return net.Listen("unix", path)
}

// letOthersComeToTheFront does nothing here, see Windows.
func letOthersComeToTheFront() {}
