package admin

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestAuditLog_pictures(t *testing.T) {
	var a *AuditLog
	build := func(e kit.Env) fyne.CanvasObject {
		a = NewAuditLog(e, screentest.NewStaff())
		t.Cleanup(a.Close)
		return a.Content()
	}
	screentest.Capture(t, "audit", build)
	screentest.CaptureFew(t, "audit-export", build, func(fyne.Window) {
		a.export.Begin.Tapped(nil)
		a.busy.Say("Exporting: 12000 entries, now at 3 Nov 2026 …")
		parts.Changed(a.export.Cancel)
	})
	screentest.CaptureFew(t, "audit-filter", build, func(fyne.Window) {
		a.list.SetFiltering(true)
		a.user.SetText("elena.garcia")
		parts.Focus(a.user)
	})
}

func TestAuditLog_filtersAndSaysWhetherItIsIntact(t *testing.T) {
	service := screentest.NewStaff()
	e := screentest.NewEnv(t)
	a := NewAuditLog(e, service)
	t.Cleanup(a.Close)
	w := screentest.Show(t, a.Content(), 1100, 740)
	if a.intact.Text() != "Unchanged" || a.note.Visible() {
		t.Errorf("the log is said to be %q", a.intact.Text())
	}
	screentest.Tap(t, w, "audit.filter")
	screentest.TabTo(t, w, "audit.filter.event.entry")
	screentest.Press(t, w, fyne.KeyDown)
	if screentest.Find(w, "audit.filter.event.row0") == nil {
		t.Error("the list of events does not open")
	}
	screentest.Press(t, w, fyne.KeyEscape)
	a.event.SetID("roles-changed")
	a.event.OnChange(parts.Item{})
	a.user.SetText("a.lindgren")
	a.from.SetText("2026/11/20")
	a.until.SetText("2026-11-21")
	want := api.AuditFilter{Event: "roles-changed", User: "a.lindgren", From: "2026-11-20T00:00:00Z", Until: "2026-11-22T00:00:00Z"}
	if got := service.Audited[len(service.Audited)-1]; got != want {
		t.Errorf("asked for %+v, want %+v", got, want)
	}
	screentest.Says(t, screentest.Said(w, "audit.filter.said"), "Roles changed", "a.lindgren", "from 2026-11-20", "until 2026-11-21")
	service.Broken = true
	screentest.Tap(t, w, "audit.filter.clear")
	if got := service.Audited[len(service.Audited)-1]; got != (api.AuditFilter{}) {
		t.Errorf("without a filter asked for %+v", got)
	}
	if a.intact.Text() != "Changed" || !a.note.Visible() {
		t.Error("a log that is not intact is not said to be so")
	}
}

func TestAuditLog_isShownFromEitherEnd(t *testing.T) {
	service := screentest.NewStaff()
	a := NewAuditLog(screentest.NewEnv(t), service)
	t.Cleanup(a.Close)
	w := screentest.Show(t, a.Content(), 1100, 740)
	screentest.Says(t, screentest.Said(w, "audit.column.time"), "Time", "Newest first")
	turn := func() {
		t.Helper()
		screentest.Tap(t, w, "audit.turn")
		screentest.Settle(w)
	}
	turn()
	if got := service.Audited[len(service.Audited)-1]; got != (api.AuditFilter{Order: api.AuditOldest}) || a.listing.Rows[0].ID != "1" {
		t.Errorf("asked for %+v, the first is %s", got, a.listing.Rows[0].ID)
	}
	screentest.Says(t, screentest.Said(w, "audit.column.time"), "Oldest first")
	if screentest.Find(w, "audit.filter.clear") != nil && screentest.Said(w, "audit.filter.said") != "" {
		t.Error("the order is said to be a filter")
	}
	turn()
	if got := service.Audited[len(service.Audited)-1]; got != (api.AuditFilter{}) || a.listing.Rows[0].ID != "5" {
		t.Errorf("asked for %+v, the first is %s", got, a.listing.Rows[0].ID)
	}
}

// The names stand above what they name, and go where the columns break into lines.
func TestAuditLog_namesItsColumns(t *testing.T) {
	a := NewAuditLog(screentest.NewEnv(t), screentest.NewStaff())
	t.Cleanup(a.Close)
	w := screentest.Show(t, a.Content(), 1100, 740)
	visible := func() bool { return screentest.Find(w, "audit.column.time") != nil }
	if !visible() {
		t.Fatal("the columns have no names")
	}
	w.Resize(fyne.NewSize(480, 740))
	screentest.Settle(w)
	if visible() {
		t.Error("they stand above lines that are no columns")
	}
}

func exportedLog(t *testing.T, service *screentest.Staff) (*AuditLog, fyne.Window, string) {
	t.Helper()
	e := screentest.NewEnv(t)
	a := NewAuditLog(e, service)
	t.Cleanup(a.Close)
	dir := t.TempDir()
	a.export.Folder = func() (string, error) { return dir, nil }
	return a, screentest.Show(t, a.Content(), 1100, 740), dir
}

