package admin

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	if got := screentest.Said(w, "outgoing.marked"); got != "3 e-mails ticked" {
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

// What search and filter show is written, and the service notes before that it is kept.
func TestOutgoing_exportsWhatTheFilterShows(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	dir := t.TempDir()
	m.outgoing.export.Folder = func() (string, error) { return dir, nil }
	screentest.Tap(t, w, "management.tab.outgoing")
	screentest.Tap(t, w, "outgoing.filter")
	screentest.Tap(t, w, "outgoing.filter.state.failed")
	screentest.Tap(t, w, "outgoing.export")
	screentest.Tap(t, w, "outgoing.export.csv")
	if !slices.Equal(service.Done, []string{"note that e-mails are exported: failed"}) {
		t.Fatalf("done %q", service.Done)
	}
	name, lines := exportedLines(t, dir)
	if len(lines) != 2 || !strings.Contains(lines[0], "Created (UTC)") {
		t.Fatalf("%q", lines)
	}
	screentest.Says(t, lines[1], "Registration received", "someone@", "Failed", ",9,", "does not accept the recipient", "550")
	screentest.Says(t, m.bar.String(), name)

	service.ChangeErr = client.ErrUnreachable
	screentest.Tap(t, w, "outgoing.export")
	screentest.Tap(t, w, "outgoing.export.xlsx")
	if _, again := exportedLines(t, dir); len(again) != len(lines) {
		t.Error("written without a note in the log")
	}
	screentest.Says(t, m.bar.String(), "cannot be reached")
}

func TestOrganizations_areExported(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	dir := t.TempDir()
	m.entered.export.Folder = func() (string, error) { return dir, nil }
	screentest.Tap(t, w, "management.tab.organizations")
	screentest.Tap(t, w, "organizations.export")
	screentest.Tap(t, w, "organizations.export.csv")
	if !slices.Equal(service.Done, []string{"note that organizations are exported"}) {
		t.Fatalf("done %q", service.Done)
	}
	name, lines := exportedLines(t, dir)
	if len(lines) != 4 {
		t.Fatalf("%q", lines)
	}
	screentest.Says(t, lines[1], "Telefonica S.A.", "Spain", "Sector Member", "Madrid", "telefonica.example", "elena.garcia", "Telefónica; ")
	screentest.Says(t, m.bar.String(), name)
}

// exportedLines is the only file in a folder, a CSV one.
func exportedLines(t *testing.T, folder string) (name string, lines []string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 {
		t.Fatalf("files: %v, %v", files, err)
	}
	text, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	return files[0].Name(), strings.Split(strings.TrimSpace(string(text)), "\r\n")
}
