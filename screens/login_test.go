package screens

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

// fakeSession answers as a test says.
type fakeSession struct {
	logIn      func(identifier, password string, keep bool) (api.Account, error)
	resent     []string
	passphrase string
	setAside   int
	keyring    func(bool)
}

func (f *fakeSession) LogIn(_ context.Context, identifier, password string, keep bool) (api.Account, error) {
	return f.logIn(identifier, password, keep)
}

func (f *fakeSession) ResendActivation(_ context.Context, identifier, _ string) error {
	f.resent = append(f.resent, identifier)
	return nil
}

func (f *fakeSession) SubscribeKeyring(k func(bool)) func() {
	f.keyring = k
	return func() {}
}

func (f *fakeSession) UsePassphrase(_ context.Context, p string) error {
	f.passphrase = p
	return nil
}

func (f *fakeSession) SetAside(context.Context) error {
	f.setAside++
	return nil
}

func TestLogin_pictures(t *testing.T) {
	capture(t, "login", func(e Env) fyne.CanvasObject {
		l := NewLogin(e, &fakeSession{}, LoginEvents{Forgot: func(string) {}, SignUp: func() {}, Meeting: func(string) {}})
		l.SetIdentifier("elena.garcia@example.org")
		l.password.SetText("correct horse")
		return l.Content()
	}, func(w fyne.Window) { w.Canvas().FocusNext() })
}
