package settings

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/platform/proxy"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// settingsRig is Settings in a window.
type settingsRig struct {
	desk     *screentest.Self
	settings *Page
	window   fyne.Window
	told     []api.Account
	saved    map[string]string
	saveErr  error
	env      kit.Env
	left     int
	proxies  []string // those entered
	keepErr  error
	lock     screentest.Lock
	went     screentest.WentTo
}

func newSettingsRig(t *testing.T, e kit.Env, desk *screentest.Self, section string) *settingsRig {
	t.Helper()
	return newLockedRig(t, e, desk, section, screentest.Lock{State: app.LockState{Can: true}})
}

// newLockedRig is newSettingsRig with a lock as it is set.
func newLockedRig(t *testing.T, e kit.Env, desk *screentest.Self, section string, lock screentest.Lock) *settingsRig {
	t.Helper()
	r := &settingsRig{desk: desk, saved: map[string]string{}, env: e, lock: lock}
	r.settings = New(e, desk.Owner, desk, &screentest.Directory{List: screentest.Organizations()}, fyne.CurrentApp().Preferences(), section, Events{
		Language: func(string, func()) {}, Appearance: func() {}, LogOut: func() { r.left++ }, Everywhere: func() { r.left += 100 },
		Proxy: func(text string) error {
			_, err := proxy.ParseSetting(text)
			return err
		},
		KeepProxy: func() error { r.proxies = append(r.proxies, "kept"); return r.keepErr },
		NewProxy:  func() { r.proxies = append(r.proxies, "tried") },
		Lock:      r.went.To("lock"),
		Locking:   screentest.Locking{Lock: &r.lock},
		LockedOut: func(error) { r.went.To("locked out")() },
		Account:   func(a api.Account) { r.told = append(r.told, a) },
	})
	r.window = screentest.Show(t, r.settings.Content(), 1024, 700)
	r.settings.SetOnline(true)
	save := func(name string, data []byte) (string, error) {
		r.saved[name] = string(data)
		return "/home/elena/Downloads/" + name, r.saveErr
	}
	switch s := r.settings.section().(type) {
	case *dataSection:
		s.save = save
	case *twoStepSection:
		s.save = save
	}
	if first := r.settings.section().First(); first != nil {
		r.window.Canvas().Focus(first)
	}
	return r
}

// prove types a password into the question for a proof.
func (r *settingsRig) prove(t *testing.T, area, password string) {
	t.Helper()
	if got := screentest.FocusedID(r.window); got != area+".proof.password" {
		t.Fatalf("the keyboard is on %q, want the password", got)
	}
	screentest.Write(t, r.window, password)
	screentest.Press(t, r.window, fyne.KeyReturn)
}

// bar is what the section's bar says.
func (r *settingsRig) bar() string {
	if s, ok := r.settings.section().(interface{ said() string }); ok {
		return s.said()
	}
	return ""
}

func (s *accountSection) said() string { return s.bar.String() }
