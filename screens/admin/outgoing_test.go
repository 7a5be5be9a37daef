package admin

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/client"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestAutomaticMails_aSwitchThatFailsGoesBack(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.automatic")
	if screentest.Find(w, "automatic.activate") != nil {
		t.Error("an e-mail that accounts need can be switched off")
	}
	screentest.Tap(t, w, "automatic.registration-received")
	if !slices.Equal(service.Done, []string{"switch registration-received: false"}) {
		t.Fatalf("done %q", service.Done)
	}
	screentest.Says(t, m.bar.String(), "no longer goes out", "Registration received")
	service.ChangeErr = client.ErrUnreachable
	screentest.Tap(t, w, "automatic.registration-received")
	if m.automatic.checks["registration-received"].Checked() {
		t.Error("the switch shows what was not done")
	}
	screentest.Says(t, m.bar.String(), "cannot be reached")
}

func TestOutgoing_saysWhatBecameOfAnEmailAndSendsItAgain(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.outgoing")
	screentest.Says(t, m.outgoing.counts.String(), "1 e-mail waits", "1 has failed")
	m.outgoing.list.Choose(1)
	screentest.Says(t, screentest.Widget(t, w, "outgoing.problem").(*parts.Text).String(), "Recipient", "does not accept the recipient", "550")
	screentest.Tap(t, w, "outgoing.again")
	if !slices.Equal(service.Done, []string{"send m2 again"}) {
		t.Errorf("done %q", service.Done)
	}
	m.outgoing.list.Choose(2)
	screentest.Settle(w)
	if screentest.Find(w, "outgoing.again") != nil {
		t.Error("what cannot be sent again has a button for it")
	}
	screentest.Tap(t, w, "outgoing.filter")
	screentest.Tap(t, w, "outgoing.filter.state.sent")
	if len(m.outgoing.listing.Rows) != 1 {
		t.Errorf("%d e-mails were sent, want 1", len(m.outgoing.listing.Rows))
	}
}

func TestOutgoing_saysOnceWhatEMailsWaitFor(t *testing.T) {
	service := screentest.NewManagement()
	service.Cause = &api.MailCause{Step: api.MailStepMessage, Problem: api.MailProblemSender, Code: 554, Enhanced: "5.2.252"}
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.outgoing")
	screentest.Says(t, m.outgoing.counts.String(), "1 e-mail waits", "because of the mail server or its settings", "Message", "may not send with this sender", "554 5.2.252")
}

func TestOutgoing_sendsSeveralAgainTogether(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.outgoing")
	w.Canvas().Focus(m.outgoing.list.List)
	m.outgoing.list.List.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := screentest.Said(w, "outgoing.marked"); got != "3 e-mails are marked" {
		t.Fatalf("says %q", got)
	}
	screentest.Tap(t, w, "outgoing.marked.again")
	if !slices.Equal(service.Done, []string{"send m3 again", "send m2 again"}) {
		t.Errorf("done %q, want all that can be sent again", service.Done)
	}
	screentest.Says(t, m.bar.String(), "2 e-mails go out again")
	if marked := m.outgoing.list.Marked(); len(marked) != 1 || marked[0].ID != "m1" {
		t.Errorf("%v are still marked", marked)
	}
	screentest.Tap(t, w, "outgoing.marked.clear")
	if screentest.Find(w, "outgoing.marked") != nil {
		t.Error("nothing is marked, and it is still said")
	}
}

func TestOutgoing_whatWasNotSentAgainStaysMarked(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.outgoing")
	m.outgoing.list.List.TypedShortcut(&fyne.ShortcutSelectAll{})
	service.ChangeErr = client.ErrUnreachable
	screentest.Tap(t, w, "outgoing.marked.again")
	screentest.Says(t, m.bar.String(), "cannot be reached")
	if marked := m.outgoing.list.Marked(); len(marked) != 3 {
		t.Errorf("%d are marked, want all", len(marked))
	}
}

func TestOutgoing_aNarrowWindowLeadsToWhatIsMarked(t *testing.T) {
	m, w := testManagementScreen(t, screentest.NewEnv(t), screentest.NewManagement())
	w.Resize(fyne.NewSize(600, 700))
	screentest.Tap(t, w, "management.tab.outgoing")
	if screentest.Find(w, "outgoing.marked.open") != nil {
		t.Fatal("nothing is marked, and it is said that something is")
	}
	m.outgoing.list.List.TypedShortcut(&fyne.ShortcutSelectAll{})
	screentest.Tap(t, w, "outgoing.marked.open")
	if screentest.Find(w, "outgoing.marked.again") == nil {
		t.Error("there is no way to send the marked ones again")
	}
	screentest.Tap(t, w, "outgoing.back")
	screentest.Tap(t, w, "outgoing.marked.open")
	screentest.Tap(t, w, "outgoing.marked.clear")
	screentest.Settle(w)
	if screentest.Find(w, "outgoing.marked.open") != nil {
		t.Error("nothing is marked, and it is still said that something is")
	}
}

func TestMailTest_ownDomain(t *testing.T) {
	for address, want := range map[string]bool{"ada@Example.int": true, "ada@example.org": false, "ada@mail.example.int": false} {
		if got := ownDomain(address, "no-reply@example.int"); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
