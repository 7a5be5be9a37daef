package screens

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/client"
	"plenary/screens/parts"
)

func testManagementScreen(t *testing.T, e Env, office *knownManagement) (*Management, fyne.Window) {
	t.Helper()
	e.Explain = explainForTests
	m := NewManagement(e, office, &fakeDirectory{list: organizations()}, office.prove)
	t.Cleanup(m.Close)
	return m, show(t, m.Content(), 1100, 740)
}

func TestManagement_pictures(t *testing.T) {
	var m *Management
	var office *knownManagement
	build := func(e Env) fyne.CanvasObject {
		e.Explain = explainForTests
		office = testManagement()
		m = NewManagement(e, office, &fakeDirectory{list: organizations()}, office.prove)
		t.Cleanup(m.Close)
		return m.Content()
	}
	captureFew(t, "mailserver", build)
	captureFew(t, "mailserver-ok", build, func(fyne.Window) { m.server.try() })
	capture(t, "mailserver-failed", build, func(fyne.Window) {
		office.test = deadServer()
		m.server.host.SetText("dead.example.int")
		m.server.try()
	})
	captureFew(t, "automatic", build, func(fyne.Window) { m.tabs.Choose(1) })
	list := func(tab int, choose func()) func(fyne.Window) {
		return func(w fyne.Window) {
			m.tabs.Choose(tab)
			settle(w)
			choose()
		}
	}
	capture(t, "outgoing", build, list(2, func() { m.outgoing.list.list.Choose(1); m.outgoing.list.choose(1); m.outgoing.panes.ShowDetail(true) }))
	capture(t, "organizations", build, list(3, func() { m.entered.list.list.Choose(0); m.entered.list.choose(0); m.entered.panes.ShowDetail(true) }))
	captureFew(t, "organizations-list", build, list(3, func() {}))
}

func TestPolicies_pictures(t *testing.T) {
	var p *Policies
	build := func(e Env) fyne.CanvasObject {
		e.Explain = explainForTests
		office := testManagement()
		p = NewPolicies(e, office, office.prove)
		t.Cleanup(p.Close)
		return p.Content()
	}
	capture(t, "policies", build)
	captureFew(t, "policies-networks", build, func(w fyne.Window) {
		settle(w)
		p.networks.add.Tapped(nil)
		p.numbers["mails"].SetText("500")
		settle(w)
		p.ask()
	})
	captureFew(t, "policies-ask", build, func(w fyne.Window) {
		p.numbers["mails"].SetText("7")
		p.choices["password"].Set("nist")
		p.networks.remove(p.networks.rows[0])
		p.ask()
	})
}

func TestAuditLog_pictures(t *testing.T) {
	var a *AuditLog
	build := func(e Env) fyne.CanvasObject {
		a = NewAuditLog(e, testStaff())
		t.Cleanup(a.Close)
		return a.Content()
	}
	capture(t, "audit", build)
	captureFew(t, "audit-filter", build, func(fyne.Window) {
		a.list.setFiltering(true)
		a.user.SetText("elena.garcia")
		parts.Focus(a.user)
	})
}

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

func TestMailServer_saveThatFailsSaysThatTheWorkingSettingsStay(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	office.test, office.testErr = deadServer(), &api.Problem{Code: api.CodeMailFailed}
	m.server.host.SetText("dead.example.int")
	tap(t, w, "mailserver.save")
	says(t, m.bar.String(), "Not saved", "settings of before stay")
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
		{m.server.host, m.server.hostField, "https://mail.example.org/"}, {m.server.port, m.server.portField, "70000"},
		{m.server.sender, m.server.senderField, "nobody"}, {m.server.replyTo, m.server.replyField, "no body"},
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

func TestAutomaticMails_aSwitchThatFailsGoesBack(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "management.tab.automatic")
	if findByID(w, "automatic.activate") != nil {
		t.Error("an e-mail that accounts need can be switched off")
	}
	tap(t, w, "automatic.registration-received")
	if !slices.Equal(office.done, []string{"switch registration-received: false"}) {
		t.Fatalf("done %q", office.done)
	}
	says(t, m.bar.String(), "no longer goes out", "Registration received")
	office.changeErr = client.ErrUnreachable
	tap(t, w, "automatic.registration-received")
	if m.automatic.checks["registration-received"].Checked() {
		t.Error("the switch shows what was not done")
	}
	says(t, m.bar.String(), "cannot be reached")
}

func TestOutgoing_saysWhatBecameOfAnEmailAndSendsItAgain(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "management.tab.outgoing")
	says(t, m.outgoing.counts.String(), "1 e-mail waits", "1 has failed")
	m.outgoing.list.choose(1)
	says(t, widgetByID(t, w, "outgoing.problem").(*parts.Text).String(), "Recipient", "does not accept the recipient", "550")
	tap(t, w, "outgoing.again")
	if !slices.Equal(office.done, []string{"send m2 again"}) {
		t.Errorf("done %q", office.done)
	}
	m.outgoing.list.choose(2)
	settle(w)
	if findByID(w, "outgoing.again") != nil {
		t.Error("what cannot be sent again has a button for it")
	}
	tap(t, w, "outgoing.filter")
	tap(t, w, "outgoing.filter.state.sent")
	if len(m.outgoing.listing.rows) != 1 {
		t.Errorf("%d e-mails were sent, want 1", len(m.outgoing.listing.rows))
	}
}

