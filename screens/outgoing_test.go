package screens

import (
	"slices"
	"testing"

	"plenary/api"
	"plenary/client"
	"plenary/screens/parts"
)

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

func TestOutgoing_saysOnceWhatEMailsWaitFor(t *testing.T) {
	office := testManagement()
	office.cause = &api.MailCause{Step: api.MailStepMessage, Problem: api.MailProblemSender, Code: 554, Enhanced: "5.2.252"}
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "management.tab.outgoing")
	says(t, m.outgoing.counts.String(), "1 e-mail waits", "because of the mail server or its settings", "Message", "may not send with this sender", "554 5.2.252")
}

func TestMailTest_ownDomain(t *testing.T) {
	for address, want := range map[string]bool{"ada@Example.int": true, "ada@example.org": false, "ada@mail.example.int": false} {
		if got := ownDomain(address, "no-reply@example.int"); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
