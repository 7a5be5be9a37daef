package screens

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
)

func TestPasswordSection_changesByKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionPassword)
	write(t, r.window, "Correct-Horse-7")
	press(t, r.window, fyne.KeyReturn)
	write(t, r.window, "Kelp-84-orbit?tin")
	press(t, r.window, fyne.KeyReturn)
	write(t, r.window, "Kelp-84-orbit?tin")
	press(t, r.window, fyne.KeyReturn)
	want := api.ChangePassword{Current: "Correct-Horse-7", New: "Kelp-84-orbit?tin"}
	if r.desk.sent != want {
		t.Fatalf("sent %+v", r.desk.sent)
	}
	s := r.settings.section().(*passwordSection)
	says(t, r.bar(), "changed successfully", "other sessions")
	if s.current.Text+s.password.password.Text+s.password.confirm.Text != "" || s.password.passwordField.Error()+s.password.confirmField.Error() != "" {
		t.Error("the passwords still stand there")
	}
	if focusedID(r.window) != "settings.password.current" {
		t.Errorf("the keyboard is on %q", focusedID(r.window))
	}
}

func TestPasswordSection_saysMistakesAtTheirField(t *testing.T) {
	desk := newSelfDesk()
	desk.factor.On = true
	r := newSettingsRig(t, testEnv(t), desk, sectionPassword)
	s := r.settings.section().(*passwordSection)
	tap(t, r.window, "settings.password.submit")
	if len(desk.calls) != 1 || s.currentField.Error() == "" || s.password.passwordField.Error() == "" || focusedID(r.window) != "settings.password.current" {
		t.Fatalf("calls %v, says %q", desk.calls, s.currentField.Error())
	}
	s.current.SetText("wrong")
	s.password.password.SetText("Kelp-84-orbit?tin")
	s.password.confirm.SetText("Kelp-84-orbit?tin")
	s.change()
	says(t, s.currentField.Error(), "not the password")
	s.current.SetText("Correct-Horse-7")
	s.change()
	if focusedID(r.window) != "settings.password.code" || s.codeField.Error() != "" {
		t.Fatalf("the keyboard is on %q, the code's field says %q", focusedID(r.window), s.codeField.Error())
	}
	write(t, r.window, "000000")
	press(t, r.window, fyne.KeyReturn)
	says(t, s.codeField.Error(), "not right")
	if s.password.password.Text != "Kelp-84-orbit?tin" {
		t.Error("what was typed is lost")
	}
	s.code.SetText("123456")
	s.change()
	says(t, r.bar(), "changed successfully")
}

func TestPasswordSection_serviceRefuses(t *testing.T) {
	for _, c := range []struct {
		err   error
		bar   string
		field string
	}{
		{&api.Problem{Code: api.CodePasswordRefused}, "", "does not accept this password"},
		{&api.Problem{Code: api.CodeTooMany, RetryAfter: 90 * time.Second}, "2 minutes", ""},
		{&api.Problem{Code: api.CodeInternal, Reference: "REF1"}, "Something went wrong", ""},
	} {
		desk := newSelfDesk()
		desk.fail["password"] = c.err
		r := newSettingsRig(t, testEnv(t), desk, sectionPassword)
		s := r.settings.section().(*passwordSection)
		s.current.SetText("Correct-Horse-7")
		s.password.password.SetText("Kelp-84-orbit?tin")
		s.password.confirm.SetText("Kelp-84-orbit?tin")
		s.change()
		says(t, r.bar(), c.bar)
		says(t, s.password.passwordField.Error(), c.field)
		if s.password.confirm.Text == "" {
			t.Errorf("%v: what was typed is lost", c.err)
		}
	}
}

func TestPasswordSection_impatientClicksSendOnce(t *testing.T) {
	e, desk := testEnv(t), newSelfDesk()
	steps := &Stepped{}
	e.Run = steps
	r := newSettingsRig(t, e, desk, sectionPassword)
	s := r.settings.section().(*passwordSection)
	s.current.SetText("Correct-Horse-7")
	s.password.password.SetText("Kelp-84-orbit?tin")
	s.password.confirm.SetText("Kelp-84-orbit?tin")
	s.change()
	s.change()
	if !s.acts[0].Disabled() {
		t.Error("the button can still be clicked")
	}
	steps.All()
	if desk.count("password") != 1 || s.acts[0].Disabled() {
		t.Errorf("sent %d times", desk.count("password"))
	}
}
