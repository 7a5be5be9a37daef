package localdb

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// fileSums returns the sums of all files below dir that hold data.
func fileSums(t testing.TB, dir string) map[string][32]byte {
	t.Helper()
	sums := map[string][32]byte{}
	for _, name := range listFiles(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		sums[name] = sha256.Sum256(b)
	}
	return sums
}

// fileNames returns the paths, relative to dir, of all files below it.
func fileNames(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, name)
		return err
	})
	return names, err
}

func listFiles(t testing.TB, dir string) []string {
	t.Helper()
	names, err := fileNames(dir)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// copyFiles copies a store's files as a killed process would leave them.
func copyFiles(t testing.TB, from string) (to string) {
	t.Helper()
	to = openedFolder(t)
	if err := copyStore(from, to); err != nil {
		t.Fatal(err)
	}
	return to
}

// openedFolder is a temporary folder in which badger may keep files open, which
// it does where it found them damaged or was not closed: on Windows they stay.
func openedFolder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "plenary-store")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil && runtime.GOOS != "windows" {
			t.Error(err)
		}
	})
	return dir
}

// copyStore copies all files, the zeros at their ends as holes; but badger's
// lock, which nobody can read on Windows while the store is open.
func copyStore(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		if d.Name() == "LOCK" {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), b[:usedBytes(b)], 0o600); err != nil {
			return err
		}
		return os.Truncate(filepath.Join(to, name), int64(len(b)))
	})
}

// usedBytes is the length of b without the zeros at its end: badger's files are
// mostly that.
func usedBytes(b []byte) int { return len(bytes.TrimRight(b, "\x00")) }

// removeCaches removes the caches, and so the copies of the journal's records.
func removeCaches(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "cache-*"))
	for _, path := range paths {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}
