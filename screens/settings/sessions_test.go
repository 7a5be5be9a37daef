package settings

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestSessions_canBeToldApart(t *testing.T) {
	e := screentest.NewEnv(t)
	zone := time.FixedZone("UTC+5", 5*60*60)
	e.Now = func() time.Time { return screentest.Now.In(zone) }
	r := newSettingsRig(t, e, screentest.NewSelf(), SectionSessions)
	for id, want := range map[string]string{
		"name.s1":  "elena-laptop",
		"about.s1": "Plenary 1.0, Linux · Stays logged in",
		"first.s1": "Logged in: 20 Nov 2026, 12:14 · network 192.0.2.*",
		"last.s1":  "Last used: 14:14 · network Hall 1, Geneva",
		"last.s2":  "Last used: 21 Nov 2026, 08:14 · network 2001:db8:1:*",
		"name.s3":  "A computer without a name",
		"first.s3": "Logged in: 11:14",
	} {
		if got := screentest.Find(r.window, "settings.sessions."+id).(fmt.Stringer).String(); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if got := screentest.Find(r.window, "settings.sessions.this").(*parts.Tag).Text(); got != "This computer" {
		t.Errorf("this session is tagged %q", got)
	}
	if screentest.Find(r.window, "settings.sessions.about.s3") != nil {
		t.Error("something is said of a session of which nothing is known")
	}
}

func TestSessions_endOne(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionSessions)
	if screentest.Find(r.window, "settings.sessions.this") == nil || screentest.Find(r.window, "settings.sessions.end.s1") != nil {
		t.Error("this session is not marked, or can be ended here")
	}
	screentest.TabTo(t, r.window, "settings.sessions.end.s2")
	screentest.Press(t, r.window, fyne.KeyReturn)
	if r.desk.Sent != "s2" || screentest.Find(r.window, "settings.sessions.end.s2") != nil {
		t.Errorf("ended %v", r.desk.Sent)
	}
	screentest.Says(t, r.bar(), "has ended")
	if screentest.FocusedID(r.window) != "settings.sessions.end.s3" {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
}

func TestSessions_failureKeepsTheList(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Fail["end-session"] = &api.Problem{Code: api.CodeInternal, Reference: "REF1"}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionSessions)
	screentest.Tap(t, r.window, "settings.sessions.end.s2")
	if screentest.Find(r.window, "settings.sessions.end.s2") == nil {
		t.Error("the session is gone from the list")
	}
	screentest.Says(t, r.bar(), "Something went wrong")
}

func TestSessions_forgetThisDeviceAsksOnce(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionSessions)
	screentest.Tap(t, r.window, "settings.sessions.forget")
	screentest.Tap(t, r.window, "device.keep")
	if r.desk.Count("forget-device") != 0 {
		t.Fatal("forgotten although it is to be kept")
	}
	screentest.Tap(t, r.window, "settings.sessions.forget")
	screentest.Tap(t, r.window, "device.forget")
	screentest.Says(t, r.bar(), "no longer knows")
	screentest.Tap(t, r.window, "settings.everywhere")
	screentest.Tap(t, r.window, "settings.logout")
	if r.desk.Count("forget-device") != 1 || r.left != 101 {
		t.Errorf("forgotten %d times, led to %d", r.desk.Count("forget-device"), r.left)
	}
}
