package screens

import (
	"fyne.io/fyne/v2"

	"plenary/screens/demo"
)

// openMailbox shows the mailbox in its own window, or brings it to the front.
func (s *Shell) openMailbox() {
	if s.mailbox != nil {
		s.mailbox.RequestFocus()
		return
	}
	env := s.env
	if s.deps.Tick <= 0 {
		env.Sleep = nil
	}
	m := demo.NewMailbox(env, s.services.Demo)
	w := s.deps.App.NewWindow(s.env.T("mailbox.window"))
	w.SetContent(m.Content())
	w.SetPadded(false)
	w.Resize(s.fit(fyne.NewSize(820, 560)))
	w.SetOnClosed(func() {
		m.Close()
		s.mailbox = nil
	})
	s.mailbox = w
	w.Show()
}
