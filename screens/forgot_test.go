package screens

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

// fakeRecovery answers as a test says.
type fakeRecovery struct {
	recovered []string
	sent      int
	codes     []string
	passwords []string
	err       map[string]error
}

func (f *fakeRecovery) Recover(_ context.Context, identifier string) (api.Recovery, error) {
	f.recovered = append(f.recovered, identifier)
	return api.Recovery{Flow: "flow", Address: "e*****@*****.org"}, f.err["recover"]
}

func (f *fakeRecovery) SendRecovery(context.Context, string) error {
	f.sent++
	return f.err["send"]
}

func (f *fakeRecovery) CheckCode(_ context.Context, _, code string) error {
	f.codes = append(f.codes, code)
	return f.err["check"]
}

func (f *fakeRecovery) Reset(_ context.Context, in api.Reset) error {
	f.passwords = append(f.passwords, in.Password)
	return f.err["reset"]
}

func TestForgot_pictures(t *testing.T) {
	for _, step := range []struct {
		name string
		show func(*Forgot)
	}{
		{"identify", func(*Forgot) {}},
		{"confirm", func(f *Forgot) { f.recovery.Address = "e*****@*****.org"; f.showConfirm() }},
		{"code", func(f *Forgot) { f.showCode(true) }},
		{"password", func(f *Forgot) { f.showPassword(); f.password.password.SetText("Meridian") }},
		{"done", func(f *Forgot) { f.showDone() }},
	} {
		t.Run(step.name, func(t *testing.T) {
			capture(t, "forgot-"+step.name, func(e Env) fyne.CanvasObject {
				e.Info.Chat = "https://example.int/chat"
				f := NewForgot(e, &fakeRecovery{}, "elena.garcia", ForgotEvents{Login: func(string) {}})
				step.show(f)
				return f.Content()
			})
		})
	}
}

func newTestForgot(t *testing.T, acc *fakeRecovery, identifier string) (*Forgot, fyne.Window, *wentTo) {
	to := &wentTo{}
	f := NewForgot(testEnv(t), acc, identifier, ForgotEvents{Login: to.with("log in")})
	w := show(t, f.Content(), 1100, 740)
	w.Canvas().Focus(f.First())
	return f, w, to
}

func TestForgot_allTheWayByKeyboard(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, to := newTestForgot(t, acc, "")
	step := func(title string) {
		t.Helper()
		if f.title.String() != title {
			t.Fatalf("at %q, want %q; bar says %q", f.title.String(), title, f.bar.String())
		}
	}
	step("Forgot password?")
	write(t, w, "elena.garcia")
	press(t, w, fyne.KeyReturn)
	step("Is this your e-mail?")
	press(t, w, fyne.KeyReturn)
	step("An email was sent to your inbox.")
	write(t, w, "7k3qd 9xw2m")
	press(t, w, fyne.KeyReturn)
	step("Define a New Password")
	write(t, w, "Kelp-84-orbit?tin")
	press(t, w, fyne.KeyReturn)
	write(t, w, "Kelp-84-orbit?tin")
	press(t, w, fyne.KeyReturn)
	step("Your password has been changed successfully.")
	press(t, w, fyne.KeyReturn)
	if to.last() != "log in elena.garcia" {
		t.Errorf("led to %q", to.last())
	}
	if acc.recovered[0] != "elena.garcia" || acc.sent != 1 || acc.codes[0] != "7K3QD-9XW2M" || acc.passwords[0] != "Kelp-84-orbit?tin" {
		t.Errorf("asked %+v", acc)
	}
}

func TestForgot_nothingTyped(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, _ := newTestForgot(t, acc, "")
	press(t, w, fyne.KeyReturn)
	if len(acc.recovered) != 0 || f.idField.Error() == "" {
		t.Errorf("asked for %v", acc.recovered)
	}
}

