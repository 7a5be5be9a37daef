package screens

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/account"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

// lockedWindow is a window whose session can be locked, and the time by its clock.
func lockedWindow(t *testing.T, change ...func(*testProgram, *WindowDeps)) (p *testProgram, now *time.Time) {
	t.Helper()
	e := screentest.NewEnv(t)
	at := screentest.Now
	e.Now = func() time.Time { return at }
	p = testWindow(t, e, append([]func(*testProgram, *WindowDeps){func(p *testProgram, _ *WindowDeps) {
		p.session.lock = screentest.NewLock()
		p.session.lock.State.After = 15 * time.Minute
	}}, change...)...)
	return p, &at
}

func (p *testProgram) locked() bool { return p.shell.atLock() != nil }

// enterPIN types a PIN into what has the keyboard.
func (p *testProgram) enterPIN(t *testing.T, pin string) {
	t.Helper()
	if got := screentest.FocusedID(p.window); got != "lock.pin" {
		t.Fatalf("the keyboard is on %q", got)
	}
	screentest.Write(t, p.window, pin)
	screentest.Press(t, p.window, fyne.KeyReturn)
}

// shownTexts are all visible texts of a window, and what its inputs hold.
func shownTexts(w fyne.Window) (texts []string) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *parts.Entry:
			texts = append(texts, o.Text)
		case *canvas.Text:
			texts = append(texts, o.Text)
		case *container.Scroll:
			walk(o.Content)
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(w.Content())
	for _, over := range w.Canvas().Overlays().List() {
		walk(over)
	}
	return texts
}

func TestLock_afterATimeWithoutUse(t *testing.T) {
	for name, c := range map[string]struct {
		do     func(p *testProgram, now *time.Time)
		locked bool
	}{
		"not yet": {func(_ *testProgram, now *time.Time) { *now = now.Add(15*time.Minute - time.Second) }, false},
		"just":    {func(_ *testProgram, now *time.Time) { *now = now.Add(15 * time.Minute) }, true},
		"after a use": {func(p *testProgram, now *time.Time) {
			*now = now.Add(10 * time.Minute)
			p.shell.Used()
			*now = now.Add(10 * time.Minute)
		}, false},
		"a use that comes too late": {func(p *testProgram, now *time.Time) {
			*now = now.Add(16 * time.Minute)
			p.shell.Used()
		}, true},
		"a night of sleep":       {func(_ *testProgram, now *time.Time) { *now = now.Add(9 * time.Hour) }, true},
		"a clock that is behind": {func(_ *testProgram, now *time.Time) { *now = now.Add(-time.Hour) }, false},
		"never":                  {func(p *testProgram, now *time.Time) { p.session.lock.State.After = 0; *now = now.Add(9 * time.Hour) }, false},
		"no PIN":                 {func(p *testProgram, now *time.Time) { p.session.lock.State.On = false; *now = now.Add(9 * time.Hour) }, false},
		"while the session is being ended": {func(p *testProgram, now *time.Time) {
			p.shell.leave = leave{state: leaveEnding}
			*now = now.Add(time.Hour)
		}, false},
		"while a question is open": {func(p *testProgram, now *time.Time) {
			p.session.work = app.LocalWork{Waiting: 1}
			p.shell.logOut()
			*now = now.Add(time.Hour)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, now := lockedWindow(t)
			c.do(p, now)
			p.shell.ticked()
			if p.locked() != c.locked || (p.session.locks > 0) != c.locked {
				t.Errorf("locked: %v, calls %d", p.locked(), p.session.locks)
			}
			if c.locked && len(p.window.Canvas().Overlays().List()) != 0 {
				t.Error("something lies over the lock screen")
			}
		})
	}
}

