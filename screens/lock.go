package screens

import (
	"context"
	"time"

	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/screens/account"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/settings"
)

// resume is where a person was when the window was locked.
type resume struct {
	account string // whose it was
	at      route
	history []route
}

// Used notes that somebody uses the window: by a key, a click, or a move of the pointer.
// Whoever comes back too late finds it locked.
func (s *Shell) Used() {
	if !s.lockIfIdle() {
		s.used = s.env.Clock()
	}
}

// unused is how long nobody has used the window, the time included in which the computer
// slept: the clock that Go measures with may stand still meanwhile, the other one be set.
func (s *Shell) unused() time.Duration {
	now := s.env.Clock()
	return max(now.Sub(s.used), now.Round(0).Sub(s.used.Round(0)))
}

// lockIfIdle locks the window if nobody has used it for as long as was chosen; it tells
// whether it has.
func (s *Shell) lockIfIdle() bool {
	unused := s.unused()
	if s.frame == nil || unused < time.Minute || s.takesNothing() {
		return false
	}
	lock, most := s.services.Session.State().Lock, s.deps.Managed.LockAfter
	after := lock.After
	if most > 0 && (after <= 0 || after > most || !lock.On) {
		after = most
	}
	switch {
	case after <= 0 || unused < after:
		return false
	case lock.On:
		s.lockNow()
		return true
	case most > 0:
		s.logOutUnused()
		return true
	}
	return false
}

// logOutUnused ends the session of somebody who is away, where the organization wants it
// locked and there is no PIN. What exists here alone stays, and what is typed on its page.
func (s *Shell) logOutUnused() {
	parts.CloseQuestion(s.deps.Window.Canvas())
	s.env.ForgetCopied()
	s.used = s.env.Clock() // where it fails, it is tried again after that time
	s.resume = s.here()
	session := s.services.Session
	end := func() {
		s.covered("shell.logging-out", endWait, func(ctx context.Context) error {
			work, err := session.LocalWork(ctx)
			if err != nil {
				return err
			}
			unsent := app.UnsentSend // nothing, and so nothing stays
			if work.Any() {
				unsent = app.UnsentKeep
			}
			return session.LogOut(ctx, unsent)
		}, func(err error) {
			if err != nil {
				s.resume = nil
				s.say(s.env.Problem(err))
				return
			}
			if s.inside { // the session has not told of it yet
				s.outside()
				s.showLogin()
			}
			s.say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("shell.unused")}}})
		})
	}
	if form, ok := s.page.(drafting); ok {
		form.KeepThen(end)
	} else {
		end()
	}
}

// here is where the person is now.
func (s *Shell) here() *resume {
	return &resume{account: s.account.ID, at: s.whereNow(), history: s.history}
}

// lockWanted says that the organization wants a PIN that the person has not chosen; nil where
// it does not, and in Settings, where it is done.
func (s *Shell) lockWanted() *parts.Notice {
	most := s.deps.Managed.LockAfter
	if lock := s.services.Session.State().Lock; most <= 0 || lock.On || !lock.Can || s.at.name == routeSettings {
		return nil
	}
	return &parts.Notice{
		Tone:   parts.Info,
		Words:  []parts.Span{{Text: s.env.Words.N("shell.lock-wanted", int(most/time.Minute))}},
		Action: s.env.T("settings.lock.on"), Act: s.lock,
	}
}

// lock locks the window because somebody asks for it; where there is no PIN yet, it leads to
// where one is chosen.
func (s *Shell) lock() {
	switch {
	case s.frame == nil:
	case s.services.Session.State().Lock.On:
		s.lockNow()
	default:
		s.openSettings(settings.SectionProgram)()
		if page, ok := s.page.(*settings.Page); ok {
			page.ShowLock()
		}
	}
}

