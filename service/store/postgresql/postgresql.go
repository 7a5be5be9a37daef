// Package postgresql finds the system's PostgreSQL, for tests and measurements that
// start one of their own.
package postgresql

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// Programs gives the folder with PostgreSQL's programs, where Debian, Fedora and
// Homebrew put them.
func Programs() (string, error) {
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		for i := len(found) - 1; i >= 0; i-- {
			if _, err := os.Stat(filepath.Join(found[i], "initdb")); err == nil {
				return found[i], nil
			}
		}
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("initdb is not installed")
	}
	return filepath.Dir(path), nil
}

// GiveFolder makes the system's user postgres the owner of a folder: its server
// refuses to run as root.
func GiveFolder(dir string) error {
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, errU := strconv.Atoi(u.Uid)
	gid, errG := strconv.Atoi(strings.TrimSpace(u.Gid))
	if err := errors.Join(errU, errG); err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}
