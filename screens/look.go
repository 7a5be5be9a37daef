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

// applyTheme shows everything in the look that the person has chosen. Fyne would
// refresh and lay out each part anew once for each container that it is in, a dozen
// times: it is shown an empty window, and each part is refreshed once.
func (s *Shell) applyTheme() {
	objects := s.content.Objects
	s.content.Objects = nil
	s.look.applying = true
	s.deps.App.Settings().SetTheme(settings.ChosenTheme(s.deps.App.Preferences(), s.look.told))
	s.look.applying = false
	s.content.Objects = objects
	parts.Changed(s.content)
	s.content.Refresh() // behind it: the bars of what scrolls follow its height
}
