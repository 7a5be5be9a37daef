//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"plenary/app"
	"plenary/e2e/mailserver"
	"plenary/e2e/service"
)

// TestWine_workOutlivesTheEndOfWindowsSession types into a form, and ends the session as
// Windows does when somebody shuts it down: nothing is asked, the program ends by itself,
// and the next start has what was typed. Pictures are in build/wine/shutdown.
func TestWine_workOutlivesTheEndOfWindowsSession(t *testing.T) {
	t.Parallel()
	r := newReport(t, filepath.Join(built, "wine", "shutdown"))
	j := newWindowsJourney(t)
	var err error
	j.mails, err = mailserver.Start()
	must(t, err)
	t.Cleanup(func() { j.mails.Close() })
	j.service, err = service.Start(binary(t, "plenaryd"), filepath.Join(t.TempDir(), "service"), j.mails.Address())
	must(t, err)
	t.Cleanup(j.service.Stop)
	hers := func() error { return j.computer.UseProfile(zoesProfile) } // until the session ends
	must(t, hers())
	must(t, j.service.SignUp(j.mails, zoe.Person, zoe.first, zoe.family))
	j.command = func(name string, args ...string) *exec.Cmd {
		return j.computer.Command(name, binary(t, "e2e/plenary.exe"), append([]string{"--service", j.service.Address}, args...)...)
	}

	r.step("typed", all(j.start, j.logsInAs(zoe.Person), j.reach("meetings.row."+open), j.click("meetings.row."+open), j.click("meetings.register"),
		j.see("register.check"), j.reach("register.job"), j.fill("register.job", "Station master"), j.says("register.job", "", nil, "Station master")), j.window)
	r.step("session-ends", all(
		func() error { return j.computer.Run("wineboot", "wineboot", "--end-session") },
		func() error { _, err := j.plenary.Status(); return err }, j.heardIt,
	), nil)
	r.step("still-there", all(hers, j.start, j.see("meetings.list"), j.says("shell.bar", "shell.found", nil), j.click("shell.bar.action"), j.see("mymeetings.state."+open+"."+app.StateDraft),
		j.click("mymeetings.row."+open), j.reach("register.job"), j.says("register.job", "", nil, "Station master")), j.window)
	must(t, j.plenary.Close())
}

// heardIt tells whether the program has ended by itself, and was not ended.
func (j *windowsJourney) heardIt() error {
	log, err := os.ReadFile(j.computer.Path("users/" + zoesProfile + "/AppData/Local/Plenary/plenary.log"))
	if err == nil && !strings.Contains(string(log), "the system ends Plenary") {
		err = fmt.Errorf("the log says nothing of the system's end: %s", log)
	}
	return err
}
