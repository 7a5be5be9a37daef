package screens

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/client"
	"plenary/screens/parts"
)

func TestMailServer_saysEachStepAndWhatToDo(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "mailserver.test")
	says(t, widgetByID(t, w, "mailtest.result").(*parts.Bar).String(), "OK: the automatic sending of emails is active and correct.")
	says(t, widgetByID(t, w, "mailtest.step.connection").(*parts.Text).String(), "Connection", "worked")
	says(t, widgetByID(t, w, "mailtest.step.log-in").(*parts.Text).String(), "not needed")

	office.test = deadServer()
	tap(t, w, "mailserver.test")
	says(t, widgetByID(t, w, "mailtest.result").(*parts.Bar).String(), "users will not be able to receive e-mails")
	says(t, widgetByID(t, w, "mailtest.step.connection").(*parts.Text).String(), "failed")
	says(t, widgetByID(t, w, "mailtest.problem").(*parts.Text).String(), "accepts nothing on this port", "Compare the port")
	says(t, widgetByID(t, w, "mailtest.step.message").(*parts.Text).String(), "not reached")
	if len(office.saved) != 0 || m.bar.String() != "" {
		t.Errorf("a test has saved %v, or the bar says %q", office.saved, m.bar.String())
	}
}

// slowManagement is the screen with a mail server that is slow; look shows how far its
// test is, which is one of office.progress after the other.
func slowManagement(t *testing.T) (m *Management, w fyne.Window, office *knownManagement, steps *Stepped, look func()) {
	t.Helper()
	e := testEnv(t)
	steps = &Stepped{}
	e.Run = steps
	office = testManagement()
	office.progress = []api.MailTest{{Running: true, Steps: silentServer().Steps[:1]}, silentServer()}
	m, w = testManagementScreen(t, e, office)
	steps.All()
	return m, w, office, steps, func() { steps.StepAt(1) } // behind the wait for the words of patience
}

// A server that says nothing takes seconds: each step is shown as it happens.
func TestMailServer_showsEachStepWhileTheTestGoesOn(t *testing.T) {
	m, w, _, steps, look := slowManagement(t)
	state := func(step string) string {
		return widgetByID(t, w, "mailtest.step."+step).(*parts.Text).String()
	}
	for name, begin := range map[string]func(){"test": m.server.try, "save": m.server.store} {
		begin()
		says(t, state("name"), "to come")
		says(t, state("message"), "to come")
		if got := m.server.stop.Visible(); got != (name == "test") {
			t.Errorf("%s: it can be canceled: %v", name, got)
		}
		steps.Step() // the service has worked; what was seen meanwhile waits to be shown
		look()
		says(t, state("name"), "worked")
		says(t, state("connection"), "to come")
		look()
		says(t, state("encryption"), "worked")
		says(t, widgetByID(t, w, "mailtest.certificate").(*parts.Text).String(), "mail.example.int", "Example Authority", "20 February 2027")
		says(t, state("log-in"), "not needed")
		says(t, state("sender"), "under way")
		says(t, state("recipient"), "to come")
		steps.All()
		says(t, widgetByID(t, w, "mailtest.result").(*parts.Bar).String(), "OK")
		says(t, state("sender"), "worked")
		if m.server.stop.Visible() || m.server.test.Disabled() {
			t.Errorf("%s: it is over, and can be canceled, or not be begun again", name)
		}
	}
}

// A test is stopped at once, by the mouse or by the keyboard alone, and what comes of it
// later is not shown.
func TestMailServer_cancelsTheTestAtOnce(t *testing.T) {
	m, w, office, steps, look := slowManagement(t)
	for name, cancel := range map[string]func(){
		"mouse":  func() { tap(t, w, "mailserver.cancel") },
		"Return": func() { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) },
		"Escape": func() {
			if !m.Back() {
				t.Error("Escape leaves the screen")
			}
		},
	} {
		m.server.try()
		if w.Canvas().Focused() != fyne.Focusable(m.server.stop) {
			t.Errorf("%s: the keyboard is not at Cancel", name)
		}
		steps.Step()
		look()
		cancel()
		for _, when := range []string{"at once", "later"} {
			says(t, widgetByID(t, w, "mailtest.canceled").(*parts.Text).String(), "was stopped")
			if m.server.stop.Visible() || m.server.test.Disabled() || m.server.save.Disabled() || m.busy.String() != "" || findByID(w, "mailtest.step.name") != nil {
				t.Errorf("%s, %s: the screen is still busy", name, when)
			}
			steps.All()
		}
		if w.Canvas().Focused() != fyne.Focusable(m.server.test) {
			t.Errorf("%s: the keyboard is not at the test again", name)
		}
	}
	if m.Back() {
		t.Error("Escape stays on the screen, though nothing is under way")
	}
	if len(office.tested) != 3 {
		t.Errorf("%d tests", len(office.tested))
	}
}

