//go:build e2e

package e2e

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"plenary/app"
	"plenary/e2e/service"
)

// settles waits until nothing moves in the window any more.
func (j *journey) settles() error {
	_, err := j.plenary.Settled()
	return err
}

// TestWork_outlivesTheEndOfTheSystemsSession types into a form, in a session that is not
// to be kept, and ends the program at once as a system does that shuts down: without a
// question. The log-in screen says that work is kept, and whoever logs in is told of it.
// The pictures are those of the last end.
func TestWork_outlivesTheEndOfTheSystemsSession(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	person := service.Person{Identifier: "hurried@example.org", Password: "Last-Train-To-Brig-9"}
	must(t, j.service.SignUp(j.mails, person, "Hurried", "Keller"))
	saved := func(name string) func() error {
		return func() error { return j.window(filepath.Join(pictures(t), name+".png")) }
	}
	// Under nohup the program would inherit that it is not to hear of a hangup.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangups) })
	end := func(s syscall.Signal) func() error { return func() error { return j.plenary.Signal(s) } }
	for _, c := range []struct {
		name string
		end  func() error
		job  string
	}{
		{"terminated", end(syscall.SIGTERM), "Engineer"},
		{"hung up", end(syscall.SIGHUP), "Mountain guide"},
		{"interrupted", end(syscall.SIGINT), "Station master"},
		{"its display is gone", func() error { return j.plenary.LoseDisplay() }, "Pastry cook"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Cleanup(func() { j.plenary.Kill() })
			logIn := all(
				j.see("login.submit"), j.fill("login.identifier", person.Identifier), j.click("login.keep"), j.fill("login.password", person.Password), j.press("Enter"),
				j.see("meetings.list"),
			)
			must(t, all(j.start, logIn, j.click("meetings.row."+open), j.click("meetings.register"), j.see("register.check"),
				j.reach("register.job"), j.fill("register.job", c.job), j.says("register.job", "", nil, c.job), j.settles, c.end)())
			must(t, all(j.start, j.see("login.work-kept"), saved("work-kept"), logIn, j.says("shell.bar", "shell.found", nil), saved("work-found"), j.click("shell.bar.action"), j.gone("shell.bar"), j.see("mymeetings.state."+open+"."+app.StateDraft), j.click("mymeetings.row."+open),
				j.reach("register.job"), j.says("register.job", "", nil, c.job))())
		})
	}
}
