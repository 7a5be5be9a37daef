package screens

import (
	"context"
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

func (f *fakeRecovery) Reset(_ context.Context, _, _, password string) error {
	f.passwords = append(f.passwords, password)
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