// Where the organization wants a lock, it comes at the latest after the time that it has set;
// whoever has no PIN is logged out instead, with what was not sent kept, and finds the same
// place again.
func TestLock_asTheOrganizationWants(t *testing.T) {
	for name, c := range map[string]struct {
		lock   app.LockState
		after  time.Duration
		work   app.LocalWork
		locked bool
		left   []app.Unsent
	}{
		"a longer time is chosen":  {app.LockState{Can: true, On: true, After: time.Hour}, 15 * time.Minute, app.LocalWork{}, true, nil},
		"a shorter time":           {app.LockState{Can: true, On: true, After: 5 * time.Minute}, 5 * time.Minute, app.LocalWork{}, true, nil},
		"never":                    {app.LockState{Can: true, On: true}, 15 * time.Minute, app.LocalWork{}, true, nil},
		"no PIN":                   {app.LockState{Can: true}, 15 * time.Minute, app.LocalWork{}, false, []app.Unsent{app.UnsentSend}},
		"not kept, work":           {app.LockState{}, 15 * time.Minute, app.LocalWork{Drafts: 1}, false, []app.Unsent{app.UnsentKeep}},
		"no PIN, and not long yet": {app.LockState{Can: true}, 14 * time.Minute, app.LocalWork{}, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, now := lockedWindow(t, func(p *testProgram, d *WindowDeps) {
				d.Managed.LockAfter = 15 * time.Minute
				p.session.work = c.work
			})
			p.session.lock.State = c.lock
			p.typePhone(t)
			*now = now.Add(c.after)
			p.shell.ticked()
			if p.locked() != c.locked || !slices.Equal(p.session.left, c.left) {
				t.Fatalf("locked: %v, left: %v", p.locked(), p.session.left)
			}
			if len(c.left) == 0 {
				return
			}
			if said := screentest.Said(p.window, "login.bar"); !strings.Contains(said, "Nobody used Plenary") {
				t.Errorf("says %q", said)
			}
			p.session.phase = app.LoggedIn
			p.shell.enter(screentest.Account)
			if p.phone(t) != "+41 22 730 5111" {
				t.Error("what was typed is lost")
			}
		})
	}
}

func TestLock_thatIsWantedIsSaid(t *testing.T) {
	p, now := lockedWindow(t, func(p *testProgram, d *WindowDeps) {
		d.Managed.LockAfter = 15 * time.Minute
		p.session.lock.State = app.LockState{Can: true}
	})
	if said := p.shell.bar.String(); !strings.Contains(said, "after 15 minutes") {
		t.Fatalf("says %q", said)
	}
	p.session.logoutErr = app.ErrKeyringMissing
	*now = now.Add(15 * time.Minute)
	p.shell.ticked()
	p.shell.ticked()
	if said := p.shell.bar.String(); !p.shell.inside || !strings.Contains(said, "keyring") {
		t.Errorf("a log-out that failed says %q", said)
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	screentest.Tap(t, p.window, "shell.bar.action")
	if screentest.FocusedID(p.window) != "settings.lock.after" {
		t.Errorf("the notice leads to %q", screentest.FocusedID(p.window))
	}
}

// The time in which the computer sleeps is not in what Go measures by itself.
func TestLock_sleepCounts(t *testing.T) {
	p, _ := lockedWindow(t)
	begin := time.Now()
	awake := begin.Round(0).Add(time.Hour) // without what was measured, as after a sleep
	p.shell.used, p.shell.env.Clock = begin, func() time.Time { return awake }
	if got := p.shell.unused(); got != time.Hour {
		t.Errorf("unused for %v", got)
	}
	p.shell.env.Clock = func() time.Time { return begin.Add(time.Hour) }
	p.shell.used = begin
	if got := p.shell.unused(); got != time.Hour {
		t.Errorf("unused for %v", got)
	}
}

// The lock screen says whose session it is, and nothing else of it.
func TestLock_hidesEverything(t *testing.T) {
	p, _ := lockedWindow(t, func(p *testProgram, d *WindowDeps) {
		p.session.work = app.LocalWork{Waiting: 3}
		p.sync.status.Waiting, p.sync.status.Attention = 3, 2
	})
	p.typePhone(t)
	p.shell.env.CopySecret("a secret")
	p.shell.goTo(route{name: routeMine})
	p.shell.say(parts.Notice{Words: []parts.Span{{Text: "something personal"}}})
	parts.Ask(p.window.Canvas(), "a question", "about something personal", parts.Answer{ID: "x", Text: "no"})
	typeShortcut(p.window, fyne.KeyL)
	if !p.locked() || p.session.phase != app.Locked {
		t.Fatal("Ctrl+L does not lock")
	}
	if copied := p.shell.env.Clipboard.Content(); copied != "" {
		t.Errorf("%q is in the clipboard", copied)
	}
	// News of the sync, of the account and of a link while it is locked.
	p.sync.tell(app.Status{Waiting: 7, Attention: 2, Kind: app.KindDiskFull})
	p.session.tell(app.SessionState{Phase: app.LoggedIn, Account: screentest.Account})
	p.shell.Open("https://service.example.int/m/C-00016512")
	for _, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.KeyF, fyne.KeyL} {
		typeShortcut(p.window, key)
	}
	p.shell.escape()
	if !p.locked() || screentest.FocusedID(p.window) != "lock.pin" {
		t.Fatalf("%T is shown, the keyboard is on %q", p.shell.page, screentest.FocusedID(p.window))
	}
	shown := strings.Join(shownTexts(p.window), "\n")
	for _, m := range p.meetings.All {
		if strings.Contains(shown, m.Title.In("en")) || strings.Contains(shown, m.Code) {
			t.Errorf("the lock screen names %s", m.Code)
		}
	}
	for _, personal := range []string{
		"something personal", "+41 22", screentest.Account.Email, "waits", "wait to be sent", "need your attention", "7", "Meetings",
		screentest.Account.Organization.Name,
	} {
		if strings.Contains(shown, personal) {
			t.Errorf("the lock screen says %q", personal)
		}
	}
	if !strings.Contains(shown, screentest.Account.FamilyName) {
		t.Errorf("the lock screen does not say whose it is: %q", shown)
	}
	if p.shell.account.ID != "" || p.shell.news != nil || p.shell.status.String() == "" || strings.Contains(p.shell.status.String(), "7") {
		t.Error("the window still knows what it hides")
	}
}

