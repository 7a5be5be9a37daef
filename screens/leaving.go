package screens

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/screens/parts"
)

// listen hears the keys that count everywhere, and the window's closing.
func (s *Shell) listen() {
	c := s.deps.Window.Canvas()
	c.SetOnTypedKey(func(key *fyne.KeyEvent) {
		switch key.Name {
		case fyne.KeyEscape:
			s.escape()
		case fyne.KeyF1:
			if s.frame != nil {
				s.goTo(route{name: routeHelp})
			} else {
				s.tellSupport()
			}
		case fyne.KeyF5:
			if s.opened {
				s.services.Sync.Now()
			}
		}
	})
	act := map[fyne.KeyName]func(){fyne.KeyQ: s.Quit, fyne.KeyF: s.find}
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6} {
		act[key] = func() { s.openPlace(i) }
	}
	parts.HearShortcuts(c, act)
	s.deps.Window.SetCloseIntercept(s.Quit)
}

// find leads to the search of the screen, or to that of the meetings.
func (s *Shell) find() {
	if s.frame == nil {
		return
	}
	if _, ok := s.page.(interface{ Find() }); !ok {
		s.goTo(route{name: routeMeetings})
	}
	if p, ok := s.page.(interface{ Find() }); ok {
		p.Find()
	}
}

// openPlace leads to a place of the navigation, counted from the top.
func (s *Shell) openPlace(i int) {
	if s.frame == nil {
		return
	}
	if places := s.places(); i < len(places) {
		places[i].Open()
	}
}

// escape closes a question, else goes back: within the screen, then from it.
func (s *Shell) escape() {
	if parts.CloseQuestion(s.deps.Window.Canvas()) {
		return
	}
	if p, ok := s.page.(interface{ Back() bool }); ok && p.Back() {
		return
	}
	if s.frame != nil && len(s.history) > 0 {
		s.back()
	}
}

// Quit ends the program. It asks first where what was typed cannot be kept, and
// about work that has not been sent: send, keep or discard.
func (s *Shell) Quit() {
	if !s.opened || !s.inside {
		s.end()
		return
	}
	drafts := s.services.Registrations
	ctx, cancel := context.WithCancel(s.ctx)
	var err error
	s.env.Run.Run(ctx, func(ctx context.Context) { err = drafts.Flush(ctx) }, func() {
		cancel()
		if err != nil && s.env.kindOf(err) != app.KindNoSession {
			s.askWithoutDraft(err)
			return
		}
		s.askUnsent()
	})
	// A disk that hangs does not hold anybody.
	s.env.Run.Run(ctx, func(ctx context.Context) { s.env.Sleep(ctx, closeWait) }, func() {
		cancel()
		s.askUnsent()
	})
}

// askWithoutDraft asks what to do when the disk does not take a draft.
func (s *Shell) askWithoutDraft(err error) {
	t := s.env.T
	parts.Ask(s.deps.Window.Canvas(), t("shell.quit.draft"), s.env.Say(err),
		parts.Answer{ID: "quit.again", Text: t("shell.retry"), Kind: parts.Primary, Do: s.Quit},
		parts.Answer{ID: "quit.without", Text: t("shell.quit.anyway"), Kind: parts.Danger, Do: s.askUnsent},
		parts.Answer{ID: "quit.stay", Text: t("shell.quit.stay"), Kind: parts.Outlined},
	)
}

// askUnsent asks about work that has not been sent, if there is any, and ends.
func (s *Shell) askUnsent() {
	if s.services.Session.Unsent() == 0 {
		s.end()
		return
	}
	t := s.env.T
	text, leave, kind := t("shell.quit.text"), t("shell.quit.keep"), parts.Outlined
	if !s.services.Session.State().Kept {
		text, leave, kind = t("shell.quit.text.forgotten"), t("shell.quit.anyway"), parts.Danger
	}
	parts.Ask(s.deps.Window.Canvas(), s.env.Words.N("shell.quit.title", s.services.Session.Unsent()), text,
		parts.Answer{ID: "quit.send", Text: t("shell.quit.send"), Kind: parts.Primary, Do: s.sendAndEnd},
		parts.Answer{ID: "quit.leave", Text: leave, Kind: kind, Do: s.end},
		parts.Answer{ID: "quit.stay", Text: t("shell.quit.stay"), Kind: parts.Outlined},
	)
}

