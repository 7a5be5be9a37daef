package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"plenary/localdb"
	"plenary/platform/files"
)

// readJSON reads a file into v, which stays as it is if there is no file.
// What is there and is not JSON is ErrDamaged; files.IsNotFolder if a file is
// where its folder should be, which Windows itself does not tell from no folder.
func readJSON(path string, v any) error {
	b, err := files.Read(path)
	if errors.Is(err, os.ErrNotExist) {
		folder := filepath.Dir(path)
		if info, err := os.Stat(folder); err == nil && !info.IsDir() {
			return &os.PathError{Op: "open", Path: folder, Err: syscall.ENOTDIR}
		}
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: %s is not JSON", ErrDamaged, filepath.Base(path))
	}
	return nil
}

// writeJSON puts v in a file of the owner's, see writeFile.
func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFile(path, b)
}

// writeFile puts data in a file, see files.Write; errors.Is(err,
// localdb.ErrDiskFull) where there is no room. It makes the folder.
func writeFile(path string, data []byte) error {
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = files.Write(path, data)
	}
	if files.IsDiskFull(err) {
		return fmt.Errorf("%w: %w", localdb.ErrDiskFull, err)
	}
	return err
}
