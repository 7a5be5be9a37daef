//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/e2e/service"
)

// Names of an organization's service, before and after it moves.
const (
	oldName = "plenary.example.test"
	newName = "accounts.example.test"
)

// mover is somebody whose organization's service does not stay where it is.
type mover struct {
	*journey
	names    *names
	meetings []api.Meeting
	folder   string // of the services
}

func newMover(t *testing.T) *mover {
	t.Helper()
	m := &mover{journey: newJourney(t), names: newNames(t, oldName, newName), folder: t.TempDir()}
	var err error
	m.meetings, err = m.service.Meetings() // the demonstration's
	must(t, err)
	m.service.Stop()
	m.desk.Setenv("HTTPS_PROXY", "http://"+m.names.proxy)
	m.address = "https://" + oldName
	plain := m.command
	m.command = func(name string, args ...string) *exec.Cmd {
		return plain(name, append([]string{"--ca", m.names.caFile}, args...)...)
	}
	return m
}

// setsUp makes a service in an empty folder, at the old name, with somebody in it.
func (m *mover) setsUp(folder string, person person) error {
	s, err := service.StartReal(binary(m.t, "plenaryd"), filepath.Join(m.folder, folder), "", m.mails.Address())
	if err != nil {
		return err
	}
	m.t.Cleanup(func() { keepLogs(m.t, filepath.Dir(s.Log())); s.Stop() })
	m.service = s
	if err := s.ImportMeetings(m.meetings); err != nil {
		return err
	}
	if err := s.Restart("--address", "https://"+oldName); err != nil {
		return err
	}
	m.names.lead(oldName, s.Address)
	return s.SignUp(m.mails, person.Person, person.first, person.family)
}

// goesAway stops the service, which the person learns by looking for news.
func (m *mover) goesAway() error {
	m.service.Stop()
	return all(m.press("F5"), m.says("status", "", nil, "Offline since"))()
}

// moves starts the service again, at its new name and nowhere else.
func (m *mover) moves() error {
	if err := m.service.Restart("--address", "https://"+newName); err != nil {
		return err
	}
	m.names.lead(oldName, "")
	m.names.lead(newName, m.service.Address)
	return nil
}

// registersOffline keeps a registration for sending.
func (m *mover) registersOffline() func() error {
	return all(m.click("meetings.row."+open), m.click("meetings.register"), m.fillsRegistration(),
		m.click("register.check"), m.click("register.submit"), m.see("registration.state."+app.StateWaitingToSend))
}

// arrived tells whether the service has one registration of a person, and which.
func (m *mover) arrived(p person, meetings ...string) func() error {
	return func() error {
		list, err := m.service.OwnRegistrations(p.Person)
		if err != nil {
			return err
		}
		var got []string
		for _, r := range list {
			got = append(got, r.Meeting)
		}
		if slices.Sort(got); !slices.Equal(got, meetings) {
			return fmt.Errorf("the service has registrations for %q, want %q", got, meetings)
		}
		return nil
	}
}

// TestService_moves to another name while a registration waits to be sent: the person
// enters the new one, the service proves there that it is the same, and the session and
// the registration go on.
func TestService_moves(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	must(t, m.setsUp("service", elise))
	r := newReport(t, filepath.Join(pictures(t), "moved"))
	r.step("logged-in", all(m.start, m.logsInAs(elise.Person)), m.window)
	r.step("kept-without-network", all(m.goesAway, m.registersOffline()), m.window)
	r.step("which-service", all(m.moves, m.section("program"), m.reach("settings.service.other"),
		m.says("settings.service", "settings.service", data{"Host": oldName})), m.window)
	r.step("asked-about-what-waits", all(m.click("settings.service.other"), m.see("leave.keep")), m.window)
	r.step("new-address", all(m.click("leave.keep"), m.see("firststart.address"), m.fill("firststart.address", newName)), m.window)
	r.step("has-proved-that-it-is-the-same", all(m.click("firststart.connect"), m.see("meetings.list"),
		m.says("shell.bar", "shell.moved", data{"From": oldName, "To": newName})), m.window)
	r.step("arrived", all(m.click("nav.mymeetings"), m.see("mymeetings.state."+open+"."+api.Confirmed), m.arrived(elise, open)), m.window)
	m.address = "" // it remembers
	r.step("still-there-at-the-next-start", all(func() error { return m.plenary.Close() }, m.start, m.see("meetings.list"),
		m.gone("shell.bar"), m.says("status", "", nil, newName)), m.window)
	must(t, m.plenary.Close())
}

// TestService_isSetUpAnew at its address, with nothing in it: what is here stays sealed,
// also from whoever logs in there, and is offered to its owner.
func TestService_isSetUpAnew(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	must(t, m.setsUp("service", elise))
	r := newReport(t, filepath.Join(pictures(t), "anew"))
	r.step("logged-in", all(m.start, m.logsInAs(elise.Person)), m.window)
	r.step("kept-without-network", all(m.goesAway, m.registersOffline(),
		m.click("nav.meetings"), m.reach("meetings.row."+approved), m.click("meetings.row."+approved), m.click("meetings.register"),
		m.see("register.check"), m.click("register.participation.onsite"), m.click("nav.mymeetings"),
		m.see("mymeetings.state."+approved+"."+app.StateDraft)), m.window)
	kept, err := filepath.Glob(filepath.Join(m.data, "*", "*-*", "journal"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("stores of people: %q, %v", kept, err)
	}
	r.step("another-answers", all(func() error { return m.setsUp("anew", ivan) }, m.press("F5"),
		m.says("shell.bar", "error.other-service", nil), m.arrived(ivan)), m.window)
	r.step("asked", all(m.click("shell.bar.action"), m.see("replace.yes")), m.window)
	r.step("to-log-in-there", all(m.click("replace.yes"), m.see("login.submit"), m.see("login.work-kept")), m.window)
	r.step("somebody-else-is-offered-nothing", all(m.logsInAs(ivan.Person), m.click("nav.mymeetings"), m.see("mymeetings.find"), m.gone("shell.bar"),
		m.arrived(ivan), m.logOut()), m.window)
	if _, err := os.Stat(kept[0]); err != nil {
		t.Errorf("what was kept for the service of before: %v", err)
	}
	r.step("offered-to-its-owner", all(func() error {
		return m.service.SignUp(m.mails, elise.Person, elise.first, elise.family)
	}, m.logsInAs(elise.Person), m.see("shell.bar.action")), m.window)
	r.step("one-after-the-other", all(m.click("shell.bar.action"), m.see("leftovers.take")), m.window)
	r.step("taken-over", all(m.click("leftovers.take"), m.gone("leftovers.take"), m.see("leftovers.take")), m.window)
	r.step("as-drafts", all(m.click("leftovers.take"), m.see("mymeetings.state."+open+"."+app.StateDraft),
		m.see("mymeetings.state."+approved+"."+app.StateDraft), m.arrived(elise)), m.window)
	r.step("sent", all(m.click("mymeetings.row."+open), m.see("register.check"), m.click("register.check"), m.click("register.submit"),
		m.see("registration.state."+api.Confirmed), m.arrived(elise, open)), m.window)
	must(t, m.plenary.Close())
}
