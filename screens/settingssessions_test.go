package screens

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

func TestSessions_endOne(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionSessions)
	if findByID(r.window, "settings.sessions.this") == nil || findByID(r.window, "settings.sessions.end.s1") != nil {
		t.Error("this session is not marked, or can be ended here")
	}
	tabTo(t, r.window, "settings.sessions.end.s2")
	press(t, r.window, fyne.KeyReturn)
	if r.desk.sent != "s2" || findByID(r.window, "settings.sessions.end.s2") != nil {
		t.Errorf("ended %v", r.desk.sent)
	}
	says(t, r.bar(), "has ended")
	if focusedID(r.window) != "settings.sessions.end.s3" {
		t.Errorf("the keyboard is on %q", focusedID(r.window))
	}
}

func TestSessions_failureKeepsTheList(t *testing.T) {
	desk := newSelfDesk()
	desk.fail["end-session"] = &api.Problem{Code: api.CodeInternal, Reference: "REF1"}
	r := newSettingsRig(t, testEnv(t), desk, sectionSessions)
	tap(t, r.window, "settings.sessions.end.s2")
	if findByID(r.window, "settings.sessions.end.s2") == nil {
		t.Error("the session is gone from the list")
	}
	says(t, r.bar(), "Something went wrong")
}

func TestSessions_forgetThisDeviceAsksOnce(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionSessions)
	tap(t, r.window, "settings.sessions.forget")
	tap(t, r.window, "device.keep")
	if r.desk.count("forget-device") != 0 {
		t.Fatal("forgotten although it is to be kept")
	}
	tap(t, r.window, "settings.sessions.forget")
	tap(t, r.window, "device.forget")
	says(t, r.bar(), "no longer knows")
	tap(t, r.window, "settings.everywhere")
	tap(t, r.window, "settings.logout")
	if r.desk.count("forget-device") != 1 || r.left != 101 {
		t.Errorf("forgotten %d times, led to %d", r.desk.count("forget-device"), r.left)
	}
}
