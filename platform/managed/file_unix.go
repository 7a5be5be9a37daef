//go:build unix

package managed

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// file is a file of JSON. It and its folder must be owner's (a user id), and
// writable by nobody else.
func file(folder, name string, owner uint32) source {
	path := filepath.Join(folder, name)
	return source{place: path, read: func() ([]value, error) {
		f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not hold up the start
		if errors.Is(err, fs.ErrNotExist) {
			if leadsNowhere(path) || leadsNowhere(folder) {
				return nil, fault(ReasonUnreadable)
			}
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		around, err := os.Stat(folder)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, fault(ReasonFormat)
		}
		if !isOnly(owner, info) || !isOnly(owner, around) {
			return nil, fault(ReasonOwner)
		}
		b, err := readLimited(f)
		if err != nil {
			return nil, err
		}
		return parse(b)
	}}
}

// leadsNowhere says whether path is a symbolic link to what is not there, such
// as on a disk that has not been mounted.
func leadsNowhere(path string) bool {
	_, link := os.Lstat(path)
	_, target := os.Stat(path)
	return link == nil && target != nil
}

// isOnly says whether nobody but the owner may write it.
func isOnly(owner uint32, info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == owner && info.Mode().Perm()&0o022 == 0
}
