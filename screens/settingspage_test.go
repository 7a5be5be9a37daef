package screens

import (
	"slices"
	"testing"

	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

func TestSettings_theSetProxyIsToSeeAndStays(t *testing.T) {
	for set, says := range map[string]string{
		"": "This computer’s settings", "direct": "No proxy", "http://proxy.example:3128": "http://proxy.example:3128",
	} {
		p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, d *WindowDeps) { d.EnteredProxy = set })
		p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
		shown, ok := screentest.Find(p.window, "settings.proxy.set").(*parts.Text)
		if !ok || shown.String() != says || screentest.Find(p.window, "settings.proxy") != nil {
			t.Errorf("%q: shows %v", set, shown)
		}
	}
}

// What was entered at the first start stands in Settings, and the other way round.
func TestShell_theProxyIsTheSameInBothPlaces(t *testing.T) {
	var followed []string
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, d *WindowDeps) {
		d.Address = ""
		d.Proxy = func(text string) error { followed = append(followed, text); return nil }
		d.KeepProxy = func() error { return nil }
	})
	screentest.Input(t, p.window, "firststart.address").SetText("example.int")
	screentest.Tap(t, p.window, "firststart.network")
	screentest.Input(t, p.window, "firststart.proxy").SetText("proxy.example:3128")
	screentest.Tap(t, p.window, "firststart.connect")
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
	if shown := screentest.Input(t, p.window, "settings.proxy").Text; shown != "proxy.example:3128" {
		t.Errorf("Settings shows %q", shown)
	}
	screentest.Input(t, p.window, "settings.proxy").SetText("direct")
	screentest.Tap(t, p.window, "settings.proxy.save")
	if p.sync.asked != 1 || !slices.Equal(followed, []string{"proxy.example:3128", "direct"}) {
		t.Errorf("follows %q, tried %d times", followed, p.sync.asked)
	}
	p.shell.showFirstStart(nil)
	if again := screentest.Input(t, p.window, "firststart.proxy").Text; again != "direct" {
		t.Errorf("the first start shows %q", again)
	}
}

func TestShell_settingsFollowTheAccount(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	screentest.Tap(t, p.window, "nav.account")
	before, ok := p.shell.page.(*settings.Page)
	if !ok || before.Section() != settings.SectionProfile {
		t.Fatalf("one's name leads to %T", p.shell.page)
	}
	screentest.Input(t, p.window, "settings.profile.first").SetText("Helena")
	screentest.Tap(t, p.window, "settings.profile.save")
	if p.shell.account.FirstName != "Helena" || p.shell.page != page(before) {
		t.Errorf("the window knows %q", p.shell.account.FirstName)
	}
	before.Open(settings.SectionProgram)
	screentest.Tap(t, p.window, "settings.language.fr")
	if again, ok := p.shell.page.(*settings.Page); !ok || again.Section() != settings.SectionProgram {
		t.Error("another language leads away from the section")
	}
}
