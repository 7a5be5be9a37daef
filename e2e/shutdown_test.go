//go:build e2e

package e2e

import (
	"testing"

	"plenary/app"
	"plenary/e2e/service"
)

// TestWork_outlivesTheEndOfTheSystemsSession types into a form, in a session that is not
// to be kept, and ends the program at once as a system does that shuts down: without a
// question. The next log-in finds the draft.
func TestWork_outlivesTheEndOfTheSystemsSession(t *testing.T) {
	j := newJourney(t)
	person := service.Person{Identifier: "hurried@example.org", Password: "Last-Train-To-Brig-9"}
	must(t, j.service.SignUp(j.mails, person, "Hurried", "Keller"))
	logIn := all(
		j.see("login.submit"), j.fill("login.identifier", person.Identifier), j.click("login.keep"), j.fill("login.password", person.Password), j.press("Enter"),
		j.see("meetings.list"),
	)
	must(t, j.start())
	must(t, all(logIn, j.click("meetings.row."+open), j.click("meetings.register"), j.see("register.submit"),
		j.reach("register.job"), j.fill("register.job", "Engineer"))())
	must(t, j.plenary.Terminate())
	must(t, j.start())
	must(t, all(logIn, j.click("nav.mymeetings"), j.see("mymeetings.state."+open+"."+app.StateDraft))())
}
