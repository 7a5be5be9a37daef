//go:build e2e

package e2e

import (
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/e2e/await"
	"plenary/e2e/desktop"
	"plenary/e2e/program"
	"plenary/e2e/service"
	"plenary/e2e/wine"
)

// zoe walks through the Windows program. Her name is in the paths of her files.
var zoe = person{service.Person{Identifier: "zoe.muller@example.org", Password: "Quai-du-Rhône-1815!"}, "Zoé", "Müller"}

const zoesProfile = "Zoé Müller 会议"

// link is one of the demonstration's, which on this machine has every port.
const link = "plenary://127.0.0.1/m/" + approved

// demonstrationLimit is how long the demonstration may take to come up: its
// service reads the whole directory in.
const demonstrationLimit = time.Minute

// windowsJourney is a journey on a Windows computer, where only the program is:
// the service is its demonstration's.
type windowsJourney struct {
	*journey
	computer *wine.Computer
	other    *program.Program // beside the first one
}

func newWindowsJourney(t *testing.T) *windowsJourney {
	t.Helper()
	j := &windowsJourney{journey: &journey{t: t}}
	j.desk, j.computer = startWindows(t, desktop.Start)
	j.command = func(name string, args ...string) *exec.Cmd {
		return j.computer.Command(name, binary(t, "e2e/plenary.exe"), args...)
	}
	return j
}

// startWindows starts a Windows computer on a desktop of its own.
func startWindows(t *testing.T, start func(dir string, width, height int) (*desktop.Desktop, error)) (*desktop.Desktop, *wine.Computer) {
	t.Helper()
	folder := t.TempDir()
	t.Cleanup(func() { keepLogs(t, folder) })
	desk, err := start(folder, displayWidth, displayHeight)
	must(t, err)
	t.Cleanup(desk.Close)
	script, err := filepath.Abs("../packaging/wine-prefix.sh")
	must(t, err)
	computer, err := wine.Start(desk, script, folder)
	must(t, err)
	t.Cleanup(func() { must(t, computer.Close()) })
	return desk, computer
}

// TestWine_walk walks a person's path in the real program for Windows, whose
// demonstration is the service: from no account to a confirmed registration,
// through what happens to programs on Windows. After each step there is a
// picture in build/wine/walk.
func TestWine_walk(t *testing.T) {
	t.Parallel()
	r := newReport(t, filepath.Join(built, "wine", "walk"))
	j := newWindowsJourney(t)
	must(t, j.computer.UseProfile(zoesProfile))

	r.step("first-start", all(j.start, j.see("firststart.demo")), j.window)
	r.step("demonstration", j.triesDemonstration("login.submit"), j.window)
	r.step("sign-up", all(j.click("login.signup"), j.fillsSignUp(zoe, "ecole polyt")), j.window)
	r.step("terms", j.acceptsTerms(), j.window)
	r.step("signed-up", all(j.click("signup.submit"), j.see("activate.code")), j.window)
	r.step("mailbox", all(j.mailbox, j.see("mailbox.copy")), j.screen)
	r.step("code-copied", all(j.click("mailbox.copy"), j.main), j.window)
	r.step("activated", all(j.click("activate.code"), j.press("Ctrl+v"), j.press("Enter"), j.see("activate.done")), j.window)
	r.step("log-in", all(j.click("activate.done"), j.logsInAs(zoe.Person)), j.window)
	r.step("credentials-kept", j.keepsCredentials, nil)

	r.step("meeting", all(j.reach("meetings.row."+open), j.click("meetings.row."+open), j.click("meetings.register")), j.window)
	r.step("form", j.fillsRegistration(), j.window)
	r.step("confirmed", all(j.click("register.check"), j.click("register.submit"), j.see("registration.state."+api.Confirmed)), j.window)
	r.step("another-form", all(j.click("nav.meetings"), j.reach("meetings.row."+approved), j.click("meetings.row."+approved),
		j.click("meetings.register"), j.see("register.check"), j.click("register.participation.onsite")), j.window)
	draft := j.see("mymeetings.state." + approved + "." + app.StateDraft)
	r.step("draft", all(j.click("nav.mymeetings"), draft, j.click("mymeetings.row."+approved), j.see("register.check")), j.window)
	r.step("killed-and-still-logged-in", all(
		func() error { j.plenary.Kill(); return nil },
		j.start, j.triesDemonstration("meetings.list"),
	), j.window)
	r.step("still-registered", all(j.click("nav.mymeetings"), j.see("mymeetings.state."+open+"."+api.Confirmed), draft), j.window)

	// Wine leaves it to the window manager which window is in front, unless one
	// was minimized.
	r.step("second-start-with-a-link", all(j.startsAgain("--", link), j.see("register.check")), j.window)
	r.step("leaves-the-form", all(j.click("nav.mymeetings"), j.see("mymeetings.row."+open)), j.window)
	r.step("minimized", j.minimized, j.screen)
	r.step("link-while-minimized", all(j.startsAgain("--", link), j.inFront, j.see("register.check")), j.window)
	r.step("minimized-again", j.minimized, nil)
	r.step("icon-while-minimized", all(j.startsAgain(), j.inFront, j.see("register.check")), j.window)

	r.step("data-in-her-profile", j.hasDataOf(zoesProfile), nil)
	r.step("somebody-else", j.worksApart("Иван"), j.screen)
	r.step("another-folder", all(j.closesOther, j.worksApart(zoesProfile, "--data", `C:\users\Public\Plenary à côté 数据`)), j.screen)
	r.step("undisturbed", all(j.closesOther, j.main, j.click("nav.mymeetings"), j.see("mymeetings.state."+open+"."+api.Confirmed)), j.window)

	r.step("asked-about-the-draft", all(j.click("nav.settings"), j.see("settings.logout"), j.click("settings.logout"), j.see("leave.discard")), j.window)
	r.step("logged-out", all(j.click("leave.discard"), j.see("login.submit")), j.window)
	r.step("credentials-gone", j.keepsNoCredentials, nil)
	r.step("closed", func() error { return j.plenary.Close() }, nil)
}

