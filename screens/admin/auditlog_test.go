package admin

import (
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
	screentest.CaptureFew(t, "audit-filter", build, func(fyne.Window) {
		a.list.SetFiltering(true)
		a.user.SetText("elena.garcia")
		parts.Focus(a.user)
	})
}

func TestAuditLog_filtersAndSaysWhetherItIsIntact(t *testing.T) {
	office := screentest.NewStaff()
	e := screentest.NewEnv(t)
	a := NewAuditLog(e, office)
	t.Cleanup(a.Close)
	w := screentest.Show(t, a.Content(), 1100, 740)
	if a.intact.Text() != "Intact" || a.note.Visible() {
		t.Errorf("the log is said to be %q", a.intact.Text())
	}
	screentest.Tap(t, w, "audit.filter")
	a.event.SetID("roles-changed")
	a.event.OnChange(parts.Item{})
	a.user.SetText("a.lindgren")
	a.from.SetText("2026/11/20")
	a.until.SetText("2026-11-21")
	want := api.AuditFilter{Event: "roles-changed", User: "a.lindgren", From: "2026-11-20T00:00:00Z", Until: "2026-11-22T00:00:00Z"}
	if got := office.Audited[len(office.Audited)-1]; got != want {
		t.Errorf("asked for %+v, want %+v", got, want)
	}
	screentest.Says(t, screentest.Said(w, "audit.filter.said"), "Roles changed", "a.lindgren", "from 2026-11-20", "until 2026-11-21")
	office.Broken = true
	screentest.Tap(t, w, "audit.filter.clear")
	if got := office.Audited[len(office.Audited)-1]; got != (api.AuditFilter{}) {
		t.Errorf("without a filter asked for %+v", got)
	}
	if a.intact.Text() != "Not intact" || !a.note.Visible() {
		t.Error("a log that is not intact is not said to be so")
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
		{"something-new", details{{Field: "colour", Of: "house", Before: "red"}, fact("cause", "whim")}, "", "colour house: red removed · whim"},
		{"logged-in", nil, "", ""},
	} {
		if got := eventDetail(e, &api.AuditEntry{Event: c.event, Details: c.details, Reason: c.reason}); got != c.want {
			t.Errorf("%s %+v is said as %q, want %q", c.event, c.details, got, c.want)
		}
	}
}