func TestMailServer_saveThatFailsSaysThatTheWorkingSettingsStay(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	office.test, office.testErr = deadServer(), &api.Problem{Code: api.CodeMailFailed}
	m.server.host.SetText("dead.example.int")
	tap(t, w, "mailserver.save")
	says(t, m.bar.String(), "Not saved", "former ones stay")
	if findByID(w, "mailtest.problem") == nil || m.server.host.Text != "dead.example.int" {
		t.Error("the failed step is not shown, or what was typed is gone")
	}
	office.test, office.testErr = goodServer(), nil
	m.server.host.SetText("new.example.int")
	m.server.password.SetText("s3cret")
	tap(t, w, "mailserver.save")
	says(t, m.bar.String(), "Saved")
	if len(office.saved) != 1 || office.saved[0].Host != "new.example.int" || office.saved[0].Password != "s3cret" {
		t.Fatalf("saved %+v", office.saved)
	}
	if m.server.password.Text != "" {
		t.Error("the password stays on the screen after it was saved")
	}
}

func TestMailServer_neverShowsTheStoredPasswordAndSaysWhenItIsVoid(t *testing.T) {
	m, _ := testManagementScreen(t, testEnv(t), testManagement())
	s := m.server
	if s.password.Text != "" || s.password.PlaceHolder != "Stored" {
		t.Fatalf("the password is %q, its place says %q", s.password.Text, s.password.PlaceHolder)
	}
	for name, change := range map[string]func(){
		"host": func() { s.host.SetText("other.example.int") }, "port": func() { s.port.SetText("2525") },
		"user": func() { s.user.SetText("other") }, "security": func() { s.security.Set(api.MailTLS); s.secured(api.MailTLS) },
	} {
		s.fill(s.stored)
		change()
		if s.password.PlaceHolder != "" {
			t.Errorf("with another %s the stored password seems to count", name)
		}
	}
}

func TestMailServer_portFollowsTheSecurityUnlessItWasChosen(t *testing.T) {
	m, _ := testManagementScreen(t, testEnv(t), testManagement())
	s := m.server
	s.security.Set(api.MailTLS)
	s.secured(api.MailTLS)
	if s.port.Text != "465" {
		t.Errorf("TLS with port %s, want 465", s.port.Text)
	}
	s.port.SetText("2465")
	s.security.Set(api.MailStartTLS)
	s.secured(api.MailStartTLS)
	if s.port.Text != "2465" {
		t.Errorf("the chosen port became %s", s.port.Text)
	}
}

func TestMailServer_offersNoSecurityOnlyWhereTheOperatorAllowsIt(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		office := testManagement()
		office.settings.NoneAllowed = allowed
		_, w := testManagementScreen(t, testEnv(t), office)
		settle(w)
		if got := findByID(w, "mailserver.security.none") != nil; got != allowed {
			t.Errorf("none is offered: %v, allowed: %v", got, allowed)
		}
	}
}

func TestMailServer_mistakesAreSaidBeforeAnythingIsSent(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	for _, c := range []struct {
		entry *parts.Entry
		field *parts.Field
		text  string
	}{
		{m.server.host, m.server.hostField, "https://mail.example.org/"},
		{m.server.port, m.server.portField, "70000"},
		{m.server.sender, m.server.senderField, "nobody"},
		{m.server.replyTo, m.server.replyField, "no body"},
	} {
		m.server.fill(office.settings)
		c.entry.SetText(c.text)
		tap(t, w, "mailserver.test")
		if c.field.Error() == "" || len(office.tested) != 0 {
			t.Errorf("%q: said %q, tested %v", c.text, c.field.Error(), office.tested)
		}
	}
	m.server.fill(office.settings)
	office.unproved = true
	tap(t, w, "mailserver.test")
	if !m.prover.Asking() {
		t.Error("nobody asked for the password")
	}
}

func TestMailServer_doubleClickTestsOnce(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	office := testManagement()
	m, _ := testManagementScreen(t, e, office)
	steps.All()
	m.server.try()
	m.server.try()
	m.server.store()
	steps.All()
	if len(office.tested) != 1 || len(office.saved) != 0 {
		t.Errorf("tested %d times and saved %d times, want one test", len(office.tested), len(office.saved))
	}
}

func TestMailServer_withoutNetworkComesBack(t *testing.T) {
	office := testManagement()
	office.err = client.ErrUnreachable
	m, w := testManagementScreen(t, testEnv(t), office)
	says(t, m.bar.String(), "cannot be reached")
	office.err = nil
	m.SetOnline(true)
	if m.bar.String() != "" || findByID(w, "mailserver.host") == nil {
		t.Errorf("after the network came back: %q", m.bar.String())
	}
}
