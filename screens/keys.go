package screens

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// listen hears the keys that count everywhere, and the window's closing.
func (s *Shell) listen() {
	c := s.deps.Window.Canvas()
	c.SetOnTypedKey(func(key *fyne.KeyEvent) {
		if s.takesNothing() {
			return
		}
		switch key.Name {
		case fyne.KeyPageUp, fyne.KeyPageDown:
			parts.PageKey(c, key.Name)
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
	act := map[fyne.KeyName]func(){fyne.KeyQ: s.Quit, fyne.KeyF: s.find, fyne.KeyL: s.lock}
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9} {
		act[key] = func() { s.openPlace(i) }
	}
	for key, do := range act {
		act[key] = func() {
			if !s.takesNothing() {
				do()
			}
		}
	}
	parts.HearShortcuts(c, act)
	s.deps.App.Lifecycle().SetOnEnteredForeground(func() {
		if s.opened {
			s.services.Sync.Look()
		}
	})
	s.deps.Window.SetCloseIntercept(s.Quit)
	s.deps.Window.SetOnDropped(s.dropped)
}

// find leads to the search of the screen, or to that of the meetings.
func (s *Shell) find() {
	if s.frame == nil || parts.Asks(s.deps.Window.Canvas()) {
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
	if s.frame == nil || parts.Asks(s.deps.Window.Canvas()) {
		return
	}
	if places := s.navigation(); i < len(places) {
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
