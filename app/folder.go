package app

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"plenary/rules"
)

// FolderEntry is a file or folder of this computer.
type FolderEntry struct {
	Name, Path string
	Folder     bool
	Size       int64
	Changed    time.Time
}

// ReadFolder gives what is in a folder that is not hidden: folders, and files whose names
// have one of these endings; folders first, by name. It waits for the disk.
func ReadFolder(path string, endings []string) ([]FolderEntry, error) {
	found, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var entries []FolderEntry
	for _, f := range found {
		full := filepath.Join(path, f.Name())
		info, err := os.Stat(full) // of what a link leads to
		if err != nil || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		one := FolderEntry{Name: f.Name(), Path: full, Folder: info.IsDir(), Size: info.Size(), Changed: info.ModTime()}
		if one.Folder || info.Mode().IsRegular() && slices.Contains(endings, strings.ToLower(filepath.Ext(one.Name))) {
			entries = append(entries, one)
		}
	}
	slices.SortStableFunc(entries, func(a, b FolderEntry) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return -1
			}
			return 1
		}
		return strings.Compare(rules.Fold(a.Name), rules.Fold(b.Name))
	})
	return entries, nil
}

// Places are the folders from which people begin: the home folder first, those in it that
// have a purpose, on Windows the drives. It waits for the disk.
func Places() (places []FolderEntry) {
	add := func(name, path string) {
		if info, err := os.Stat(path); err == nil && info.IsDir() && !slices.ContainsFunc(places, func(p FolderEntry) bool { return p.Path == path }) {
			places = append(places, FolderEntry{Name: name, Path: path, Folder: true})
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		add(filepath.Base(home), home)
		for _, purpose := range []string{"Desktop", "Documents", "Downloads", "Pictures"} {
			path := filepath.Join(home, purpose)
			if runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
				if own := xdgFolder(home, xdgNames[purpose]); own != "" {
					path = own
				}
			}
			add(filepath.Base(path), path)
		}
	}
	if runtime.GOOS == "windows" {
		for letter := 'A'; letter <= 'Z'; letter++ {
			add(string(letter)+":", string(letter)+`:\`)
		}
	}
	return places
}

// xdgNames are what xdg-user-dirs calls the folders.
var xdgNames = map[string]string{"Desktop": "DESKTOP", "Documents": "DOCUMENTS", "Downloads": "DOWNLOAD", "Pictures": "PICTURES"}

// OpenFile begins to read a file of this computer.
func OpenFile(path string) (io.ReadCloser, error) { return os.Open(path) }
