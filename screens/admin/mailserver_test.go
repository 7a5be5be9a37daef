package admin

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/client"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestMailServer_saysEachStepAndWhatToDo(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "mailserver.test")
	screentest.Says(t, screentest.Widget(t, w, "mailtest.result").(*parts.Bar).String(), "OK: the automatic sending of emails is active and correct.")
	screentest.Says(t, screentest.Widget(t, w, "mailtest.step.connection").(*parts.Text).String(), "Connection", "worked")
	screentest.Says(t, screentest.Widget(t, w, "mailtest.step.log-in").(*parts.Text).String(), "not needed")

	service.Test = screentest.DeadServer()
	screentest.Tap(t, w, "mailserver.test")
	screentest.Says(t, screentest.Widget(t, w, "mailtest.result").(*parts.Bar).String(), "users will not be able to receive e-mails")
	screentest.Says(t, screentest.Widget(t, w, "mailtest.step.connection").(*parts.Text).String(), "failed")
	screentest.Says(t, screentest.Widget(t, w, "mailtest.problem").(*parts.Text).String(), "accepts nothing on this port", "Compare the port")
	screentest.Says(t, screentest.Widget(t, w, "mailtest.step.message").(*parts.Text).String(), "not reached")
	if len(service.Saved) != 0 || m.bar.String() != "" {
		t.Errorf("a test has saved %v, or the bar says %q", service.Saved, m.bar.String())
	}
}

// slowManagement is the screen with a mail server that is slow; look shows how far its
// test is, which is one of service.progress after the other.
func slowManagement(t *testing.T) (m *Management, w fyne.Window, service *screentest.Management, steps *screentest.Stepped, look func()) {
	t.Helper()
	e := screentest.NewEnv(t)
	steps = &screentest.Stepped{}
	e.Run = steps
	service = screentest.NewManagement()
	service.Progress = []api.MailTest{{Running: true, Steps: silentServer().Steps[:1]}, silentServer()}
	m, w = testManagementScreen(t, e, service)
	steps.All()
	return m, w, service, steps, func() { steps.StepAt(1) } // behind the wait for the words of patience
}

// A server that says nothing takes seconds: each step is shown as it happens.
func TestMailServer_showsEachStepWhileTheTestGoesOn(t *testing.T) {
	m, w, _, steps, look := slowManagement(t)
	state := func(step string) string {
		return screentest.Widget(t, w, "mailtest.step."+step).(*parts.Text).String()
	}
	for name, begin := range map[string]func(){"test": m.server.try, "save": m.server.store} {
		begin()
		screentest.Says(t, state("name"), "to come")
		screentest.Says(t, state("message"), "to come")
		if got := m.server.stop.Visible(); got != (name == "test") {
			t.Errorf("%s: it can be canceled: %v", name, got)
		}
		steps.Step() // the service has worked; what was seen meanwhile waits to be shown
		look()
		screentest.Says(t, state("name"), "worked")
		screentest.Says(t, state("connection"), "to come")
		look()
		screentest.Says(t, state("encryption"), "worked")
		screentest.Says(t, screentest.Widget(t, w, "mailtest.certificate").(*parts.Text).String(), "mail.example.int", "Example Authority", "20 February 2027")
		screentest.Says(t, state("log-in"), "not needed")
		screentest.Says(t, state("sender"), "under way")
		screentest.Says(t, state("recipient"), "to come")
		steps.All()
		screentest.Says(t, screentest.Widget(t, w, "mailtest.result").(*parts.Bar).String(), "OK")
		screentest.Says(t, state("sender"), "worked")
		if m.server.stop.Visible() || m.server.test.Disabled() {
			t.Errorf("%s: it is over, and can be canceled, or not be begun again", name)
		}
	}
}

