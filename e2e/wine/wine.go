// Package wine is a Windows computer for one test: a Wine of its own on the
// test's desktop, with a Credential Manager and folders for people. Start one
// with Start, run Windows programs with Command, and end it with Close before
// the desktop.
package wine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"plenary/e2e/desktop"
)

// startLimit is how long making the computer may take: Wine writes 700 MB.
const startLimit = 2 * time.Minute

// Computer is a running Wine.
type Computer struct {
	desk   *desktop.Desktop
	server *desktop.Child
	env    []string
	home   string // of drive C
}

// Start makes a Windows computer below dir with a script (packaging/wine-prefix.sh)
// and starts it.
func Start(desk *desktop.Desktop, script, dir string) (*Computer, error) {
	prefix := filepath.Join(dir, "wine")
	c := &Computer{desk: desk, env: []string{"WINEPREFIX=" + prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml="}, home: filepath.Join(prefix, "drive_c")}
	if err := c.run("wine-prefix", "sh", script, prefix); err != nil {
		return nil, fmt.Errorf("making a Windows computer: %w", err)
	}
	// It stays when no program runs.
	var err error
	c.server, err = desk.Run("wineserver", c.command("wineserver", "wineserver", "--foreground", "--persistent"))
	return c, err
}

// Close ends Wine with all that runs in it, which a signal to its server does
// not: Windows' own services would stay.
func (c *Computer) Close() error {
	if err := c.run("wineserver", "wineserver", "--kill"); err != nil {
		return fmt.Errorf("ending the Windows computer: %w", err)
	}
	if _, err := c.server.Wait(startLimit); err != nil {
		return fmt.Errorf("ending the Windows computer: %w", err)
	}
	return nil
}

// Command prepares a Windows program to run. Its arguments may have paths of
// this computer's drive C and, as Z:, of the real one.
func (c *Computer) Command(name, program string, args ...string) *exec.Cmd {
	return c.command(name, "wine", append([]string{program}, args...)...)
}

func (c *Computer) command(name, path string, args ...string) *exec.Cmd {
	cmd := c.desk.Command(name, path, args...)
	cmd.Env = append(cmd.Env, c.env...)
	return cmd
}

// Run runs a Windows program to its end, which must be a good one.
func (c *Computer) Run(name, program string, args ...string) error {
	return c.run(name, "wine", append([]string{program}, args...)...)
}

func (c *Computer) run(name, path string, args ...string) error {
	child, err := c.desk.Run(name, c.command(name, path, args...))
	if err != nil {
		return err
	}
	if status, err := child.Wait(startLimit); err != nil {
		return fmt.Errorf("%w, see %s", err, c.desk.Log(name))
	} else if status != 0 {
		return fmt.Errorf("%s %s ends with %d, see %s", path, strings.Join(args, " "), status, c.desk.Log(name))
	}
	return nil
}

// UseProfile makes the programs that start from now on those of somebody whose
// folder below C:\users has this name.
func (c *Computer) UseProfile(name string) error {
	local := filepath.Join(c.home, "users", name, "AppData", "Local")
	if err := os.MkdirAll(local, 0o700); err != nil {
		return err
	}
	return c.Run("reg", "reg", "add", `HKCU\Volatile Environment`, "/f", "/v", "LOCALAPPDATA",
		"/d", `C:\users\`+name+`\AppData\Local`)
}

// Path is where a path of drive C, such as users/Public, really is.
func (c *Computer) Path(path string) string { return filepath.Join(c.home, path) }

// Credentials lists the names of what the Credential Manager keeps.
func (c *Computer) Credentials() ([]string, error) {
	out, err := c.command("reg", "wine", "reg", "query", `HKCU\Software\Wine\Credential Manager`).Output()
	if err != nil {
		return nil, fmt.Errorf("asking the Credential Manager: %w", err)
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		if _, name, ok := strings.Cut(strings.TrimSpace(line), `Credential Manager\`); ok {
			names = append(names, name)
		}
	}
	return names, nil
}
