//go:build e2e

package installer

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"plenary/e2e/await"
	"plenary/e2e/desktop"
)

// TestWine_installersWhileTheProgramRuns: Wine has no Restart Manager, so this is
// what happens to a program that does not end when it is asked to.
func TestWine_installersWhileTheProgramRuns(t *testing.T) {
	t.Parallel()
	oldProgram, newProgram := standIn(t, "0.0.1.0"), standIn(t, "0.0.2.0")
	old, current := machine.pack(t, oldProgram, "0.0.1"), machine.pack(t, newProgram, "0.0.2")
	c := newComputer(t)
	must(t, c.Run("wineboot", "wineboot")) // it writes into the registry at its first
	registryBefore, filesBefore := c.registry(), c.files()
	installed := c.place(machine.folder + `\plenary.exe`)

	// Upgraded: all is new, but for the file in use, which follows at the next start
	// of Windows.
	c.install(old, "SERVICE=https://plenary.example.org")
	running := c.staysRunning()
	if got := c.msiexec("/i", current); got != restart {
		t.Fatalf("the upgrade ends with %d, want %d: Windows is to be started again", got, restart)
	}
	c.stillRuns(running)
	c.shows("0.0.2")
	c.has(machine, "Service", "https://plenary.example.org")
	c.opensLinksWith(machine)
	if !bytes.Equal(read(t, installed), read(t, oldProgram)) {
		t.Error("the file in use is another")
	}
	c.startsStandInByLink()
	c.stillRuns(running)
	c.startAgain(running)
	if !bytes.Equal(read(t, installed), read(t, newProgram)) {
		t.Error("Windows was started again, and the program is not the new one")
	}
	c.startsStandInByLink()
	c.remove(current)
	same(t, "the registry after an upgrade of what ran", registryBefore, c.registry())
	same(t, "drive C after an upgrade of what ran", filesBefore, c.files())

	// Removed: nothing starts it any more, and the next package finds its place.
	c.install(old, "SERVICE=https://plenary.example.org")
	running = c.staysRunning()
	c.remove(old)
	c.stillRuns(running)
	same(t, "the registry after the removal of what runs", registryBefore, c.registry())
	for path := range c.files() {
		if _, ok := filesBefore[path]; !ok && strings.Contains(path, "Plenary") && !strings.HasSuffix(path, "/Plenary") && !strings.HasSuffix(path, "/Plenary/plenary.exe") {
			t.Errorf("the removal has left %s", path)
		}
	}
	c.startAgain(running)
	c.install(current)
	c.shows("0.0.2")
	if !bytes.Equal(read(t, installed), read(t, newProgram)) {
		t.Error("what was installed after the removal is not the new program")
	}
	c.remove(current)
	same(t, "the registry at the end", registryBefore, c.registry())
	same(t, "drive C at the end", filesBefore, c.files())
}

// staysRunning starts the installed stand-in, which runs until Windows ends.
func (c *computer) staysRunning() *desktop.Child {
	c.t.Helper()
	child, err := c.desk.Run("standin", c.Command("standin", machine.folder+`\plenary.exe`, "--stay"))
	must(c.t, err)
	must(c.t, await.Until(time.Minute, "the program to run", func() (bool, error) {
		_, err := os.Stat(c.Path("started.txt"))
		return err == nil, ignoreMissing(err)
	}))
	must(c.t, os.Remove(c.Path("started.txt")))
	return child
}

// startAgain ends what runs and starts Windows again, which then does what it has
// put off.
func (c *computer) startAgain(running *desktop.Child) {
	c.t.Helper()
	must(c.t, c.Run("taskkill", "taskkill", "/f", "/im", "plenary.exe"))
	_, err := running.Wait(time.Minute)
	must(c.t, err)
	must(c.t, c.Run("wineboot", "wineboot"))
}

func (c *computer) stillRuns(child *desktop.Child) {
	c.t.Helper()
	select {
	case <-child.Ended():
		c.t.Fatal("the program does not run any more")
	default:
	}
}
