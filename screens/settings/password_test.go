package settings

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestPasswordSection_changesByKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), sectionPassword)
	screentest.Write(t, r.window, "Correct-Horse-7")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Write(t, r.window, "Kelp-84-orbit?tin")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Write(t, r.window, "Kelp-84-orbit?tin")
	screentest.Press(t, r.window, fyne.KeyReturn)
	want := api.ChangePassword{Current: "Correct-Horse-7", New: "Kelp-84-orbit?tin"}
	if r.desk.Sent != want {
		t.Fatalf("sent %+v", r.desk.Sent)
	}
	s := r.settings.section().(*passwordSection)
	screentest.Says(t, r.bar(), "changed successfully", "other sessions")
	if s.current.Text+s.password.Password.Text+s.password.Confirm.Text != "" || s.password.PasswordField.Error()+s.password.ConfirmField.Error() != "" {
		t.Error("the passwords still stand there")
	}
	if screentest.FocusedID(r.window) != "settings.password.current" {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
}

func TestPasswordSection_saysMistakesAtTheirField(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Factor.On = true
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionPassword)
	s := r.settings.section().(*passwordSection)
	screentest.Tap(t, r.window, "settings.password.submit")
	if len(desk.Calls) != 1 || s.currentField.Error() == "" || s.password.PasswordField.Error() == "" || screentest.FocusedID(r.window) != "settings.password.current" {
		t.Fatalf("calls %v, says %q", desk.Calls, s.currentField.Error())
	}
	s.current.SetText("wrong")
	s.password.Password.SetText("Kelp-84-orbit?tin")
	s.password.Confirm.SetText("Kelp-84-orbit?tin")
	s.change()
	screentest.Says(t, s.currentField.Error(), "not the password")
	s.current.SetText("Correct-Horse-7")
	s.change()
	if screentest.FocusedID(r.window) != "settings.password.code" || s.codeField.Error() != "" {
		t.Fatalf("the keyboard is on %q, the code's field says %q", screentest.FocusedID(r.window), s.codeField.Error())
	}
	screentest.Write(t, r.window, "000000")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Says(t, s.codeField.Error(), "not right")
	if s.password.Password.Text != "Kelp-84-orbit?tin" {
		t.Error("what was typed is lost")
	}
	s.code.SetText("123456")
	s.change()
	screentest.Says(t, r.bar(), "changed successfully")
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
		desk := screentest.NewSelf()
		desk.Fail["password"] = c.err
		r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionPassword)
		s := r.settings.section().(*passwordSection)
		s.current.SetText("Correct-Horse-7")
		s.password.Password.SetText("Kelp-84-orbit?tin")
		s.password.Confirm.SetText("Kelp-84-orbit?tin")
		s.change()
		screentest.Says(t, r.bar(), c.bar)
		screentest.Says(t, s.password.PasswordField.Error(), c.field)
		if s.password.Confirm.Text == "" {
			t.Errorf("%v: what was typed is lost", c.err)
		}
	}
}

func TestPasswordSection_impatientClicksSendOnce(t *testing.T) {
	e, desk := screentest.NewEnv(t), screentest.NewSelf()
	steps := &screentest.Stepped{}
	e.Run = steps
	r := newSettingsRig(t, e, desk, sectionPassword)
	s := r.settings.section().(*passwordSection)
	s.current.SetText("Correct-Horse-7")
	s.password.Password.SetText("Kelp-84-orbit?tin")
	s.password.Confirm.SetText("Kelp-84-orbit?tin")
	submit := screentest.Widget(t, r.window, "settings.password.submit").(*parts.Button)
	s.change()
	s.change()
	if !submit.Disabled() {
		t.Error("the button can still be clicked")
	}
	steps.All()
	if desk.Count("password") != 1 || submit.Disabled() {
		t.Errorf("sent %d times", desk.Count("password"))
	}
}
