package screens

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/demo"
	"plenary/screens/help"
	"plenary/screens/kit"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
	"plenary/words"
)

// knownSession is a session in memory.
type knownSession struct {
	account   api.Account
	restore   error
	work      app.LocalWork
	outlives  bool
	workErr   error
	sent      int
	sendErr   error
	hangs     bool // what the end of a session asks of it
	hung      bool // ... and it did, see hungRun
	keptWork  int
	kept      bool
	phase     app.Phase
	untold    bool // the service cannot be told of a log-out
	listed    bool
	left      []app.Unsent
	everyone  int
	discards  int
	logInErr  error
	logoutErr error
	leftovers []app.Leftover
	found     app.LocalWork
	sealed    bool // somebody's work is kept
	leftErr   error
	takenOver []string
	dropped   []string
	tell      func(app.SessionState)
	lock      screentest.Lock
	locks     int // calls
	lockErr   error
}

func (k *knownSession) LogIn(context.Context, app.LogIn) (api.Account, error) {
	return k.account, k.logInErr
}

func (k *knownSession) ResendActivation(context.Context, string, string) error { return nil }

func (k *knownSession) SubscribeKeyring(func(bool)) func() { return func() {} }

func (k *knownSession) UsePassphrase(context.Context, string) error { return nil }

func (k *knownSession) SetAside(context.Context) error { return nil }

func (k *knownSession) Restore(context.Context) (api.Account, error) { return k.account, k.restore }

func (k *knownSession) LogOut(_ context.Context, u app.Unsent) error {
	if k.hung = k.hangs; k.hung {
		return nil
	}
	if k.logoutErr == nil {
		k.left = append(k.left, u)
		k.loggedOut()
	}
	return k.logoutErr
}

// loggedOut tells of the end of a session before whoever has ended it knows, as app does.
func (k *knownSession) loggedOut() {
	k.phase, k.listed = app.LoggedOut, k.untold
	k.tell(app.SessionState{Phase: app.LoggedOut})
}

func (k *knownSession) Discard() { k.discards++ }

func (k *knownSession) LogOutEverywhere(_ context.Context, u app.Unsent) error {
	if k.hung = k.hangs; k.hung {
		return nil
	}
	k.everyone++
	k.left = append(k.left, u)
	return k.logoutErr
}

func (k *knownSession) LocalWork(context.Context) (app.LocalWork, error) {
	k.hung = k.hangs
	return k.work, k.workErr
}

func (k *knownSession) Send(context.Context) error {
	k.sent++
	if k.sendErr == nil {
		k.work.Waiting = 0
	}
	return k.sendErr
}

func (k *knownSession) FoundWork(context.Context) (app.LocalWork, error) { return k.found, nil }

func (k *knownSession) WorkIsKept() bool { return k.sealed }

func (k *knownSession) Leftovers(context.Context) ([]app.Leftover, error) { return k.leftovers, nil }

func (k *knownSession) TakeOver(_ context.Context, l app.Leftover) error {
	k.takenOver = append(k.takenOver, l.Form.Meeting)
	return k.leftErr
}

func (k *knownSession) DropLeftover(_ context.Context, l app.Leftover) error {
	k.dropped = append(k.dropped, l.Form.Meeting)
	return k.leftErr
}

func (k *knownSession) KeepWork(context.Context) error {
	if k.hung = k.hangs; k.hung {
		return nil
	}
	k.keptWork++
	return k.logoutErr
}

func (k *knownSession) State() app.SessionState {
	return app.SessionState{Phase: k.phase, Account: k.account, Kept: k.kept, Outlives: k.outlives, Listed: k.listed, Lock: k.lock.State}
}

func (k *knownSession) SetLock(_ context.Context, in app.SetLock) error { return k.lock.Set(in) }

func (k *knownSession) RemoveLock(_ context.Context, pin string) error { return k.lock.Remove(pin) }

func (k *knownSession) Lock(context.Context) error {
	if k.locks++; k.lockErr == nil {
		k.become(app.Locked)
	}
	return k.lockErr
}

func (k *knownSession) Unlock(_ context.Context, pin string) (api.Account, error) {
	err := k.lock.Try(pin)
	if errors.Is(err, app.ErrLockedOut) {
		k.become(app.LoggedOut)
	}
	if err != nil {
		return api.Account{}, err
	}
	k.become(app.LoggedIn)
	return k.account, nil
}

func (k *knownSession) UnlockByPassword(_ context.Context, password, code string) (api.Account, error) {
	if err := k.lock.Prove(password, code); err != nil {
		return api.Account{}, err
	}
	k.become(app.LoggedIn)
	return k.account, nil
}

// become changes the phase, and tells of it before whoever asked for it knows, as app does.
func (k *knownSession) become(phase app.Phase) {
	k.phase = phase
	k.tell(k.State())
}

func (k *knownSession) Subscribe(f func(app.SessionState)) func() { k.tell = f; return func() {} }

// knownSync is a status in memory.
type knownSync struct {
	status app.Status
	asked  int
	looked int
	tell   func(app.Status)
}

func (k *knownSync) Status() app.Status { return k.status }

func (k *knownSync) Subscribe(f func(app.Status)) func() { k.tell = f; return func() {} }

func (k *knownSync) Now() { k.asked++ }