// Whoever unlocks finds the same page, with all that was typed, and the way back.
func TestLock_goesOnWhereOneWas(t *testing.T) {
	for name, unlock := range map[string]func(t *testing.T, p *testProgram){
		"the PIN": func(t *testing.T, p *testProgram) { p.enterPIN(t, screentest.PIN) },
		"the password": func(t *testing.T, p *testProgram) {
			screentest.Tap(t, p.window, "lock.to-password")
			screentest.Write(t, p.window, screentest.Password)
			screentest.Press(t, p.window, fyne.KeyReturn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := lockedWindow(t)
			p.shell.goTo(route{name: routeMine})
			p.typePhone(t)
			p.shell.lock()
			unlock(t, p)
			if page, ok := p.shell.page.(*settings.Page); !ok || page.Section() != settings.SectionProfile || p.phone(t) != "+41 22 730 5111" {
				t.Fatalf("%T is shown", p.shell.page)
			}
			if p.shell.back(); p.shell.at.name != routeMine {
				t.Errorf("the way back leads to %q", p.shell.at.name)
			}
		})
	}
}

// A registration that is being filled in is a draft in the store before that is closed.
func TestLock_keepsAFormAsItsDraft(t *testing.T) {
	p, _ := lockedWindow(t)
	p.shell.Open("C-00016512")
	screentest.Input(t, p.window, "register.badge").SetText("Dr Elena")
	written := func() bool { return p.mine.Drafts["C-00016512"].BadgeName == "Dr Elena" }
	p.session.lock.State.On = true
	p.shell.lock()
	if !p.locked() || !written() {
		t.Fatalf("locked: %v, written: %v", p.locked(), written())
	}
	p.enterPIN(t, screentest.PIN)
	if _, ok := p.shell.page.(*meetings.Register); !ok || screentest.Input(t, p.window, "register.badge").Text != "Dr Elena" {
		t.Errorf("%T is shown", p.shell.page)
	}
}

func TestLock_withoutAPINLeadsToSettings(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.lock.State.Can = true })
	typeShortcut(p.window, fyne.KeyL)
	if p.locked() || screentest.FocusedID(p.window) != "settings.lock.after" {
		t.Errorf("%T is shown, the keyboard is on %q", p.shell.page, screentest.FocusedID(p.window))
	}
}

