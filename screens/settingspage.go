package screens

import (
	"context"

	"plenary/screens/account"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/settings"
	"plenary/words"
)

// settingsPage is Settings with what it changes in the window.
func (s *Shell) settingsPage(to route) page {
	on := settings.Events{
		Appearance: s.applyTheme,
		LogOut:     s.logOut,
		Lock:       s.lock,
		Locking:    s.services.Session,
		LockedOut:  s.lockedOut,
		LockAfter:  s.deps.Managed.LockAfter,
		Everywhere: s.logOutEverywhere,
		Account:    s.accountChanged,
	}
	on.EnteredProxy = s.deps.EnteredProxy
	if s.deps.Proxy != nil {
		on.Proxy, on.KeepProxy, on.NewProxy = s.takeProxy, s.deps.KeepProxy, s.services.Sync.Now
	}
	if !s.deps.Managed.ServiceLocked {
		on.OtherService = s.otherService
	}
	if s.deps.Managed.Language == "" {
		on.Language = s.speak
	}
	return settings.New(s.env, s.account, s.services.Self, s.services.Directory, s.prefs, to.code, on)
}

// openSettings leads to Settings, and there to a section, or to the list of
// them. What is typed in Settings stays where one is there already.
func (s *Shell) openSettings(section string) func() {
	return func() {
		if settings, ok := s.page.(*settings.Page); ok && s.frame != nil {
			settings.Open(section)
			return
		}
		s.goTo(route{name: routeSettings, code: section})
	}
}

// speak changes the language of everything in the window, for which all pages are made
// anew: what is typed and not saved is asked about, and undo is called where it stays.
func (s *Shell) speak(lang string, undo func()) {
	s.onceRead(lang, func() { s.speakUnlessTyped(lang, undo) })
}

// onceRead does something in a language once that is read, which is done beside the window;
// not if another one is chosen meanwhile.
func (s *Shell) onceRead(lang string, then func()) {
	s.chosenLang = lang
	s.env.Run.Run(s.ctx, func(context.Context) { words.For(lang).Read() }, func() {
		if s.chosenLang == lang {
			then()
		}
	})
}

func (s *Shell) speakUnlessTyped(lang string, undo func()) {
	if len(s.unsaved()) > 0 {
		s.askAboutTyped(
			parts.Answer{ID: "speak.without", Text: s.env.T("shell.typed.language"), Kind: parts.Danger, Do: func() {
				s.dropTyped()
				s.speakNow(lang)
			}},
			parts.Answer{ID: "speak.stay", Text: s.env.T("shell.typed.language.stay"), Kind: parts.Outlined, Do: undo})
		return
	}
	s.speakNow(lang)
}

func (s *Shell) speakNow(lang string) {
	s.prefs.SetString(settings.PrefLanguage, lang)
	s.env.Words = words.For(lang)
	kit.TellParts(s.env.Words)
	s.sayManaged()
	if s.frame == nil {
		s.speakOutside()
		return
	}
	at := s.at
	if at.name == routeSettings {
		at.code = settings.SectionProgram
	}
	s.buildFrame()
	s.showNotice()
	s.statusChanged(s.services.Sync.Status())
	s.show1(at)
	s.reopenMailbox()
}

func (s *Shell) reopenMailbox() {
	if s.mailbox != nil {
		s.mailbox.Close()
		s.openMailbox()
	}
}

// letChoose has language and text size chosen before the log-in, as in Settings.
func (s *Shell) letChoose() {
	s.env.Enlarge = func(step int) {
		settings.StepTextSize(s.prefs, step)
		s.applyTheme()
	}
	s.env.Speak = func(lang string) {
		s.onceRead(lang, func() {
			if p, ok := s.page.(account.Page); !ok || p.Settled() {
				s.speakNow(lang)
			}
		})
	}
	if s.deps.Managed.Language != "" {
		s.env.Speak = nil
	}
}

// speakOutside shows the page of whoever is not logged in again, as it was but for the
// language.
func (s *Shell) speakOutside() {
	now := s.page
	if before := s.signup; before != nil {
		s.signup = before.In(s.env).(*account.Signup)
		if now == page(before) {
			s.show(s.signup)
		}
		before.Close()
	}
	if p, ok := s.page.(account.Page); ok && s.page == now {
		s.show(p.In(s.env))
	}
	s.keepLink(s.link) // said in this language
	s.reopenMailbox()
}