// A test is stopped at once, by the mouse or by the keyboard alone, and what comes of it
// later is not shown.
func TestMailServer_cancelsTheTestAtOnce(t *testing.T) {
	m, w, service, steps, look := slowManagement(t)
	for name, cancel := range map[string]func(){
		"mouse":  func() { screentest.Tap(t, w, "mailserver.cancel") },
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
			screentest.Says(t, screentest.Widget(t, w, "mailtest.canceled").(*parts.Text).String(), "was stopped")
			if m.server.stop.Visible() || m.server.test.Disabled() || m.server.save.Disabled() || m.busy.String() != "" || screentest.Find(w, "mailtest.step.name") != nil {
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
	if len(service.Tested) != 3 {
		t.Errorf("%d tests", len(service.Tested))
	}
}

func TestMailServer_saveThatFailsSaysThatTheWorkingSettingsStay(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	service.Test, service.TestErr = screentest.DeadServer(), &api.Problem{Code: api.CodeMailFailed}
	m.server.form.Set("host", "dead.example.int")
	screentest.Tap(t, w, "mailserver.save")
	screentest.Says(t, m.bar.String(), "Not saved", "former ones stay")
	if screentest.Find(w, "mailtest.problem") == nil || m.server.form.Text("host") != "dead.example.int" {
		t.Error("the failed step is not shown, or what was typed is gone")
	}
	service.Test, service.TestErr = screentest.GoodServer(), nil
	m.server.form.Set("host", "new.example.int")
	m.server.form.Set("password", "s3cret")
	screentest.Tap(t, w, "mailserver.save")
	screentest.Says(t, m.bar.String(), "Saved")
	if len(service.Saved) != 1 || service.Saved[0].Host != "new.example.int" || service.Saved[0].Password != "s3cret" {
		t.Fatalf("saved %+v", service.Saved)
	}
	if m.server.form.Text("password") != "" {
		t.Error("the password stays on the screen after it was saved")
	}
}

func TestMailServer_neverShowsTheStoredPasswordAndSaysWhenItIsVoid(t *testing.T) {
	m, _ := testManagementScreen(t, screentest.NewEnv(t), screentest.NewManagement())
	s := m.server
	password := s.form.Entry("password")
	if password.Text != "" || password.PlaceHolder != "Stored" {
		t.Fatalf("the password is %q, its place says %q", password.Text, password.PlaceHolder)
	}
	for name, change := range map[string]func(){
		"host": func() { s.form.Set("host", "other.example.int") }, "port": func() { s.form.Set("port", "2525") },
		"user": func() { s.form.Set("user", "other") }, "security": func() { s.form.Set("security", api.MailTLS); s.secured(api.MailTLS) },
	} {
		s.fill(s.stored)
		change()
		if password.PlaceHolder != "" {
			t.Errorf("with another %s the stored password seems to count", name)
		}
	}
}

func TestMailServer_portFollowsTheSecurityUnlessItWasChosen(t *testing.T) {
	m, _ := testManagementScreen(t, screentest.NewEnv(t), screentest.NewManagement())
	s := m.server
	s.form.Set("security", api.MailTLS)
	s.secured(api.MailTLS)
	if s.form.Text("port") != "465" {
		t.Errorf("TLS with port %s, want 465", s.form.Text("port"))
	}
	s.form.Set("port", "2465")
	s.form.Set("security", api.MailStartTLS)
	s.secured(api.MailStartTLS)
	if s.form.Text("port") != "2465" {
		t.Errorf("the chosen port became %s", s.form.Text("port"))
	}
}

func TestMailServer_offersNoSecurityOnlyWhereTheOperatorAllowsIt(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		service := screentest.NewManagement()
		service.StoredSettings.NoneAllowed = allowed
		_, w := testManagementScreen(t, screentest.NewEnv(t), service)
		screentest.Settle(w)
		if got := screentest.Find(w, "mailserver.security.none") != nil; got != allowed {
			t.Errorf("none is offered: %v, allowed: %v", got, allowed)
		}
	}
}

func TestMailServer_mistakesAreSaidBeforeAnythingIsSent(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	for _, c := range []struct{ name, text string }{
		{"host", "https://mail.example.org/"},
		{"port", "70000"},
		{"sender", "nobody"},
		{"reply-to", "no body"},
	} {
		m.server.fill(service.StoredSettings)
		m.server.form.Set(c.name, c.text)
		screentest.Tap(t, w, "mailserver.test")
		if wrong := m.server.form.Field(c.name).Error(); wrong == "" || len(service.Tested) != 0 {
			t.Errorf("%q: said %q, tested %v", c.text, wrong, service.Tested)
		}
	}
	m.server.fill(service.StoredSettings)
	service.Unproved = true
	screentest.Tap(t, w, "mailserver.test")
	if !m.prover.Asking() {
		t.Error("nobody asked for the password")
	}
}

func TestMailServer_doubleClickTestsOnce(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewManagement()
	m, _ := testManagementScreen(t, e, service)
	steps.All()
	m.server.try()
	m.server.try()
	m.server.store()
	steps.All()
	if len(service.Tested) != 1 || len(service.Saved) != 0 {
		t.Errorf("tested %d times and saved %d times, want one test", len(service.Tested), len(service.Saved))
	}
}

func TestMailServer_withoutNetworkComesBack(t *testing.T) {
	service := screentest.NewManagement()
	service.Err = client.ErrUnreachable
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Says(t, m.bar.String(), "cannot be reached")
	service.Err = nil
	m.SetOnline(true)
	if m.bar.String() != "" || screentest.Find(w, "mailserver.host") == nil {
		t.Errorf("after the network came back: %q", m.bar.String())
	}
}
