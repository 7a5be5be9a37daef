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
	for _, c := range []struct{ event, detail, want string }{
		{"roles-changed", "participant->participant administrator", "before Participant, after Participant, Administrator"},
		{"roles-changed", "participant administrator->participant reason:0198f0a2-6a5e-7000-8000-0123456789ab", "before Participant, Administrator, after Participant"},
		{"roles-changed", "participant administrator->participant “left the secretariat”", "before Participant, Administrator, after Participant “left the secretariat”"},
		{"deactivated", "“left the secretariat”", "“left the secretariat”"},
		{"approval-asked", "reset-address", "Set a reset address"},
		{"mail-switched", "registration-received off", "Registration received, Off"},
		{"sessions-ended", "by staff", "by staff"},
		{"policy-changed", "limits.mails 5->10; network 192.0.2.0/24 removed", "E-mails with codes to one address in an hour: before 5, after 10; network 192.0.2.0/24 removed"},
		{
			"policy-changed", "network 192.0.2.0/24 failures 10->20 requests 30->40; network 198.51.100.0/24 failures 5 requests 6",
			"network 192.0.2.0/24: 10 → 20 wrong passwords, 30 → 40 sign-ups and resets in an hour; " +
				"network 198.51.100.0/24: 5 wrong passwords, 6 sign-ups and resets in an hour",
		},
		{"policy-changed", "network of a newer service", "of a newer service"},
		{"sessions-ended", "password-reset", "Password reset"},
		{"session-ended", "logged out", "logged out"},
		{"session-ended", "refresh token used again", "its token was used a second time, perhaps by somebody else"},
		{"policy-changed", "second_factor staff->optional", "Two-step log-in: before Required for staff: roles other than participant work only while it is on, after Everybody decides for themselves"},
		{"mail-tested", "connection: connection-refused", "Connection: The host is there, but accepts nothing on this port"},
		{"mail-tested", "recipient: refused 550", "Recipient: The server does not accept the recipient: it may deliver to its own addresses only, or want a log-in first 550"},
		{"mail-tested", "ok", "worked"},
		{"mail-settings-changed", "host reply-to", "Host, Reply to"},
		{"something-new", "of a newer service", "of a newer service"},
		{"logged-in", "", ""},
	} {
		if got := eventDetail(e, &api.AuditEntry{Event: c.event, Detail: c.detail}); got != c.want {
			t.Errorf("%s %q is said as %q, want %q", c.event, c.detail, got, c.want)
		}
	}
}
