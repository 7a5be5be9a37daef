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

// list is a property list in XML with these entries.
func list(entries string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">` + entries + `</plist>`
}

// fakePlutil is a program that is called as plutil is.
func fakePlutil(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plutil")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// asXML does what plutil does with a property list that is in XML already. JSON
// it makes of texts, truths, numbers, lists and dictionaries only.
const asXML = `case "$*" in
"-convert xml1 -o - -- "*) exec cat "$6" ;;
"-convert json -o - -- "*) grep -qE '<(data|date)>' "$6" && { echo "invalid object in plist for destination format" >&2; exit 1; } ;;
esac
exit 2`

func TestPlist_isReadThroughPlutil(t *testing.T) {
	dir := put(t, "x.plist", list(`<dict>
	<key>Service</key><string>https://one.example/?a=1&amp;b</string>
	<key>ServiceLocked</key><true/>
	<key>DisableDemo</key><integer>1</integer>
	<key>DisableUpdateNotice</key><false/>
	<key>NSWindow Frame</key><dict><key>Proxy</key><string>direct</string></dict>
	<key>Opened</key><date>2026-11-28T00:00:00Z</date>
	<key>Bookmark</key><data>Ym9vaw==</data>
	<key>Language</key><string>fr</string>
</dict>`))
	path := filepath.Join(dir, "x.plist")
	plutil := fakePlutil(t, asXML)
	l := layer([]source{plist(t.Context(), plutil, path, true)}, true)
	want := Settings{Service: "https://one.example/?a=1&b", ServiceLocked: true, DisableDemo: true, Language: "fr"}
	if l.Settings != want || len(l.Faults) != 0 || l.Places["Service"] != path || !l.Has("DisableUpdateNotice") {
		t.Errorf("got %+v", l)
	}
	if l := layer([]source{plist(t.Context(), plutil, filepath.Join(dir, "none.plist"), false)}, true); len(l.Places)+len(l.Faults) != 0 {
		t.Errorf("a file that is not there: %+v", l)
	}
}

func TestPlist_thatIsNoneIsAFault(t *testing.T) {
	dir := put(t, "x.plist", "no property list")
	path := filepath.Join(dir, "x.plist")
	for name, plutil := range map[string]string{
		"plutil refuses it": fakePlutil(t, "echo 'x.plist: Unexpected character' >&2; exit 1"),
		"no XML comes":      fakePlutil(t, "echo nonsense"),
		"too much comes":    fakePlutil(t, "yes | head -c 100000"),
		"no plutil":         filepath.Join(dir, "none"),
	} {
		l := layer([]source{plist(t.Context(), plutil, path, false)}, true)
		if len(l.Faults) != 1 || l.Faults[0] != (Fault{Place: path, Reason: ReasonFormat}) {
			t.Errorf("%s: %+v", name, l)
		}
	}
	for name, text := range map[string]string{
		"a list":              list(`<array><string>Service</string></array>`),
		"a key without value": list(`<dict><key>Service</key></dict>`),
		"two values":          list(`<dict><key>Service</key><string>a</string><string>b</string><true/></dict>`),
		"another language":    `<html><dict/></html>`,
		"cut":                 `<plist><dict><key>Service</key>`,
		"empty":               "",
	} {
		if values, err := parsePlist([]byte(text)); err != fault(ReasonFormat) {
			t.Errorf("%s: %v, %v", name, values, err)
		}
	}
	// Another type than the key's is the key's fault, as everywhere.
	dir = put(t, "x.plist", list(`<dict><key>Service</key><data>eA==</data><key>ServiceLocked</key><string>true</string></dict>`))
	l := layer([]source{plist(t.Context(), fakePlutil(t, asXML), filepath.Join(dir, "x.plist"), true)}, true)
	if len(l.Places) != 0 || len(l.Faults) != 2 || l.Faults[0].Reason != ReasonType || l.Faults[1].Reason != ReasonType {
		t.Errorf("got %+v", l)
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
		"a link to a disk that is not there": {whole, func(t *testing.T, dir, path string) {
			must(t, os.Remove(path))
			must(t, os.Symlink(filepath.Join(dir, "unmounted", name), path))
		}, me, ReasonUnreadable},
		"its folder is such a link": {whole, func(t *testing.T, dir, _ string) {
			must(t, os.RemoveAll(dir))
			must(t, os.Symlink(dir+"-unmounted", dir))
		}, me, ReasonUnreadable},
		"in UTF-16":   {"\xff\xfe{\x00}\x00", nil, me, ReasonFormat},
		"nothing":     {"", nil, me, ReasonFormat},
		"two objects": {whole + whole, nil, me, ReasonFormat},
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
