package screens

import (
	"slices"
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
		s.kept[keptAt(s.at)] = s.page
	}
	s.page = nil
}

// keptAt is under which route a page is kept: that of one meeting is none of another, and
// the settings are one page.
func keptAt(at route) route {
	if at.name == routeSettings {
		at.code = ""
	}
	return at
}

// keptPage is the page of a place that was left with something typed in it; nil if there
// is none.
func (s *Shell) keptPage(to route) page {
	p := s.kept[keptAt(to)]
	if p == nil {
		return nil
	}
	delete(s.kept, keptAt(to))
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
	for at, p := range s.kept {
		p.Close()
		delete(s.kept, at)
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
	for _, of := range s.table() {
		for at, p := range s.kept {
			if at.name == of.name {
				for _, name := range unsavedIn(p) {
					if !slices.Contains(names, name) { // of another meeting, it is called the same
						names = append(names, name)
					}
				}
			}
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