// triesDemonstration opens the demonstration, until a widget can be seen.
func (j *windowsJourney) triesDemonstration(id string) func() error {
	return all(j.see("firststart.demo"), j.click("firststart.demo"), func() error {
		_, err := j.plenary.WaitFor(demonstrationLimit, id)
		return err
	})
}

// mailbox brings the demonstration's other window to the front.
func (j *windowsJourney) mailbox() error {
	windows, err := j.desk.Windows()
	if err != nil {
		return err
	}
	for _, w := range windows {
		if w.Pid == j.plenary.Pid() && w != j.plenary.Window() {
			return j.desk.BringToFront(w)
		}
	}
	return fmt.Errorf("there is no mailbox among the windows %v", windows)
}

// main brings Plenary's window to the front.
func (j *windowsJourney) main() error { return j.desk.BringToFront(j.plenary.Window()) }

// credentials are the names of what the Credential Manager has of Plenary's, but
// for the known-device tokens, which stay and grant nothing but their own tries.
func (j *windowsJourney) credentials() ([]string, error) {
	names, err := j.computer.Credentials()
	return slices.DeleteFunc(names, func(name string) bool { return strings.Contains(name, "devices") }), err
}

func (j *windowsJourney) keepsCredentials() error {
	names, err := j.credentials()
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("the Credential Manager is empty while a session is kept")
	}
	return err
}

func (j *windowsJourney) keepsNoCredentials() error {
	return await.Until(program.Limit, "the credentials to go", func() (bool, error) {
		names, err := j.credentials()
		return len(names) == 0, err
	})
}

// hasDataOf says whether the data are where Windows wants them.
func (j *windowsJourney) hasDataOf(profile string) func() error {
	return func() error {
		_, err := os.Stat(j.computer.Path("users/" + profile + "/AppData/Local/Plenary"))
		return err
	}
}

// worksApart starts Plenary as somebody else, or with another folder, who has
// never seen it, while the first one runs.
func (j *windowsJourney) worksApart(profile string, args ...string) func() error {
	return all(
		func() error { return j.computer.UseProfile(profile) },
		func() (err error) {
			j.other, err = program.Run(j.desk, "other", j.command("other", args...))
			return err
		},
		func() error { return j.other.Click("firststart.demo") },
		func() error { _, err := j.other.WaitFor(demonstrationLimit, "login.submit"); return err },
	)
}

func (j *windowsJourney) closesOther() error { return j.other.Close() }

// screen takes a picture of the whole screen once it is at rest.
func (j *windowsJourney) screen(path string) error {
	picture, err := desktop.AtRest(program.Limit, func() (*image.RGBA, error) {
		return j.desk.Picture(image.Rect(0, 0, displayWidth, displayHeight))
	})
	if err != nil {
		return err
	}
	return desktop.SavePNG(path, picture)
}
