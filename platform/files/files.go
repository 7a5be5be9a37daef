// Package files is what differs between Windows, macOS and Linux in dealing
// with files: removing and replacing one that another program has open, making
// it durable, locking it, and what the system's errors mean. It knows nothing
// of Plenary, and all of Plenary uses it in place of os.Rename, os.Remove,
// os.RemoveAll and os.WriteFile (package rules has the test).
//
// On Windows a virus scanner, an indexer or a backup that has a file open for a
// moment makes removing or replacing it fail. What fails so is tried again for
// up to two seconds; nothing here is for a goroutine that draws a window.
//
// A file "for its owner alone" is that by its mode, which Windows has not: there
// it is for those who may read its folder, as a person's own folders are for the
// person, the system and the administrators.
package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Rename moves a file, in place of one of that name, or a folder to a name that
// nothing has. On Windows it is on the disk when Rename returns; elsewhere once
// SyncFolder has.
func Rename(from, to string) error {
	return retry(func() error { return rename(from, to) }, transient)
}

// Remove removes a file, or an empty folder.
func Remove(path string) error {
	return retry(func() error { return os.Remove(path) }, transient)
}

// RemoveIfThere is Remove; nothing there is no error.
func RemoveIfThere(path string) error {
	if err := Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// RemoveAll removes a file, or a folder with all that is in it. Nothing there
// is no error.
func RemoveAll(path string) error {
	return retry(func() error { return os.RemoveAll(path) }, transient)
}

// TryRemoveAll is RemoveAll that does not wait, for what may as well stay until
// the next time.
func TryRemoveAll(path string) error { return os.RemoveAll(path) }

// Open opens a file as os.OpenFile does; one that it creates is for its owner
// alone.
func Open(path string, flag int) (f *os.File, err error) {
	err = retry(func() error {
		f, err = os.OpenFile(path, flag, 0o600)
		return err
	}, transient)
	return f, err
}

// Read returns what is in a file.
func Read(path string) (data []byte, err error) {
	err = retry(func() error {
		data, err = os.ReadFile(path)
		return err
	}, transient)
	return data, err
}

// Write puts data into a file for its owner alone, in place of one that is there:
// whole or not at all, and on the disk when it returns. Its folder must exist.
func Write(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, Remove(f.Name()))
	}
	return SyncFolder(filepath.Dir(path))
}