// sendWait is how long the end waits for what is being sent.
const sendWait = 15 * time.Second

// sendAndEnd sends what waits and then ends; if that does not work it says so,
// and nothing ends.
func (s *Shell) sendAndEnd() {
	s.quitting = true
	s.say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("shell.sending")}}})
	s.services.Sync.Now()
	s.env.Run.Run(s.ctx, func(ctx context.Context) { s.env.Sleep(ctx, sendWait) }, func() {
		if !s.quitting {
			return
		}
		s.quitting = false
		kind := s.services.Sync.Status().Kind
		if kind == "" {
			kind = app.KindTimeout
		}
		s.say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: s.env.T("error." + kind)}}})
	})
	s.statusChanged(s.services.Sync.Status())
}

// closeWait is how long the end waits for what is being written.
const closeWait = 5 * time.Second

// end closes the services, off the window's goroutine, and then the program.
func (s *Shell) end() {
	s.quitting = false
	size := s.deps.Window.Canvas().Size()
	p := s.deps.App.Preferences()
	p.SetFloat(prefWidth, float64(size.Width))
	p.SetFloat(prefHeight, float64(size.Height))
	last := s.page
	s.page = nil
	if !s.opened {
		if last != nil {
			last.Close()
		}
		s.deps.Quit()
		return
	}
	s.opened = false
	for _, cancel := range s.unsubscribe {
		cancel()
	}
	// Whichever comes first, the end of what is written or the end of patience.
	ctx, cancel := context.WithCancel(context.Background())
	quit := func() {
		cancel()
		s.deps.Quit()
	}
	services := s.services
	closing := func() {
		s.env.Run.Run(ctx, func(context.Context) {
			if err := services.Close(); err != nil {
				fyne.LogError("close the services", err)
			}
		}, quit)
	}
	if form, ok := last.(*Register); ok {
		form.closeThen(closing) // its draft first
	} else {
		if last != nil {
			last.Close()
		}
		closing()
	}
	s.env.Run.Run(ctx, func(ctx context.Context) { s.env.Sleep(ctx, closeWait) }, quit)
}

// logOut ends the session here; with work that has not been sent it asks what
// to do with it.
func (s *Shell) logOut() {
	unsent := s.services.Session.Unsent()
	if unsent == 0 {
		s.logOutWith(app.UnsentSend)
		return
	}
	t := s.env.T
	parts.Ask(s.deps.Window.Canvas(), s.env.Words.N("shell.logout.title", unsent), t("shell.logout.text"),
		parts.Answer{ID: "logout.send", Text: t("shell.logout.send"), Kind: parts.Primary, Do: func() { s.logOutWith(app.UnsentSend) }},
		parts.Answer{ID: "logout.keep", Text: t("shell.logout.keep"), Kind: parts.Outlined, Do: func() { s.logOutWith(app.UnsentKeep) }},
		parts.Answer{ID: "logout.discard", Text: t("shell.logout.discard"), Kind: parts.Danger, Do: func() { s.logOutWith(app.UnsentDiscard) }},
		parts.Answer{ID: "logout.stay", Text: t("shell.logout.stay"), Kind: parts.Outlined},
	)
}

func (s *Shell) logOutWith(unsent app.Unsent) {
	session := s.services.Session
	s.leaveSession(func(ctx context.Context) error { return session.LogOut(ctx, unsent) })
}

func (s *Shell) logOutEverywhere() {
	t := s.env.T
	parts.Ask(s.deps.Window.Canvas(), t("settings.everywhere.title"), t("settings.everywhere.text"),
		parts.Answer{ID: "everywhere.yes", Text: t("settings.everywhere"), Kind: parts.Danger, Do: func() {
			s.leaveSession(s.services.Session.LogOutEverywhere)
		}},
		parts.Answer{ID: "everywhere.no", Text: t("shell.logout.stay"), Kind: parts.Outlined},
	)
}

// leaveSession ends the session in one of the ways and shows the log-in screen.
func (s *Shell) leaveSession(end func(context.Context) error) {
	busy := parts.NewBusy("shell.busy")
	s.env.Do(s.ctx, busy, "", end, func(err error) {
		switch {
		case err != nil && s.frame != nil:
			s.bar.Say(s.env.Problem(err))
		case s.inside:
			s.outside()
			s.showLogin()
		}
	})
}
