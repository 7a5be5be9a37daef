package screens

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"plenary/screens/parts"
)

func TestSettings_aProxyIsReadThenKeptThenTried(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionProgram)
	s := r.settings.section().(*programSection)
	for text, says := range map[string]string{
		"our proxy": "proxy.example.org:3128", "http://a:b@proxy.example": "Leave out", "http://wpad.example/proxy.pac": "script",
	} {
		s.proxy.entry.SetText(text)
		tap(t, r.window, "settings.proxy.save")
		if !strings.Contains(s.proxy.field.Error(), says) || len(r.proxies) != 0 || focusedID(r.window) != "settings.proxy" {
			t.Errorf("%s: says %q, kept %v", text, s.proxy.field.Error(), r.proxies)
		}
	}
	s.proxy.entry.SetText("proxy.example:3128")
	tap(t, r.window, "settings.proxy.save")
	if !slices.Equal(r.proxies, []string{"kept", "tried"}) || !strings.Contains(s.bar.String(), "Saved") {
		t.Errorf("done %v, says %q", r.proxies, s.bar.String())
	}
	r.keepErr, r.proxies = errors.Join(errors.New("no"), os.ErrPermission), nil
	tap(t, r.window, "settings.proxy.save")
	if !slices.Equal(r.proxies, []string{"kept"}) || strings.Contains(s.bar.String(), "Saved") {
		t.Errorf("it could not be kept; done %v, says %q", r.proxies, s.bar.String())
	}
}

func TestSettings_theSetProxyIsToSeeAndStays(t *testing.T) {
	for set, says := range map[string]string{
		"": "This computer’s settings", "direct": "No proxy", "http://proxy.example:3128": "http://proxy.example:3128",
	} {
		p := testWindow(t, testEnv(t), func(_ *testProgram, d *WindowDeps) { d.EnteredProxy = set })
		p.shell.goTo(route{name: routeSettings, code: sectionProgram})
		shown, ok := findByID(p.window, "settings.proxy.set").(*parts.Text)
		if !ok || shown.String() != says || findByID(p.window, "settings.proxy") != nil {
			t.Errorf("%q: shows %v", set, shown)
		}
	}
}

// What was entered at the first start stands in Settings, and the other way round.
func TestShell_theProxyIsTheSameInBothPlaces(t *testing.T) {
	var followed []string
	p := testWindow(t, testEnv(t), func(_ *testProgram, d *WindowDeps) {
		d.Address = ""
		d.Proxy = func(text string) error { followed = append(followed, text); return nil }
		d.KeepProxy = func() error { return nil }
	})
	input(t, p.window, "firststart.address").SetText("example.int")
	tap(t, p.window, "firststart.network")
	input(t, p.window, "firststart.proxy").SetText("proxy.example:3128")
	tap(t, p.window, "firststart.connect")
	p.shell.goTo(route{name: routeSettings, code: sectionProgram})
	if shown := input(t, p.window, "settings.proxy").Text; shown != "proxy.example:3128" {
		t.Errorf("Settings shows %q", shown)
	}
	input(t, p.window, "settings.proxy").SetText("direct")
	tap(t, p.window, "settings.proxy.save")
	if p.sync.asked != 1 || !slices.Equal(followed, []string{"proxy.example:3128", "direct"}) {
		t.Errorf("follows %q, tried %d times", followed, p.sync.asked)
	}
	p.shell.showFirstStart(nil)
	if again := input(t, p.window, "firststart.proxy").Text; again != "direct" {
		t.Errorf("the first start shows %q", again)
	}
}
