package localdb

import (
	"bytes"
	"crypto/sha256"
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

// storeFiles are all files of a store, read once and written as often as it is wanted.
type storeFiles []storeFile

type storeFile struct {
	name   string
	folder bool
	used   []byte // without the zeros at its end, which are written as a hole
	size   int64
}

func readStore(from string) (files storeFiles, err error) {
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f := storeFile{folder: d.IsDir()}
		if f.name, err = filepath.Rel(from, path); err != nil {
			return err
		}
		if !f.folder {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			f.used, f.size = bytes.Clone(b[:usedBytes(b)]), int64(len(b))
		}
		files = append(files, f)
		return nil
	})
	return files, err
}

func (files storeFiles) write(to string) error {
	for _, f := range files {
		path := filepath.Join(to, f.name)
		if f.folder {
			if err := os.MkdirAll(path, 0o700); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(path, f.used, 0o600); err != nil {
			return err
		}
		if err := os.Truncate(path, f.size); err != nil {
			return err
		}
	}
	return nil
}

// copyStore copies a store's files.
func copyStore(from, to string) error {
	files, err := readStore(from)
	if err != nil {
		return err
	}
	return files.write(to)
}

// usedBytes is the length of b without the zeros at its end: badger's files are
// mostly that, so that many are looked at at once.
func usedBytes(b []byte) int {
	zeros := make([]byte, 1<<16)
	for len(b) >= len(zeros) && bytes.Equal(b[len(b)-len(zeros):], zeros) {
		b = b[:len(b)-len(zeros)]
	}
	return len(bytes.TrimRight(b, "\x00"))
}
