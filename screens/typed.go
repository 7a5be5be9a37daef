package screens

import (
	"strings"

	"plenary/screens/parts"
	"plenary/screens/settings"
)

// unsaved is a page on which something may be typed that is kept nowhere else. It is not
// closed while there is, but shown again as it was when one comes back.
type unsaved interface {
	// Unsaved names what is typed and not saved, in words; nothing if all is.
	Unsaved() []string
	// Left is called when the page goes out of sight: questions for a proof end.
	Left()
}

// drafting is a page that keeps what is typed as a draft, beside the window.
type drafting interface {
	// KeepThen goes on once what was typed is kept, CloseThen closes the page before.
	KeepThen(next func())
	CloseThen(next func())
}

func unsavedIn(p any) []string {
	if u, ok := p.(unsaved); ok {
		return u.Unsaved()
	}
	return nil
}

// letGo closes the page in the window, or keeps it for when one comes back.
func (s *Shell) letGo() {
	if s.page == nil {
		return
	}
	if len(unsavedIn(s.page)) == 0 {
		s.page.Close()
	} else {
		s.page.(unsaved).Left()
		s.kept[s.at.name] = s.page
	}
	s.page = nil
}

// keptPage is the page of a place that was left with something typed in it; nil if there
// is none.
func (s *Shell) keptPage(to route) page {
	p := s.kept[to.name]
	if p == nil {
		return nil
	}
	delete(s.kept, to.name)
	if page, ok := p.(*settings.Page); ok {
		page.SetAccount(s.account)
		if to.code != "" {
			page.Open(to.code)
		}
	}
	return p
}

// dropTyped forgets what is typed and not saved, on all pages.
func (s *Shell) dropTyped() {
	for name, p := range s.kept {
		p.Close()
		delete(s.kept, name)
	}
	if len(unsavedIn(s.page)) > 0 {
		s.page.Close()
		s.page = nil
	}
}

// unsaved names what is typed and not saved, on the page in the window and on those that
// are kept.
func (s *Shell) unsaved() []string {
	names := unsavedIn(s.page)
	for _, at := range s.table() {
		if p := s.kept[at.name]; p != nil {
			names = append(names, unsavedIn(p)...)
		}
	}
	if s.signup != nil && s.page != page(s.signup) {
		names = append(names, s.signup.Unsaved()...)
	}
	return names
}

// askAboutTyped asks what becomes of what is typed and not saved, before anything else is
// looked at; the answer to go on is without, that to stay is stay.
func (s *Shell) askAboutTyped(goOn, stay parts.Answer) {
	parts.Ask(s.deps.Window.Canvas(), s.env.T("shell.typed.title"),
		s.env.T("shell.typed.text", map[string]any{"Where": strings.Join(s.unsaved(), ", ")}), goOn, stay)
}