func TestLock_thatFailsIsSaid(t *testing.T) {
	p, _ := lockedWindow(t, func(p *testProgram, _ *WindowDeps) { p.session.lockErr = app.ErrNoPIN })
	p.shell.goTo(route{name: routeMine})
	p.shell.lock()
	if p.locked() || p.shell.at.name != routeMine || !strings.Contains(p.shell.bar.String(), "no PIN") {
		t.Errorf("%T is shown, and says %q", p.shell.page, p.shell.bar.String())
	}
}

// A start that finds a locked session shows the lock screen first.
func TestLock_isThereAtTheStart(t *testing.T) {
	p, _ := lockedWindow(t, func(p *testProgram, _ *WindowDeps) {
		p.session.restore, p.session.phase = app.ErrLocked, app.Locked
	})
	if !p.locked() {
		t.Fatalf("%T is shown", p.shell.page)
	}
	p.shell.Open("C-00016512")
	p.enterPIN(t, "481517")
	if !p.locked() || !strings.Contains(screentest.Mistake(p.window, "lock.pin.field"), "9 tries") {
		t.Errorf("says %q", screentest.Mistake(p.window, "lock.pin.field"))
	}
	p.enterPIN(t, screentest.PIN)
	if !p.registering("C-00016512") {
		t.Errorf("%T is shown, not what the link leads to", p.shell.page)
	}
}

func TestLock_tooManyWrongPINsLeadToTheLogIn(t *testing.T) {
	p, _ := lockedWindow(t)
	p.typePhone(t)
	p.shell.lock()
	for range 10 {
		p.enterPIN(t, "481517")
	}
	if _, ok := p.shell.page.(*account.Login); !ok || !strings.Contains(screentest.Said(p.window, "login.bar"), "ten times") {
		t.Fatalf("%T is shown, and says %q", p.shell.page, screentest.Said(p.window, "login.bar"))
	}
	p.shell.enter(screentest.Account)
	if p.shell.at.name != routeMeetings {
		t.Errorf("the log-in leads to %q", p.shell.at.name)
	}
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile})
	if p.phone(t) != "+41 22 730 5111" {
		t.Error("what was typed is lost")
	}
}

// Wrong PINs in Settings count as well.
func TestLock_tooManyWrongPINsInSettings(t *testing.T) {
	p, _ := lockedWindow(t)
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
	p.session.lock.State.Left = 1
	screentest.Input(t, p.window, "settings.lock.present").SetText("481517")
	screentest.Tap(t, p.window, "settings.lock.remove")
	if _, ok := p.shell.page.(*account.Login); !ok || !strings.Contains(screentest.Said(p.window, "login.bar"), "ten times") {
		t.Errorf("%T is shown, and says %q", p.shell.page, screentest.Said(p.window, "login.bar"))
	}
}

func TestLock_logOut(t *testing.T) {
	p, _ := lockedWindow(t)
	p.shell.lock()
	screentest.Tap(t, p.window, "lock.logout")
	screentest.Tap(t, p.window, "lock.logout.no")
	if !p.locked() || len(p.session.left) != 0 {
		t.Fatal("it is logged out without an answer")
	}
	p.session.logoutErr = app.ErrKeyringMissing
	screentest.Tap(t, p.window, "lock.logout")
	screentest.Tap(t, p.window, "lock.logout.yes")
	if !p.locked() || screentest.Said(p.window, "lock.bar") == "" {
		t.Errorf("a log-out that failed: %T is shown", p.shell.page)
	}
	p.session.logoutErr = nil
	screentest.Tap(t, p.window, "lock.logout")
	screentest.Tap(t, p.window, "lock.logout.yes")
	if _, ok := p.shell.page.(*account.Login); !ok {
		t.Errorf("%T is shown", p.shell.page)
	}
}