// filesIn are the names of what is in a folder.
func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAuditLog_exportsWhatTheFilterShows(t *testing.T) {
	service := screentest.NewStaff()
	a, w, dir := exportedLog(t, service)
	a.user.SetText("a.lindgren")
	screentest.Tap(t, w, "audit.export")
	screentest.Tap(t, w, "audit.export.csv")
	if len(service.Exported) != 1 || service.Exported[0] != (api.ExportAudit{User: "a.lindgren"}) {
		t.Errorf("noted %+v", service.Exported)
	}
	path := filepath.Join(dir, "Plenary audit log 2026-11-22.csv")
	screentest.Says(t, screentest.Said(w, "audit.bar"), path)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	table := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	if strings.Contains(strings.SplitN(string(data), "\n", 2)[0], ";") { // by this computer's settings
		table.Comma = ';'
	}
	rows, err := table.ReadAll()
	want := []string{"2026-11-21 03:14:00", "Roles changed", "Meeting manager added", "", "a.lindgren", "u1", "root", "192.0.2.7", "", "3"}
	if err != nil || len(rows) != 2 || rows[0][0] != "Time (UTC)" || !slices.Equal(rows[1], want) {
		t.Errorf("%q, %v; want %q", rows, err, want)
	}
	if b := screentest.Find(w, "audit.export.cancel"); b != nil && b.Visible() {
		t.Error("there is something to cancel still")
	}
}

func TestAuditLog_exportsHundredThousandEntries(t *testing.T) {
	service := screentest.NewStaff()
	service.Long = 100_000
	_, w, dir := exportedLog(t, service)
	var said []string
	service.OnAudit = func() { said = append(said, screentest.Said(w, "audit.busy")) }
	service.Audited = nil
	screentest.Tap(t, w, "audit.export")
	screentest.Tap(t, w, "audit.export.csv")
	if len(service.Audited) != 100 || len(said) != 100 || !strings.Contains(said[50], "50000 entries") {
		t.Errorf("asked %d times, said %q", len(service.Audited), said[50:51])
	}
	data, err := os.ReadFile(filepath.Join(dir, "Plenary audit log 2026-11-22.csv"))
	if err != nil || bytes.Count(data, []byte("\r\n")) != 100_001 || bytes.Count(data, []byte("'=elena")) != 100_000 {
		t.Errorf("%d rows, %v", bytes.Count(data, []byte("\r\n")), err)
	}
}

// What was given up, or what the service did not give, leaves nothing behind.
func TestAuditLog_exportEndsWithoutAFile(t *testing.T) {
	service := screentest.NewStaff()
	service.Long = 100_000
	a, w, dir := exportedLog(t, service)
	stopped := func(when string) {
		t.Helper()
		if names := filesIn(t, dir); len(names) != 0 {
			t.Errorf("%s: %q is left", when, names)
		}
		if b := screentest.Find(w, "audit.export.cancel"); b != nil && b.Visible() {
			t.Errorf("%s: there is something to cancel still", when)
		}
		if a.export.Begin.Disabled() || screentest.Said(w, "audit.busy") != "" {
			t.Errorf("%s: it is still said to go on: %q", when, screentest.Said(w, "audit.busy"))
		}
	}
	service.Audited, service.OnAudit = nil, func() {
		if len(service.Audited) == 3 {
			screentest.Tap(t, w, "audit.export.cancel")
		}
	}
	screentest.Tap(t, w, "audit.export")
	screentest.Tap(t, w, "audit.export.csv")
	if len(service.Audited) != 3 {
		t.Errorf("it goes on after it was cancelled: asked %d times", len(service.Audited))
	}
	stopped("cancelled")

	service.Audited, service.OnAudit = nil, func() {
		if len(service.Audited) == 2 && !a.Back() {
			t.Error("Escape does nothing")
		}
	}
	screentest.Tap(t, w, "audit.export")
	screentest.Tap(t, w, "audit.export.csv")
	stopped("Escape")

	service.OnAudit = func() { service.Err = &api.Problem{Code: api.CodeForbidden} }
	screentest.Tap(t, w, "audit.export")
	screentest.Tap(t, w, "audit.export.csv")
	if screentest.Said(w, "audit.bar") == "" {
		t.Error("an error of the service is not said")
	}
	stopped("refused")

	service.Err, service.OnAudit = nil, nil
	a.export.Folder = func() (string, error) { return filepath.Join(dir, "gone"), nil }
	screentest.Tap(t, w, "audit.export")
	screentest.Tap(t, w, "audit.export.csv")
	screentest.Says(t, screentest.Said(w, "audit.bar"), "could not be written")
	stopped("no folder")

	a.export.Folder = func() (string, error) { return dir, nil }
	service.Audited, service.OnAudit = nil, func() {
		if len(service.Audited) == 2 {
			a.Close()
		}
	}
	screentest.Tap(t, w, "audit.export")
	screentest.Tap(t, w, "audit.export.csv")
	if names := filesIn(t, dir); len(names) != 0 {
		t.Errorf("the page was left: %q is left", names)
	}
}