func TestForgot_alreadyHasACode(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, _ := newTestForgot(t, acc, "elena")
	tabTo(t, w, "forgot.have-code")
	press(t, w, fyne.KeyReturn)
	if f.title.String() != "Enter your code" || acc.sent != 0 || len(acc.recovered) != 1 {
		t.Errorf("at %q, sent %d", f.title.String(), acc.sent)
	}
}

func TestForgot_passwordThatTheServiceRefusesKeepsTheCode(t *testing.T) {
	acc := &fakeRecovery{err: map[string]error{"reset": &api.Problem{Code: api.CodePasswordRefused}}}
	f, _, _ := newTestForgot(t, acc, "elena")
	f.recovery.Flow, f.codeText = "flow", "7K3QD-9XW2M"
	f.showPassword()
	f.password.password.SetText("Kelp-84-orbit?tin")
	f.password.confirm.SetText("Kelp-84-orbit?tin")
	f.reset()
	if f.title.String() != "Define a New Password" || f.password.passwordField.Error() == "" {
		t.Errorf("at %q, says %q", f.title.String(), f.password.passwordField.Error())
	}
	acc.err["reset"] = &api.Problem{Code: api.CodeCodeExpired}
	f.reset()
	if f.title.String() != "Enter your code" || f.code.field.Error() == "" {
		t.Errorf("at %q, says %q", f.title.String(), f.code.field.Error())
	}
}

func TestForgot_weakPasswordIsNotSent(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, _ := newTestForgot(t, acc, "elena")
	f.showPassword()
	f.password.password.SetText("short")
	f.reset()
	if len(acc.passwords) != 0 || focusedID(w) != "forgot.password" || f.password.confirmField.Error() == "" {
		t.Errorf("sent %v, focus on %s", acc.passwords, focusedID(w))
	}
}

func TestForgot_failuresStayOnTheirStep(t *testing.T) {
	for _, c := range []struct {
		call  string
		do    func(*Forgot)
		title string
	}{
		{"recover", func(f *Forgot) { f.request() }, "Forgot password?"},
		{"send", func(f *Forgot) { f.showConfirm(); f.send() }, "Is this your e-mail?"},
		{"check", func(f *Forgot) { f.showCode(true); f.code.entry.SetText("7K3QD-9XW2M"); f.check() }, "An email was sent to your inbox."},
	} {
		acc := &fakeRecovery{err: map[string]error{c.call: &api.Problem{Code: api.CodeTooMany, Reference: "REF1"}}}
		f, _, _ := newTestForgot(t, acc, "elena")
		c.do(f)
		if f.title.String() != c.title || !strings.Contains(f.bar.String(), "too many") {
			t.Errorf("%s: at %q, says %q", c.call, f.title.String(), f.bar.String())
		}
	}
}

func TestForgot_noAccessAndNothingArrived(t *testing.T) {
	f, w, _ := newTestForgot(t, &fakeRecovery{}, "elena")
	f.showConfirm()
	before := len(order(w))
	tabTo(t, w, "forgot.not-mine")
	press(t, w, fyne.KeyReturn)
	if len(order(w)) <= before {
		t.Error("no way to people is shown")
	}
	f.showCode(true)
	before = len(order(w))
	tabTo(t, w, "forgot.nothing")
	press(t, w, fyne.KeyReturn)
	if len(order(w)) <= before {
		t.Error("nothing is said about what to do when nothing arrived")
	}
}

func TestForgot_answerAfterLeaving(t *testing.T) {
	e, acc := testEnv(t), &fakeRecovery{}
	steps := &Stepped{}
	e.Run = steps
	f := NewForgot(e, acc, "elena", ForgotEvents{Login: func(string) {}})
	f.request()
	f.request()
	steps.Step()
	f.Close()
	steps.All()
	if f.title.String() != "Forgot password?" || len(acc.recovered) != 1 {
		t.Errorf("at %q after %d questions", f.title.String(), len(acc.recovered))
	}
}
