package screens

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
	"plenary/screens/settings"
)

// look is whether the program is light or dark, and how large its texts are.
type look struct {
	told     bool // whether the system is light or dark
	applying bool
}

// followSystem has the program look as the system does from when that is known: on
// free desktops Fyne hears it from their portal, and takes the system for dark
// until then, for good where there is no portal.
func (s *Shell) followSystem() {
	s.look.told = s.deps.LookKnown
	s.deps.App.Settings().AddListener(func(fyne.Settings) { s.systemTold() })
}

// systemTold follows each change of Fyne's settings.
func (s *Shell) systemTold() {
	if s.look.applying || s.look.told {
		return
	}
	s.look.told = true
	s.applyTheme()
}

// applyTheme shows everything in the look that the person has chosen.
func (s *Shell) applyTheme() {
	chosen := settings.ChosenTheme(s.prefs, s.look.told)
	if now, ours := s.deps.App.Settings().Theme().(*parts.Theme); ours {
		now.Become(chosen)
	} else {
		s.look.applying = true
		s.deps.App.Settings().SetTheme(chosen)
		s.look.applying = false
	}
	s.refreshOthers()
	parts.Restyle(s.content)
}

// refreshOthers shows what is not the window's content, such as a question over it.
func (s *Shell) refreshOthers() {
	for _, w := range s.deps.App.Driver().AllWindows() {
		others := w.Canvas().Overlays().List()
		if content := w.Content(); content != nil && content != fyne.CanvasObject(s.content) {
			others = append(others, content)
		}
		for _, o := range others {
			parts.Restyle(o)
		}
	}
}
