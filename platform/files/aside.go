package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// keptAside is for how long, in years, what was set aside stays.
const keptAside = 1

// asideTime is the time in the name of what was set aside, in UTC.
const asideTime = "20060102-150405"

// SetAside renames a file or a folder that cannot be read, for whoever still can: the reason
// and the time are added to its name. It stays until RemoveAside.
func SetAside(path, reason string, now time.Time) error {
	return Rename(path, path+"."+reason+"-"+now.UTC().Format(asideTime))
}

// RemoveAside removes what was set aside in a folder for that reason more than a year ago,
// and returns how many files and folders those were. No folder is no error.
func RemoveAside(folder, reason string, now time.Time) (removed int, err error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	for _, e := range entries {
		_, stamp, _ := strings.Cut(e.Name(), "."+reason+"-")
		at, wrong := time.Parse(asideTime, stamp)
		if wrong != nil || !at.AddDate(keptAside, 0, 0).Before(now) {
			continue
		}
		if failed := TryRemoveAll(filepath.Join(folder, e.Name())); failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		removed++
	}
	return removed, err
}
