package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"plenary/platform/files"
)

// Downloads is the person's folder for downloads: what the desktop says on
// Linux (user-dirs.dirs of xdg-user-dirs), Downloads in the home folder
// elsewhere, the home folder itself where there is none.
func Downloads() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the home folder: %w", err)
	}
	candidates := []string{filepath.Join(home, "Downloads")}
	if runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		if dir := xdgFolder(home, xdgNames["Downloads"]); dir != "" {
			candidates = append([]string{dir}, candidates...)
		}
	}
	for _, dir := range candidates {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir, nil
		}
	}
	return home, nil
}

// xdgFolder is a folder that has a purpose, as the desktop says; empty where it does not.
func xdgFolder(home, purpose string) string {
	config := os.Getenv("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(home, ".config")
	}
	data, err := os.ReadFile(filepath.Join(config, "user-dirs.dirs"))
	if err != nil {
		return "" // not every desktop has one
	}
	for line := range strings.Lines(string(data)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), "XDG_"+purpose+"_DIR="); ok {
			return strings.Replace(strings.Trim(value, `"`), "$HOME", home, 1)
		}
	}
	return ""
}

// newFile makes a file in a folder without replacing what is there: "name.ics", then
// "name-2.ics" and so on. A name that leads out of the folder is refused: it may come
// from the service.
func newFile(dir, name string) (*os.File, error) {
	if filepath.Base(name) != name || !filepath.IsLocal(name) || name == "." {
		return nil, errors.New("save a file: its name is none")
	}
	base, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	for n := 1; n < 1000; n++ {
		path := filepath.Join(dir, name)
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", base, n, ext))
		}
		f, err := files.Open(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("save %s: %w", name, err)
		}
		return f, nil
	}
	return nil, fmt.Errorf("save %s: too many files of that name", name)
}

// saveNew writes a file that newFile makes, and returns its path.
func saveNew(dir, name string, data []byte) (string, error) {
	f, err := newFile(dir, name)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("save %s: %w", name, err), files.Remove(f.Name()))
	}
	return f.Name(), nil
}

// SaveToDownloads writes a file into the person's folder for downloads, under a
// name that is still free there, and returns its path.
func SaveToDownloads(name string, data []byte) (string, error) {
	dir, err := Downloads()
	if err != nil {
		return "", fmt.Errorf("find the folder for downloads: %w", err)
	}
	return saveNew(dir, name, data)
}