// lockNow hides everything, and then takes it out of the memory. What is typed and saved
// nowhere stays on its page, which nobody sees before the session is unlocked; the draft of a
// registration goes into the store.
func (s *Shell) lockNow() {
	canvas := s.deps.Window.Canvas()
	s.env.ForgetCopied()
	parts.CloseQuestion(canvas)
	for _, over := range canvas.Overlays().List() {
		canvas.Overlays().Remove(over)
	}
	if s.leave.state != leaveNone { // what exists here alone was being counted: the person stays
		s.leave = leave{}
	}
	s.resume = s.here()
	form, writing := s.page.(drafting)
	if writing {
		s.page = nil
	}
	hidden := s.hiddenStarts()
	s.outside()
	s.reminders.hidden = hidden
	s.forgetFrame()
	if s.mailbox != nil {
		s.mailbox.Close()
	}
	screen := s.showLock()
	begin := func() {
		s.env.Decisions.After(func() { screen.Begin(s.services.Session.Lock, s.notLocked) })
	}
	if writing {
		form.CloseThen(begin)
	} else {
		begin()
	}
}

// whereNow is the place of the page in the window, with what is chosen on it.
func (s *Shell) whereNow() route {
	at := s.at
	switch page := s.page.(type) {
	case *settings.Page:
		at.code = page.Section()
	case *meetings.List:
		at.code = page.Chosen()
	}
	return at
}

// forgetFrame lets go of what stood around the page, and of what was said and counted.
func (s *Shell) forgetFrame() {
	s.nav, s.bar, s.holder = parts.NewNavigation(nil), parts.NewBar("shell.bar"), container.NewStack()
	s.status = newStatusBar(s.env, s.demo, s.tellUpdate)
	s.news, s.unsaid, s.stands, s.ofLink = nil, nil, "", ""
	s.known, s.found = app.Status{}, app.LocalWork{}
}

// showLock shows the lock screen.
func (s *Shell) showLock() *account.Lock {
	screen := account.NewLock(s.env, s.services.Session, account.LockEvents{
		Unlocked: s.unlocked, LoggedOut: s.loggedOutLocked, LogOut: s.askLogOutLocked,
	})
	s.show(screen)
	return screen
}

// atLock is the lock screen, nil where another one is shown.
func (s *Shell) atLock() *account.Lock {
	screen, _ := s.page.(*account.Lock)
	return screen
}

// notLocked comes back from a lock that did not work, since the session is as it was.
func (s *Shell) notLocked(err error) {
	s.unlocked(s.services.Session.State().Account)
	s.say(s.env.Problem(err))
}

// unlocked shows the program again, where the person was.
func (s *Shell) unlocked(a api.Account) {
	if s.atLock() != nil {
		s.enter(a)
	}
}

// loggedOutLocked follows a locked session that is none any more.
func (s *Shell) loggedOutLocked(err error) {
	s.resume = nil
	s.showLogin().Failed(err)
}

// lockedOut follows a session that is open in the window, and that wrong PINs have ended.
func (s *Shell) lockedOut(err error) {
	if s.inside { // the session has not told of it yet
		s.outside()
		s.showLogin()
	}
	if login, ok := s.page.(*account.Login); ok {
		login.Failed(err)
	}
}

// askLogOutLocked asks before a locked session ends: it is whoever sits there who asks.
func (s *Shell) askLogOutLocked() {
	t := s.env.T
	parts.Ask(s.deps.Window.Canvas(), t("lock.logout.title"), t("lock.logout.text"),
		parts.Answer{ID: "lock.logout.yes", Text: t("settings.logout"), Kind: parts.Danger, Do: s.logOut},
		parts.Answer{ID: "lock.logout.no", Text: t("lock.logout.no"), Kind: parts.Outlined},
	)
}

// lockChanged follows a session that is open although the window is locked: it was unlocked
// by a try that the screen had given up. What the session says now counts, and not the news,
// which may be of before the lock.
func (s *Shell) lockChanged() {
	screen := s.atLock()
	if screen == nil || !screen.Settled() {
		return
	}
	if state := s.services.Session.State(); state.Phase == app.LoggedIn || state.Phase == app.Ended {
		s.unlocked(state.Account)
	}
}

// lockSession is what the window needs to lock the session.
type lockSession interface {
	account.LockSession
	settings.Locking
	Lock(ctx context.Context) error
}
