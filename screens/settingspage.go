package screens

import "plenary/words"

// settingsPage is Settings with what it changes in the window.
func (s *Shell) settingsPage() page {
	return NewSettings(s.env, s.account, s.deps.App.Preferences(), SettingsEvents{
		Language:   s.speak,
		Appearance: s.applyTheme,
		LogOut:     s.logOut,
		Everywhere: s.logOutEverywhere,
	})
}

// speak changes the language of everything in the window.
func (s *Shell) speak(lang string) {
	s.env.Words = words.For(lang)
	at := s.at
	s.buildFrame()
	s.statusChanged(s.services.Sync.Status())
	s.show1(at)
	if s.mailbox != nil {
		s.mailbox.Close()
		s.openMailbox()
	}
}
