package screens

import (
	"testing"

	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

func TestLook_lightUntilTheSystemTells(t *testing.T) {
	for _, c := range []struct {
		chosen     parts.Appearance
		known      bool
		then, want parts.Appearance
	}{
		{parts.AppearanceSystem, false, parts.AppearanceLight, parts.AppearanceSystem},
		{parts.AppearanceSystem, true, parts.AppearanceSystem, parts.AppearanceSystem},
		{parts.AppearanceDark, false, parts.AppearanceDark, parts.AppearanceDark},
	} {
		p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, deps *WindowDeps) {
			deps.LookKnown = c.known
			deps.App.Preferences().SetString(settings.PrefAppearance, string(c.chosen))
		})
		look := func() parts.Appearance { return p.shell.deps.App.Settings().Theme().(*parts.Theme).Appearance() }
		if look() != c.then {
			t.Errorf("%s, known %v: it looks %s at first", c.chosen, c.known, look())
		}
		p.shell.systemTold()
		if look() != c.want {
			t.Errorf("%s, known %v: it looks %s then", c.chosen, c.known, look())
		}
	}
}
