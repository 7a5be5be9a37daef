package screens

import (
	"bytes"
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

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

// What is open when somebody changes the look, or the size of the texts, is as if it had been
// opened so.
func TestLook_changesAllThatIsOpen(t *testing.T) {
	for name, to := range map[string]route{
		"question":     {name: routeHelp},
		"meetings":     {name: routeMeetings, code: "C-00016512"},
		"form":         {name: routeRegister, code: "C-00016512"},
		"mine":         {name: routeMine},
		"registration": {name: routeRegistration, code: "C-00016342"},
		"settings":     {name: routeSettings},
		"help":         {name: routeHelp},
	} {
		t.Run(name, func(t *testing.T) {
			picture := func(before, after func(*testProgram)) []byte {
				p := testWindow(t, screentest.NewEnv(t), func(*testProgram, *WindowDeps) {})
				p.window.Resize(fyne.NewSize(1100, 740))
				before(p)
				p.shell.goTo(to)
				screentest.Settle(p.window)
				if name == "question" {
					parts.Ask(p.window.Canvas(), "Withdraw?", "The organizers are told.", parts.Answer{ID: "ask.yes", Text: "Withdraw"})
				}
				after(p)
				p.window.Canvas().Unfocus() // a caret blinks
				screentest.Settle(p.window)
				return screentest.Picture(p.window).(*image.NRGBA).Pix
			}
			change := func(p *testProgram) {
				prefs := p.shell.deps.App.Preferences()
				prefs.SetString(settings.PrefAppearance, string(parts.AppearanceDark))
				p.shell.applyTheme()
				prefs.SetInt(settings.PrefTextSize, 150)
				p.shell.applyTheme()
			}
			nothing := func(*testProgram) {}
			if !bytes.Equal(picture(nothing, change), picture(change, nothing)) {
				t.Error("it differs from what is opened afterwards")
			}
		})
	}
}

// Fyne reads its fonts anew for another theme, and measures all texts again: that holds the
// window for longer than all the rest.
func TestLook_isTheSameThemeForFyne(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(*testProgram, *WindowDeps) {})
	fyneSettings := p.shell.deps.App.Settings()
	before, told := fyneSettings.Theme(), 0
	fyneSettings.AddListener(func(fyne.Settings) { told++ })
	for _, chosen := range []parts.Appearance{parts.AppearanceDark, parts.AppearanceLight} {
		p.shell.deps.App.Preferences().SetString(settings.PrefAppearance, string(chosen))
		p.shell.applyTheme()
		if now := fyneSettings.Theme().(*parts.Theme); now != before || now.Appearance() != chosen {
			t.Errorf("%s: another theme, or it looks %s", chosen, now.Appearance())
		}
	}
	if told > 0 {
		t.Errorf("Fyne is told of %d themes", told)
	}
}

// A question that is open grows with its texts, and stays in the middle of the window.
func TestLook_changesAQuestion(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(*testProgram, *WindowDeps) {})
	p.window.Resize(fyne.NewSize(1100, 740))
	c := p.window.Canvas()
	parts.Ask(c, "Withdraw?", "The organizers are told. You can register again as long as there are places.",
		parts.Answer{ID: "ask.yes", Text: "Withdraw"}, parts.Answer{ID: "ask.no", Text: "Keep it"})
	lies := func(when string) fyne.Size {
		t.Helper()
		pop := c.Overlays().Top().(fyne.Widget)
		question := test.WidgetRenderer(pop).Objects()
		at, size := question[len(question)-1].Position(), question[len(question)-1].Size()
		room := c.Size()
		if left, right := at.X, room.Width-at.X-size.Width; left < 0 || left-right > 1 || right-left > 1 {
			t.Errorf("%s: it has %v to its left and %v to its right", when, left, right)
		}
		if above, below := at.Y, room.Height-at.Y-size.Height; above < 0 || above-below > 1 || below-above > 1 {
			t.Errorf("%s: it has %v above and %v below", when, above, below)
		}
		return size
	}
	small := lies("at first")
	p.shell.deps.App.Preferences().SetInt(settings.PrefTextSize, 150)
	p.shell.applyTheme()
	if large := lies("with larger texts"); large.Width < 1.4*small.Width {
		t.Errorf("%v wide, with larger texts %v", small, large)
	}
	p.window.Resize(fyne.NewSize(500, 600))
	lies("in a smaller window")
}