func TestEventDetail_isSaidInWords(t *testing.T) {
	e := screentest.NewEnv(t)
	type details = []api.AuditDetail
	fact := func(field, value string) api.AuditDetail { return api.AuditDetail{Field: field, After: value} }
	const network = "192.0.2.0/24"
	for _, c := range []struct {
		event   string
		details details
		reason  string
		want    string
	}{
		{"roles-changed", details{{Field: "role", Before: "meeting-manager"}, fact("role", "administrator")}, "", "Meeting manager removed · Administrator added"},
		{"roles-changed", details{fact("role", "administrator")}, "takes -> over; “now”", "Administrator added “takes -> over; “now””"},
		{"deactivated", nil, "left the secretariat", "“left the secretariat”"},
		{"approval-asked", details{fact("kind", "reset-address")}, "", "Set a reset address"},
		{"approval-refused", details{fact("kind", "roles"), fact("cause", "impossible")}, "", "Change roles · not possible any more"},
		{"mail-switched", details{fact("template", "registration-received"), fact("state", "off")}, "", "Registration received · Off"},
		{"mail-sent-again", details{fact("template", "reset"), fact("mail", "0198f0a2")}, "", "Reset of the password · E-mail: 0198f0a2"},
		{"sessions-ended", details{fact("by", "staff")}, "", "by staff"},
		{"sessions-ended", details{fact("cause", "password-reset")}, "", "password reset"},
		{"session-ended", details{fact("cause", "token-reused")}, "", "its token was used a second time, perhaps by somebody else"},
		{"reset-address-stopped", details{fact("by", "owner"), fact("address", "a***@***.org")}, "", "by the owner · a***@***.org"},
		{"imported", details{fact("outcome", "updated")}, "", "empty fields filled in"},
		{
			"policy-changed",
			details{{Field: "limits.mails", Before: "5", After: "10"}, {Field: "network", Before: network}},
			"",
			"E-mails with codes to one address in an hour: before 5, after 10 · 192.0.2.0/24 removed",
		},
		{
			"policy-changed",
			details{
				fact("network", network),
				{Field: "networks.failures", Of: network, After: "500"},
				{Field: "networks.requests", Of: network, Before: "30", After: "40"},
				{Field: "networks.name", Of: network},
			},
			"",
			"192.0.2.0/24 added · Wrong passwords in an hour from 192.0.2.0/24: 500 · " +
				"Sign-ups and resets in an hour from 192.0.2.0/24: before 30, after 40 · Name of the network 192.0.2.0/24",
		},
		{
			"policy-changed",
			details{{Field: "second_factor", Before: "staff", After: "optional"}},
			"",
			"Two-step log-in: before Required for staff: roles other than participant work only while it is on, after Everybody decides for themselves",
		},
		{"mail-tested", details{fact("step", "connection"), fact("problem", "connection-refused")}, "", "Connection: The host is there, but accepts nothing on this port"},
		{
			"mail-tested",
			details{fact("step", "recipient"), fact("problem", "refused"), fact("answer", "550 5.7.1")},
			"",
			"Recipient: The server does not accept the recipient: it may deliver to its own addresses only, or want a log-in first 550 5.7.1",
		},
		{"mail-tested", details{fact("outcome", "worked")}, "", "worked"},
		{"mail-settings-changed", details{{Field: "host"}, {Field: "reply-to"}}, "", "Host · Reply to"},
		{"settings-changed", details{{Field: "service_desk"}}, "", "E-mail address of the service desk"},
		{"key-rotated", details{{Field: "key", Before: "k1", After: "k2"}}, "", "Key: before k1, after k2"},
		{"log-earlier", details{{Field: "position", Before: "9", After: "7"}}, "", "Last entry: before 9, after 7"},
		{
			"log-exported",
			details{fact("event", "logged-in"), fact("account", "u2"), fact("from", "2026-11-20T00:00:00Z")},
			"",
			"Event: Logged in · Account: u2 · From: 20 Nov 2026, 00:00",
		},
		{"something-new", details{{Field: "colour", Of: "house", Before: "red"}, fact("cause", "whim")}, "", "colour house: red removed · whim"},
		{"logged-in", nil, "", ""},
	} {
		if got := eventDetail(e, &api.AuditEntry{Event: c.event, Details: c.details, Reason: c.reason}); got != c.want {
			t.Errorf("%s %+v is said as %q, want %q", c.event, c.details, got, c.want)
		}
	}
}
