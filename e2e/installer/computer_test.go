//go:build e2e

package installer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"plenary/e2e/desktop"
	"plenary/e2e/wine"
)

// computer is a Windows under Wine on which Plenary is installed and removed.
type computer struct {
	*wine.Computer
	t    *testing.T
	desk *desktop.Desktop
}

func newComputer(t *testing.T) *computer {
	t.Helper()
	dir := t.TempDir()
	desk, err := desktop.Start(dir, 1366, 768)
	must(t, err)
	t.Cleanup(desk.Close)
	script, err := filepath.Abs(filepath.Join(root, "packaging/wine-prefix.sh"))
	must(t, err)
	windows, err := wine.Start(desk, script, dir)
	must(t, err)
	t.Cleanup(func() {
		if err := windows.Close(); err != nil {
			t.Error(err)
		}
	})
	return &computer{windows, t, desk}
}

// msiexec runs Windows' installer without a window, and returns its status as
// Unix shows it, which keeps the lowest eight bits.
func (c *computer) msiexec(args ...string) int {
	c.t.Helper()
	cmd := c.Command("msiexec", "msiexec", append(args, "/qn")...)
	// Wine would write what is in the Start menu into the menus of Linux.
	cmd.Env = append(cmd.Env, "WINEDLLOVERRIDES=mscoree,mshtml,winemenubuilder.exe=")
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	must(c.t, err)
	return 0
}

// registry returns all that is below Software, for the machine and for the user:
// keys with an empty value, and KEY\NAME with what reg export writes for it.
func (c *computer) registry() map[string]string {
	c.t.Helper()
	all := map[string]string{}
	for _, root := range []string{"HKLM", "HKCU"} {
		file := `C:\registry.txt`
		must(c.t, c.Command("reg", "reg", "export", root+`\Software`, file, "/y").Run())
		b, err := os.ReadFile(c.Path("registry.txt"))
		must(c.t, err)
		must(c.t, os.Remove(c.Path("registry.txt")))
		words := make([]uint16, len(b)/2)
		must(c.t, binary.Read(bytes.NewReader(b), binary.LittleEndian, words))
		key := ""
		for line := range strings.Lines(string(utf16.Decode(words))) {
			line = strings.TrimRight(line, "\r\n")
			if k, ok := strings.CutPrefix(line, "["); ok {
				key = strings.TrimSuffix(k, "]")
				all[key] = ""
			} else if name, value, ok := strings.Cut(line, "="); ok && key != "" {
				all[key+`\`+strings.Trim(name, `"`)] = value
			}
		}
	}
	return all
}

// files lists everything on drive C; folders have an empty value.
func (c *computer) files() map[string]string {
	c.t.Helper()
	all := map[string]string{}
	must(c.t, filepath.WalkDir(c.Path(""), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		kind := "a file"
		if d.IsDir() {
			kind = ""
		}
		all[strings.TrimPrefix(path, c.Path(""))] = kind
		return nil
	}))
	return all
}

// same fails the test with what has come, gone or changed since before.
func same(t *testing.T, what string, before, after map[string]string) {
	t.Helper()
	var differences []string
	for _, k := range slices.Sorted(maps.Keys(after)) {
		if ofSystem(k) && after[k] == "" {
			continue
		}
		if old, ok := before[k]; !ok || old != after[k] {
			differences = append(differences, fmt.Sprintf("now %s = %s (was %s)", k, after[k], old))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[k]; !ok {
			differences = append(differences, "gone "+k)
		}
	}
	if len(differences) > 0 {
		t.Errorf("%s: %d differences:\n%s", what, len(differences), strings.Join(differences, "\n"))
	}
}

// ofSystem tells the keys and folders in which Windows' installer keeps its books,
// and Wine what programs set until they end. They are made at the first need, and
// stay when they are empty.
func ofSystem(k string) bool {
	for _, place := range []string{
		`\Microsoft\Installer`, `\Classes\Installer`, `\CurrentVersion\Installer`, "/Microsoft/Installer", "/windows/Installer",
		`\Wine\Temporary System Parameters`,
	} {
		if strings.Contains(k, place) {
			return true
		}
	}
	return false
}

// quoted is a text as reg export writes it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
