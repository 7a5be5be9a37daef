//go:build e2e

// Package installer tests Plenary's packages for Windows: they are made of what
// `make windows` has built, installed, upgraded and removed under Wine.
package installer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/e2e/await"
	"plenary/e2e/notices"
)

// root is the repository, seen from this folder.
const root = "../.."

// How msiexec ends, of which Unix shows the lowest eight bits.
const (
	refused = 1603 % 256 // ERROR_INSTALL_FAILURE
	restart = 3010 % 256 // ERROR_SUCCESS_REBOOT_REQUIRED
)

const link = "plenary://plenary.example.org/m/C-00016105?a=1&b=%C3%A9"

// kind is one of the two packages, and where it puts things.
type kind struct {
	scope, suffix string
	registry      string // root of what it writes
	folder        string // of the program, as Windows sees it
}

var (
	machine = kind{"machine", "-x64.msi", `HKEY_LOCAL_MACHINE\Software\`, `C:\Program Files\Plenary`}
	user    = kind{"user", "-x64-user.msi", `HKEY_CURRENT_USER\Software\`, `C:\users\%s\AppData\Local\Programs\Plenary`}
)

// pack makes a package of a program, and returns its path.
func (k kind) pack(t *testing.T, program, version string) string {
	t.Helper()
	out := t.TempDir()
	cmd := exec.Command("sh", filepath.Join(root, "packaging/package-msi.sh"), program, version, out, k.scope)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return filepath.Join(out, "Plenary-"+version+k.suffix)
}

// standIn builds the program that takes Plenary's place where its 44 MB do nothing;
// its version has four numbers.
func standIn(t *testing.T, version string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "standin.exe")
	run := func(env []string, name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), env...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, said)
		}
	}
	run([]string{"GOOS=windows", "CGO_ENABLED=0"}, "go", "build", "-ldflags", "-H=windowsgui", "-o", program, "./standin")
	resources := filepath.Join(t.TempDir(), "resources.json")
	must(t, os.WriteFile(resources, []byte(`{"RT_VERSION": {"#1": {"0000": {"fixed": {"file_version": "`+version+`"}, "info": {"0409": {"ProductName": "Stand-in"}}}}}}`), 0o600))
	run(nil, "go", "tool", "-modfile="+root+"/tools/go.mod", "go-winres", "patch", "--in", resources, "--no-backup", program)
	return program
}

// plenary is the program that make has built, and its version in three numbers.
func plenary(t *testing.T) (program, version string) {
	t.Helper()
	program, err := filepath.Abs(filepath.Join(root, "build/windows/plenary.exe"))
	must(t, err)
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("%v (make windows builds it)", err)
	}
	said, err := exec.Command("sh", filepath.Join(root, "packaging/version.sh"), "numbers").Output()
	must(t, err)
	return program, strings.TrimSpace(string(said))
}

// TestWine_installersFromTheFirstInstallationToTheLastTrace goes through the life of
// both packages on one computer.
func TestWine_installersFromTheFirstInstallationToTheLastTrace(t *testing.T) {
	t.Parallel()
	small := standIn(t, "0.0.1.0")
	program, version := plenary(t)
	old, current := machine.pack(t, small, "0.0.1"), machine.pack(t, program, version)
	userOld, userNew := user.pack(t, small, "0.0.1"), user.pack(t, small, "100.0.0")

	// Without a code page, "récente" is another word east of Vienna.
	if said, err := exec.Command("msiinfo", "export", current, "_ForceCodepage").Output(); err != nil || !bytes.Contains(said, []byte("1252")) {
		t.Errorf("the package's code page is %q (%v)", said, err)
	}
	// Without this Windows shows no notification, and does not say so.
	if said, err := exec.Command("msiinfo", "export", current, "MsiShortcutProperty").Output(); err != nil || !bytes.Contains(said, []byte("System.AppUserModel.ID\tint.plenary.Plenary")) {
		t.Errorf("the shortcut's properties are %q (%v)", said, err)
	}

	c := newComputer(t)
	registryBefore, filesBefore := c.registry(), c.files()

	// For the machine.
	c.install(old, "SERVICE=https://plenary.example.org", `CAFILE=C:\Some folder\ca.pem`)
	c.shows("0.0.1")
	c.has(machine, "Service", "https://plenary.example.org")
	c.has(machine, "CAFile", `C:\Some folder\ca.pem`)
	c.opensLinksWith(machine)
	c.startsStandInByLink()

	c.install(current)
	c.shows(version)
	c.has(machine, "Service", "https://plenary.example.org")
	c.has(machine, "CAFile", `C:\Some folder\ca.pem`)
	if !bytes.Equal(read(t, program), read(t, c.place(machine.folder+`\plenary.exe`))) {
		t.Error("what is installed is not what was built")
	}
	must(t, notices.Check(program, c.place(machine.folder), "LICENSE.txt"))
	c.startsPlenaryByLink()

	if got := c.msiexec("/i", old); got != refused {
		t.Errorf("an older version ends with %d, want %d", got, refused)
	}
	c.shows(version)

	// Beside it, for one user. Wine has one Start menu for all.
	must(t, os.Remove(c.place(startMenu)))
	c.install(userOld, "SERVICE=https://one.example.org")
	c.shows("0.0.1")
	c.has(user, "Service", "https://one.example.org")
	c.has(machine, "Service", "https://plenary.example.org")
	c.opensLinksWith(user)
	c.install(userNew, "SERVICE=https://two.example.org")
	c.shows("100.0.0")
	c.has(user, "Service", "https://two.example.org")

	// And away.
	c.remove(userNew)
	c.listed(version)
	c.remove(current)
	same(t, "the registry after all was removed", registryBefore, c.registry())
	same(t, "drive C after all was removed", filesBefore, c.files())
}

func (c *computer) install(msi string, properties ...string) {
	c.t.Helper()
	if got := c.msiexec(append([]string{"/i", msi}, properties...)...); got != 0 {
		c.t.Fatalf("installing %s ends with %d", filepath.Base(msi), got)
	}
}

func (c *computer) remove(msi string) {
	c.t.Helper()
	if got := c.msiexec("/x", msi); got != 0 {
		c.t.Fatalf("removing %s ends with %d", filepath.Base(msi), got)
	}
}

// place is where a path of drive C, with %s for the user, really is.
func (c *computer) place(path string) string {
	path = strings.TrimPrefix(strings.ReplaceAll(path, "%s", c.user()), `C:\`)
	return c.Path(strings.ReplaceAll(path, `\`, "/"))
}

// user is the name of the one user.
func (c *computer) user() string {
	c.t.Helper()
	folders, err := filepath.Glob(c.Path("users/*/AppData"))
	must(c.t, err)
	if len(folders) != 1 {
		c.t.Fatalf("there are %d users", len(folders))
	}
	return filepath.Base(filepath.Dir(folders[0]))
}

const startMenu = `C:\users\%s\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Plenary.lnk`

// shows checks that a package is in the Start menu and in the list of programs.
func (c *computer) shows(version string) {
	c.t.Helper()
	if _, err := os.Stat(c.place(startMenu)); err != nil {
		c.t.Errorf("no entry in the Start menu: %v", err)
	}
	c.listed(version)
}

// listed checks that the list of programs has this version once.
func (c *computer) listed(version string) {
	c.t.Helper()
	registry := c.registry()
	found := 0
	for key, value := range registry {
		entry, ok := strings.CutSuffix(key, `\DisplayName`)
		if !ok || !strings.Contains(entry, `\Uninstall\`) || value != `"Plenary"` || registry[entry+`\DisplayVersion`] != quoted(version) {
			continue
		}
		found++
		publisher, contact, homepage := identity(c.t)
		for name, want := range map[string]string{
			"Publisher": quoted(publisher), "Contact": quoted(contact), "HelpLink": quoted(homepage), "URLInfoAbout": quoted(homepage),
			"Comments": `"Register for meetings and join them"`, "NoModify": "dword:00000001",
		} {
			if got := registry[entry+`\`+name]; got != want {
				c.t.Errorf("the list of programs has for %s %s, want %s", name, got, want)
			}
		}
	}
	if found != 1 {
		c.t.Errorf("Plenary %s is %d times in the list of programs", version, found)
	}
}

func (c *computer) has(k kind, name, want string) {
	c.t.Helper()
	if got := c.registry()[k.registry+`Plenary\`+name]; got != quoted(want) {
		c.t.Errorf("%s is %s, want %s", name, got, quoted(want))
	}
}

// opensLinksWith checks that links are registered for the package's program.
func (c *computer) opensLinksWith(k kind) {
	c.t.Helper()
	folder := strings.ReplaceAll(k.folder, "%s", c.user())
	command := fmt.Sprintf(`"%s\plenary.exe" -- "%%1"`, folder)
	if got := c.registry()[k.registry+`Classes\plenary\shell\open\command\@`]; got != quoted(command) {
		c.t.Errorf("links are opened with %s, want %s", got, quoted(command))
	}
}

// startsStandInByLink opens a link as a browser does, which starts the stand-in.
// Not done for the package of one user: unlike Windows, Wine 8 looks for who opens
// a link in the machine's half of the registry only.
func (c *computer) startsStandInByLink() {
	c.t.Helper()
	must(c.t, c.Command("link", "start", link).Run())
	var got string
	err := await.Until(time.Minute, "the link to start the program", func() (bool, error) {
		b, err := os.ReadFile(c.Path("started.txt"))
		got = string(b)
		return len(b) > 0, ignoreMissing(err)
	})
	must(c.t, err)
	must(c.t, os.Remove(c.Path("started.txt")))
	if want := strings.Join([]string{machine.folder + `\plenary.exe`, "--", link}, "\n"); got != want {
		c.t.Errorf("the link has started %q, want %q", got, want)
	}
}

// startsPlenaryByLink opens a link with the real program installed: its window
// comes, and goes when an installer wants the program to end.
func (c *computer) startsPlenaryByLink() {
	c.t.Helper()
	must(c.t, c.Command("link", "start", link).Run())
	var pid int
	err := await.Until(2*time.Minute, "the window of the installed program", func() (bool, error) {
		windows, err := c.desk.Windows()
		for _, w := range windows {
			if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", w.Pid)); err == nil && bytes.Contains(line, []byte(link)) {
				pid = w.Pid
				if want := machine.folder + `\plenary.exe` + "\x00--\x00" + link; !bytes.Contains(line, []byte(want)) {
					return false, fmt.Errorf("the link has started %q, want %q", line, want)
				}
			}
		}
		return pid != 0, err
	})
	must(c.t, err)
	c.endsFor(pid)
	// What it keeps is the person's, and stays until they erase it.
	for _, folder := range []string{`C:\users\%s\AppData\Local\Plenary`, `C:\users\%s\AppData\Roaming\fyne`, `C:\users\%s\AppData\Local\fyne`} {
		must(c.t, os.RemoveAll(c.place(folder)))
	}
}

// endsFor ends a program as Windows does for an installer.
func (c *computer) endsFor(pid int) {
	c.t.Helper()
	manager := filepath.Join(c.t.TempDir(), "restartmanager.exe")
	build := exec.Command("go", "build", "-o", manager, "./restartmanager")
	build.Env = append(os.Environ(), "GOOS=windows", "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		c.t.Fatalf("%v\n%s", err, said)
	}
	if said, err := c.Command("restartmanager", manager, machine.folder+`\plenary.exe`).CombinedOutput(); err != nil {
		c.t.Fatalf("it is asked to end: %v\n%s", err, said)
	}
	must(c.t, await.Until(time.Minute, "the program to end", func() (bool, error) {
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		return len(line) == 0, ignoreMissing(err) // an ended one has none
	}))
}

// identity is what packaging/identity.sh says.
func identity(t *testing.T) (publisher, contact, homepage string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", `. packaging/identity.sh; printf '%s\n' "$PUBLISHER" "$CONTACT" "$HOMEPAGE"`)
	cmd.Dir = root
	said, err := cmd.Output()
	must(t, err)
	lines := strings.Split(string(said), "\n")
	return lines[0], lines[1], lines[2]
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
