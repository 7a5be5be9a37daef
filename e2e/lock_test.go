//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"plenary/e2e/service"
)

// TestLock chooses a PIN, with the system's keyring, locks the window while a registration is
// being filled in, kills the program, and finds the session locked, and the registration in
// it, at the next start.
func TestLock(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	person := service.Person{Identifier: "away@example.org", Password: "Last-Train-To-Brig-9"}
	must(t, j.service.SignUp(j.mails, person, "Absent", "Keller"))
	saved := func(name string) func() error {
		return func() error { return j.window(filepath.Join(pictures(t), name+".png")) }
	}
	const pin, wrong, job = "481516", "481517", "Station master"
	enter := func(id, text string) func() error { return all(j.fill(id, text), j.press("Enter")) }
	kill := func() error { return j.plenary.Signal(syscall.SIGKILL) }
	t.Cleanup(func() { j.plenary.Kill() })
	must(t, all(j.start, j.logsInAs(person), j.press("Ctrl+l"), j.see("settings.lock.after"),
		j.reach("settings.lock.save"), j.fill("settings.lock.pin", pin), enter("settings.lock.again", pin),
		j.see("settings.lock-now"), j.says("settings.lock.bar", "settings.lock.saved", nil))())
	must(t, all(j.click("nav.meetings"), j.click("meetings.row."+open), j.click("meetings.register"), j.see("register.check"),
		j.reach("register.job"), j.fill("register.job", job), j.press("Ctrl+l"), j.see("lock.pin"), j.gone("register.job"), saved("locked"),
		enter("lock.pin", wrong), j.see("lock.pin.field.error"), kill)())
	must(t, all(j.start, j.see("lock.pin"), enter("lock.pin", wrong), j.says("lock.pin.field.error", "", nil, "8 tries left"), saved("locked-wrong"),
		enter("lock.pin", pin), j.see("meetings.list"), j.click("nav.mymeetings"), j.click("mymeetings.row."+open),
		j.reach("register.job"), j.says("register.job", "", nil, job))())
	must(t, all(j.press("Ctrl+l"), j.see("lock.pin"), j.click("lock.to-password"), enter("lock.password", person.Password), j.see("register.check"))())
	log, err := os.ReadFile(filepath.Join(j.data, "plenary.log"))
	must(t, err)
	if strings.Contains(string(log), "locks although it is used") {
		t.Error("the window does not hear of its input: Fyne is another inside (input.go)")
	}
}