func (k *knownSync) Look() { k.looked++ }

// testProgram is the window with services in memory.
type testProgram struct {
	shell    *Shell
	window   fyne.Window
	session  *knownSession
	sync     *knownSync
	mine     *screentest.Registrations
	meetings *screentest.Catalog
	self     *screentest.Self
	closed   int
	moved    string
	replaced int
	learn    func(api.ServiceInfo) // tells what the service says of itself
}

// registering says whether the window shows the form of a meeting.
func (p *testProgram) registering(code string) bool {
	_, form := p.shell.page.(*meetings.Register)
	return form && p.shell.at == route{name: routeRegister, code: code}
}

func testWindow(t *testing.T, e kit.Env, change ...func(*testProgram, *WindowDeps)) *testProgram {
	t.Helper()
	p := &testProgram{
		session:  &knownSession{account: screentest.Account, kept: true, phase: app.LoggedIn},
		sync:     &knownSync{status: app.Status{Online: true, Since: screentest.Now, Refreshed: screentest.Now}},
		mine:     screentest.NewRegistrations(),
		meetings: &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now},
		self:     screentest.NewSelf(),
	}
	p.window = test.NewTempWindow(t, nil)
	t.Cleanup(func() {
		screentest.CheckSpoken(t, p.window)
		screentest.CheckMirrored(t, p.window)
	})
	p.window.SetPadded(false)
	deps := WindowDeps{
		App: fyne.CurrentApp(), Window: p.window, Quit: fyne.CurrentApp().Quit, Address: "https://plenary.example.int", Version: "1.0.0",
		Open: func(context.Context, string) (Services, error) {
			p.self.Owner = p.session.account
			return Services{
				Info: func(context.Context) (api.ServiceInfo, error) {
					return api.ServiceInfo{
						ServiceID: "s1", Organization: "example.int", Address: "https://service.example.int",
						ServiceDesk: "servicedesk@example.int", FAQ: "https://example.int/faq", Terms: "https://example.int/t", Privacy: "https://example.int/p",
					}, nil
				},
				SubscribeInfo: func(f func(api.ServiceInfo)) func() { p.learn = f; return func() {} },
				Session:       p.session, Self: p.self, Directory: &screentest.Directory{List: screentest.Organizations()}, Meetings: p.meetings, Registrations: p.mine, Sync: p.sync,
				Address: "https://plenary.example.int", Now: e.Now,
				Moved: func() string { return p.moved }, Replace: func() error { p.replaced++; return nil },
				Close: func() error { p.closed++; return nil },
			}, nil
		},
	}
	for _, f := range change {
		f(p, &deps)
	}
	p.shell = NewShell(e, deps)
	p.window.SetContent(p.shell.Content())
	p.shell.Start(t.Context())
	return p
}

// captureWindow takes pictures of the whole window after something was done in it.
func captureWindow(t *testing.T, name string, prepare, act func(*testProgram), then ...func(*testProgram)) {
	captureWindowIn(t, screentest.Shots, name, prepare, act, then...)
}

func captureWindowIn(t *testing.T, shots []screentest.Shot, name string, prepare, act func(*testProgram), then ...func(*testProgram)) {
	var p *testProgram
	ask := func(w fyne.Window) {
		p.shell.deps.Window = w // the one that is captured
		for _, f := range then {
			f(p)
		}
	}
	screentest.CaptureIn(t, shots, name, func(e kit.Env) fyne.CanvasObject {
		th := fyne.CurrentApp().Settings().Theme().(*parts.Theme)
		p = testWindow(t, e, func(p *testProgram, _ *WindowDeps) {
			prefs := fyne.CurrentApp().Preferences()
			prefs.SetInt(settings.PrefTextSize, int(th.Scale()*100))
			prefs.SetString(settings.PrefAppearance, string(th.Appearance()))
			if lang := e.Words.Lang(); words.For(lang) == e.Words {
				prefs.SetString(settings.PrefLanguage, lang)
			}
			if prepare != nil {
				prepare(p)
			}
		})
		p.window.Resize(fyne.NewSize(1100, 740))
		act(p)
		return p.shell.Content()
	}, ask)
}

// typeShortcut presses a key with Ctrl, as Fyne's driver does: what has the
// keyboard hears it first.
func typeShortcut(w fyne.Window, key fyne.KeyName) {
	s := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	if focused, ok := w.Canvas().Focused().(fyne.Shortcutable); ok {
		focused.TypedShortcut(s)
		return
	}
	parts.Shortcut(w.Canvas(), key)
}

// quietDemo is a demonstration in which nothing happens.
type quietDemo struct{ demo.MailboxService }

func (quietDemo) Staff() []demo.StaffLogIn                            { return nil }
func (quietDemo) Mails(context.Context) ([]demo.Mail, error)          { return nil, nil }
func (quietDemo) Waiting(context.Context) ([]api.Registration, error) { return nil, nil }
func (quietDemo) On() bool                                            { return true }

// supportInMemory is what the service desk asks for.
func supportInMemory() help.Support {
	return help.Support{System: "Debian GNU/Linux 12 (bookworm), amd64", Keyring: "Secret Service", LogFolder: "/home/elena/.local/share/plenary", LogFile: "plenary.log"}
}
