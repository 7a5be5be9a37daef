//go:build unix

package managed

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// put writes a file of settings in a folder of its own, as whoever runs the
// test, and returns the folder.
func put(t *testing.T, name, text string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "plenary")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fakePlutil is a program that does what plutil does with a property list that
// holds these lines of JSON: it says them, or fails if there is none.
func fakePlutil(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plutil")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPlist_isReadThroughPlutil(t *testing.T) {
	dir := put(t, "x.plist", `{"Service":"https://one.example","ServiceLocked":true,"NSNavPanel":"x"}`)
	path := filepath.Join(dir, "x.plist")
	plutil := fakePlutil(t, `[ "$1 $2 $3 $4 $5" = "-convert json -o - --" ] && exec cat "$6"`)
	l := layer([]source{plist(t.Context(), plutil, path, true)}, true)
	if l.Service != "https://one.example" || !l.ServiceLocked || len(l.Faults) != 0 || l.Places["Service"] != path {
		t.Errorf("got %+v", l)
	}
	if l := layer([]source{plist(t.Context(), plutil, filepath.Join(dir, "none.plist"), false)}, true); len(l.Places)+len(l.Faults) != 0 {
		t.Errorf("a file that is not there: %+v", l)
	}
}

func TestPlist_thatIsNoneIsAFault(t *testing.T) {
	dir := put(t, "x.plist", "no property list")
	path := filepath.Join(dir, "x.plist")
	for name, tt := range map[string]struct{ plutil, reason string }{
		"plutil refuses it": {fakePlutil(t, "echo 'x.plist: Unexpected character' >&2; exit 1"), ReasonFormat},
		"no JSON comes":     {fakePlutil(t, "echo nonsense"), ReasonFormat},
		"too much comes":    {fakePlutil(t, "yes | head -c 100000"), ReasonFormat},
		"no plutil":         {filepath.Join(dir, "none"), ReasonFormat},
	} {
		l := layer([]source{plist(t.Context(), tt.plutil, path, false)}, true)
		if len(l.Faults) != 1 || l.Faults[0] != (Fault{Place: path, Reason: tt.reason}) {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestPlist_thatIsAFolderIsAFault(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "x.plist"), 0o755); err != nil {
		t.Fatal(err)
	}
	l := layer([]source{plist(t.Context(), fakePlutil(t, `exec cat "$6"`), filepath.Join(dir, "x.plist"), false)}, true)
	if len(l.Faults) != 1 {
		t.Errorf("got %+v", l)
	}
}

var me = uint32(os.Getuid())

func TestFile_isReadWhereOnlyItsOwnerMayWrite(t *testing.T) {
	whole := `{"Service": "https://one.example", "ServiceLocked": true}`
	const name = "policy.json"
	tests := map[string]struct {
		text   string
		change func(t *testing.T, dir, path string)
		owner  uint32
		reason string // "": it is read
	}{
		"whole":           {whole, nil, me, ""},
		"somebody else's": {whole, nil, me + 1, ReasonOwner},
		"the group may write it": {whole, func(t *testing.T, _, path string) {
			must(t, os.Chmod(path, 0o664))
		}, me, ReasonOwner},
		"everybody may write it": {whole, func(t *testing.T, _, path string) {
			must(t, os.Chmod(path, 0o646))
		}, me, ReasonOwner},
		"everybody may put another one there": {whole, func(t *testing.T, dir, _ string) {
			must(t, os.Chmod(dir, 0o777))
		}, me, ReasonOwner},
		"no JSON":       {"Service = https://one.example", nil, me, ReasonFormat},
		"much too long": {`{"Service": "` + strings.Repeat("x", limit) + `"}`, nil, me, ReasonFormat},
		"a folder": {whole, func(t *testing.T, _, path string) {
			must(t, os.Remove(path))
			must(t, os.Mkdir(path, 0o755))
		}, me, ReasonFormat},
		"a pipe": {whole, func(t *testing.T, _, path string) {
			must(t, os.Remove(path))
			must(t, syscall.Mkfifo(path, 0o644))
		}, me, ReasonFormat},
		"a link that leads nowhere": {whole, func(t *testing.T, dir, path string) {
			must(t, os.Remove(path))
			must(t, os.Symlink(path, path))
		}, me, ReasonUnreadable},
	}
	for test, tt := range tests {
		t.Run(test, func(t *testing.T) {
			dir := put(t, name, tt.text)
			path := filepath.Join(dir, name)
			if tt.change != nil {
				tt.change(t, dir, path)
			}
			l := layer([]source{file(dir, name, tt.owner)}, true)
			if tt.reason == "" {
				if l.Service != "https://one.example" || !l.ServiceLocked || len(l.Faults) != 0 {
					t.Errorf("got %+v", l)
				}
				return
			}
			if len(l.Places) != 0 || len(l.Faults) != 1 || l.Faults[0] != (Fault{Place: path, Reason: tt.reason}) {
				t.Errorf("got %+v", l)
			}
		})
	}
}

func TestFile_thatIsNotThereSetsNothing(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if l := layer([]source{file(dir, "policy.json", me)}, true); len(l.Places)+len(l.Faults) != 0 {
			t.Errorf("got %+v", l)
		}
	}
}

// A file where the folder should be: an error of the system that even its
// administrator, who may read everything, gets.
func TestFile_thatTheSystemDoesNotGiveIsAFault(t *testing.T) {
	dir := put(t, "policy.json", "{}")
	must(t, os.RemoveAll(dir))
	must(t, os.WriteFile(dir, nil, 0o644)) // a file where the folder should be
	if l := layer([]source{file(dir, "policy.json", me)}, true); len(l.Faults) != 1 || l.Faults[0].Reason != ReasonUnreadable {
		t.Errorf("got %+v", l)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