func TestOrganizations_mergeAsksOnceAndNamesBoth(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "management.tab.organizations")
	m.entered.list.choose(0)
	tap(t, w, "organizations.merge.d1")
	if len(office.done) != 0 {
		t.Fatal("merged without a question")
	}
	tap(t, w, "organizations.merge.yes")
	if !slices.Equal(office.done, []string{"merge o1 with d1"}) {
		t.Fatalf("done %q", office.done)
	}
	says(t, m.bar.String(), "Telefonica S.A.", "Telefónica")
	if len(m.entered.listing.rows) != 2 || m.entered.detail.chosen != nil {
		t.Error("the merged one is still there")
	}
}

func TestOrganizations_acceptAsCorrected(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "management.tab.organizations")
	m.entered.list.choose(1) // entered with "I don't know"
	tap(t, w, "organizations.accept")
	if len(office.done) != 0 || m.entered.detail.membershipField.Error() == "" {
		t.Fatalf("accepted without a membership type: %q", office.done)
	}
	m.entered.detail.membership.SetID("academia")
	m.entered.detail.name.SetText(" University of X ")
	tap(t, w, "organizations.accept")
	if !slices.Equal(office.done, []string{"accept o2 as University of X, GB, academia"}) {
		t.Errorf("done %q", office.done)
	}
}

func testPolicies(t *testing.T, e Env, office *knownManagement) (*Policies, fyne.Window) {
	t.Helper()
	e.Explain = explainForTests
	p := NewPolicies(e, office, office.prove)
	t.Cleanup(p.Close)
	return p, show(t, p.Content(), 1100, 740)
}

func TestPolicies_saveNamesTheChangesBeforeAndAfter(t *testing.T) {
	office := testManagement()
	p, w := testPolicies(t, testEnv(t), office)
	tap(t, w, "policies.save")
	says(t, p.bar.String(), "nothing to save")
	p.numbers["mails"].SetText("7")
	p.networks.rows[0].network.SetText("198.51.100.7")
	if p.words.String() == "" {
		t.Error("nothing says that there are changes")
	}
	next, ok := p.read()
	changes := strings.Join(p.changes(next), "\n")
	if !ok || len(p.changes(next)) != 3 {
		t.Fatalf("changes: %q", changes)
	}
	says(t, changes, "before 5, after 7", "192.0.2.0/24", "removed", "198.51.100.7/32")
	tap(t, w, "policies.save")
	if len(office.done) != 0 {
		t.Fatal("saved without a question")
	}
	tap(t, w, "policies.ask.yes")
	if office.policies.Limits.Mails != 7 || office.policies.Networks[0].Network != "198.51.100.7/32" {
		t.Errorf("saved %+v", office.policies)
	}
	if p.words.String() != "" || p.networks.rows[0].network.Text != "198.51.100.7/32" {
		t.Errorf("after saving: %q, %q", p.words.String(), p.networks.rows[0].network.Text)
	}
}

func TestPolicies_everyNumberHasItsRange(t *testing.T) {
	office := testManagement()
	p, _ := testPolicies(t, testEnv(t), office)
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			for text, right := range map[string]bool{
				strconv.Itoa(n.min): true, strconv.Itoa(n.max): true, strconv.Itoa(n.min - 1): false, strconv.Itoa(n.max + 1): false,
				"": false, "many": false, "1.5": false,
			} {
				p.fill(office.policies)
				p.numbers[n.name].SetText(text)
				if _, ok := p.read(); ok != right {
					t.Errorf("%s %q: right %v, want %v", n.name, text, ok, right)
				}
			}
		}
	}
}

// TestPolicies_rangesAreThoseOfTheContract compares the form with the contract's
// own ranges.
func TestPolicies_rangesAreThoseOfTheContract(t *testing.T) {
	found := 0
	var walk func(prefix string, of reflect.Type)
	walk = func(prefix string, of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			pointer := prefix + "/" + f.Tag.Get("json")
			switch f.Type.Kind() {
			case reflect.Struct:
				walk(pointer, f.Type)
			case reflect.Int:
				found++
				at := -1
				var all []policyNumber
				for _, g := range policyNumbers {
					all = append(all, g.numbers...)
				}
				at = slices.IndexFunc(all, func(n policyNumber) bool { return n.pointer == pointer })
				if at < 0 {
					t.Errorf("the form has no %s", pointer)
				} else if n := all[at]; strconv.Itoa(n.min) != f.Tag.Get("minimum") || strconv.Itoa(n.max) != f.Tag.Get("maximum") {
					t.Errorf("%s: the form says %d to %d, the contract %s to %s", pointer, n.min, n.max, f.Tag.Get("minimum"), f.Tag.Get("maximum"))
				}
			}
		}
	}
	walk("", reflect.TypeFor[api.Policies]())
	if found < 12 {
		t.Errorf("only %d numbers found", found)
	}
}