// The program ends from the lock screen as well; what is typed is named before.
func TestLock_quit(t *testing.T) {
	for name, typed := range map[string]bool{"nothing typed": false, "something typed": true} {
		t.Run(name, func(t *testing.T) {
			p, _ := lockedWindow(t)
			if typed {
				p.typePhone(t)
			}
			p.shell.lock()
			p.shell.Quit()
			if asked := strings.Contains(questionText(p), "Settings – Profile"); asked != typed || (p.closed == 1) == typed {
				t.Errorf("asked: %v, closed: %d", asked, p.closed)
			}
		})
	}
}

// What the session says counts: a try that the screen has given up may have unlocked it.
func TestLock_followsTheSession(t *testing.T) {
	p, _ := lockedWindow(t)
	p.shell.lock()
	p.session.tell(app.SessionState{Phase: app.LoggedIn}) // of before the lock
	if !p.locked() {
		t.Fatal("old news unlock the window")
	}
	p.session.become(app.LoggedIn)
	if p.locked() {
		t.Error("the window is locked, and the session is not")
	}
}

// Until the session is locked no PIN is compared: there is nothing yet that one could open.
// What was entered meanwhile is tried then, once.
func TestLock_takesNothingUntilTheSessionIsLocked(t *testing.T) {
	e := screentest.NewEnv(t)
	run := &screentest.Stepped{}
	p := testWindow(t, e, func(p *testProgram, _ *WindowDeps) { p.session.lock = screentest.NewLock() })
	p.shell.env.Run = run
	p.shell.lock()
	for range 3 {
		p.enterPIN(t, "481517")
	}
	if p.session.lock.State.Left != 10 || !p.locked() {
		t.Fatalf("%+v", p.session.lock.State)
	}
	for run.Step() {
	}
	if p.session.phase != app.Locked {
		t.Error("the session is not locked")
	}
	if left := p.session.lock.State.Left; left != 9 {
		t.Errorf("%d tries are left", left)
	}
}

// Who has forgotten the PIN need not wait for the lock to ask for the other way.
func TestLock_choosesWhileTheSessionIsBeingLocked(t *testing.T) {
	e := screentest.NewEnv(t)
	run := &screentest.Stepped{}
	p := testWindow(t, e, func(p *testProgram, _ *WindowDeps) { p.session.lock = screentest.NewLock() })
	p.shell.env.Run = run
	p.shell.lock()
	screentest.Tap(t, p.window, "lock.to-password")
	if screentest.Find(p.window, "lock.password") == nil || screentest.FocusedID(p.window) != "lock.password" {
		t.Error("the password is not asked for")
	}
	run.All()
}

// Where the service has ended a session, its lock works as any other.
func TestLock_ofAnEndedSession(t *testing.T) {
	p, _ := lockedWindow(t)
	p.session.become(app.Ended)
	p.shell.lock()
	if !p.locked() {
		t.Fatal("it is not locked")
	}
	p.session.lock.Err = &api.Problem{Status: 401, Code: api.CodeSessionEnded}
	p.enterPIN(t, screentest.PIN)
	if !p.locked() || screentest.Said(p.window, "lock.bar") == "" {
		t.Error("an error is not said")
	}
	p.session.lock.Err = nil
	screentest.Press(t, p.window, fyne.KeyReturn)
	if p.locked() {
		t.Error("it is still locked")
	}
}

func TestLock_pictures(t *testing.T) {
	prepare := func(p *testProgram) { p.session.lock = screentest.NewLock() }
	captureWindow(t, "window-locked", prepare, func(p *testProgram) { p.shell.lock() })
	captureWindow(t, "window-lock-setup", func(p *testProgram) { p.session.lock.State.Can = true }, func(p *testProgram) { p.shell.lock() })
	captureWindow(t, "window-lock-change", prepare, func(p *testProgram) {
		p.shell.openSettings(settings.SectionProgram)()
	}, func(p *testProgram) {
		p.shell.page.(*settings.Page).ShowLock()
		screentest.Input(t, p.window, "settings.lock.present").SetText("481517")
		screentest.Tap(t, p.window, "settings.lock.save")
	})
	captureWindow(t, "window-lock-logout", prepare, func(p *testProgram) { p.shell.lock() }, func(p *testProgram) { p.shell.askLogOutLocked() })
}
