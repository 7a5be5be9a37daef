package secret

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"plenary/platform/files"
)

// Create makes a new key and writes it to a file that must not exist yet,
// readable by its owner only.
func Create(path string) (*Key, error) {
	k := newKey(&ring{masters: []master{newMaster()}})
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("secret: create: %w", err)
	}
	if _, err := f.WriteString(k.text()); err != nil {
		return nil, fmt.Errorf("secret: write: %w", errors.Join(err, f.Close()))
	}
	if err := f.Sync(); err != nil {
		return nil, fmt.Errorf("secret: sync: %w", errors.Join(err, f.Close()))
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("secret: close: %w", err)
	}
	if err := files.SyncFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("secret: sync folder: %w", err)
	}
	return k, nil
}

// Load reads the key from the environment variable PLENARY_KEY if that is set,
// or else from the file. A file that others can read is refused.
func Load(path string) (*Key, error) {
	if text := os.Getenv(Environment); text != "" {
		return Parse(text)
	}
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	return Parse(text)
}

func read(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("secret: load: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("secret: load: others can read %s (mode %v): chmod 600 it", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("secret: load: %w", err)
	}
	return string(text), nil
}

// ErrEnvironment is returned by Extend where the key does not come from a file.
var ErrEnvironment = errors.New("secret: the key comes from the environment variable " + Environment)

// Extend adds a new master key to the end of a key's file, which is replaced at
// once and as a whole, and gives the key as it stands there now. Nothing uses the
// new one yet. Error: ErrEnvironment.
func Extend(path string) (*Key, error) {
	if os.Getenv(Environment) != "" {
		return nil, ErrEnvironment
	}
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	if _, err := Parse(text); err != nil {
		return nil, err
	}
	if text != "" && text[len(text)-1] != '\n' {
		text += "\n"
	}
	m := newMaster()
	text += m.text()
	if err := files.Write(path, []byte(text)); err != nil {
		return nil, fmt.Errorf("secret: extend: %w", err)
	}
	return Parse(text)
}