func TestPolicies_refusalsAreSaidAtTheField(t *testing.T) {
	office := testManagement()
	p, w := testPolicies(t, testEnv(t), office)
	office.changeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{
		{Pointer: "/limits/account_failures", Code: api.FieldOutOfRange}, {Pointer: "/networks/0/network", Code: api.FieldInvalid},
		{Pointer: "/second_factor", Code: api.FieldNotAccepted},
	}}
	p.numbers["account-failures"].SetText("5")
	tap(t, w, "policies.save")
	tap(t, w, "policies.ask.yes")
	says(t, p.fields["/limits/account_failures"].Error(), "Not below")
	says(t, p.fields["/second_factor"].Error(), "your own account first")
	says(t, p.networks.rows[0].fields[0].Error(), "no network")
	says(t, p.bar.String(), "Not saved")
	if p.numbers["account-failures"].Text != "5" {
		t.Error("what was typed is gone")
	}
	tap(t, w, "policies.undo")
	if p.numbers["account-failures"].Text != "20" || p.fields["/limits/account_failures"].Error() != "" {
		t.Error("“As stored” does not bring the stored policies back")
	}
}

func TestParseNetwork(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.0/24": "192.0.2.0/24", " 192.0.2.77/24 ": "192.0.2.0/24", "192.0.2.7": "192.0.2.7/32",
		"2001:db8::1": "2001:db8::1/128", "2001:db8::/32": "2001:db8::/32",
	} {
		if got, ok := parseNetwork(text); !ok || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "hall 1", "0.0.0.0/0", "192.0.2.0/33", "fe80::1%eth0"} {
		if got, ok := parseNetwork(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

func TestAuditLog_filtersAndSaysWhetherItIsIntact(t *testing.T) {
	office := testStaff()
	e := testEnv(t)
	e.Explain = explainForTests
	a := NewAuditLog(e, office)
	t.Cleanup(a.Close)
	w := show(t, a.Content(), 1100, 740)
	if a.intact.Text() != "Intact" || a.note.Visible() {
		t.Errorf("the log is said to be %q", a.intact.Text())
	}
	tap(t, w, "audit.filter")
	a.event.SetID("roles-changed")
	a.event.OnChange(parts.Item{})
	a.user.SetText("a.lindgren")
	a.from.SetText("2026/11/20")
	a.until.SetText("2026-11-21")
	want := app.AuditFilter{Event: "roles-changed", User: "a.lindgren", From: "2026-11-20T00:00:00Z", Until: "2026-11-22T00:00:00Z"}
	if got := office.audited[len(office.audited)-1]; got != want {
		t.Errorf("asked for %+v, want %+v", got, want)
	}
	says(t, a.list.summary.String(), "Roles changed", "a.lindgren", "from 2026-11-20", "until 2026-11-21")
	office.broken = true
	a.list.clear()
	if got := office.audited[len(office.audited)-1]; got != (app.AuditFilter{}) {
		t.Errorf("without a filter asked for %+v", got)
	}
	if a.intact.Text() != "Not intact" || !a.note.Visible() {
		t.Error("a log that is not intact is not said to be so")
	}
}

func TestEventDetail_isSaidInWords(t *testing.T) {
	e := testEnv(t)
	for _, c := range []struct{ event, detail, want string }{
		{"roles-changed", "participant administrator", "Participant, Administrator"},
		{"roles-changed", "participant reason:0198f0a2-6a5e-7000-8000-0123456789ab", "Participant"},
		{"roles-changed", "participant “left the secretariat”", "Participant “left the secretariat”"},
		{"deactivated", "“left the secretariat”", "“left the secretariat”"},
		{"approval-asked", "reset-address", "Set a reset address"},
		{"mail-switched", "registration-received off", "Registration received, Off"},
		{"sessions-ended", "by staff", "by staff"},
		{"policy-changed", "limits.mails 5->10; network 192.0.2.0/24 removed", "E-mails with codes to one address in an hour: before 5, after 10; network 192.0.2.0/24 removed"},
		{"policy-changed", "second_factor staff->optional", "Two-step log-in: before Required for staff: other roles than participant work only while it is on, after Everybody decides for themselves"},
		{"something-new", "of a newer service", "of a newer service"},
		{"logged-in", "", ""},
	} {
		if got := eventDetail(e, &api.AuditEntry{Event: c.event, Detail: c.detail}); got != c.want {
			t.Errorf("%s %q is said as %q, want %q", c.event, c.detail, got, c.want)
		}
	}
}
