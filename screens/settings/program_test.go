package settings

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"plenary/screens/screentest"
)

func TestSettings_aProxyIsReadThenKeptThenTried(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionProgram)
	s := r.settings.section().(*programSection)
	for text, says := range map[string]string{
		"our proxy": "proxy.example.org:3128", "http://a:b@proxy.example": "Leave out", "http://wpad.example/proxy.pac": "script",
	} {
		s.proxy.Entry.SetText(text)
		screentest.Tap(t, r.window, "settings.proxy.save")
		if !strings.Contains(s.proxy.Field.Error(), says) || len(r.proxies) != 0 || screentest.FocusedID(r.window) != "settings.proxy" {
			t.Errorf("%s: says %q, kept %v", text, s.proxy.Field.Error(), r.proxies)
		}
	}
	s.proxy.Entry.SetText("proxy.example:3128")
	screentest.Tap(t, r.window, "settings.proxy.save")
	if !slices.Equal(r.proxies, []string{"kept", "tried"}) || !strings.Contains(s.bar.String(), "Saved") {
		t.Errorf("done %v, says %q", r.proxies, s.bar.String())
	}
	r.keepErr, r.proxies = errors.Join(errors.New("no"), os.ErrPermission), nil
	screentest.Tap(t, r.window, "settings.proxy.save")
	if !slices.Equal(r.proxies, []string{"kept"}) || strings.Contains(s.bar.String(), "Saved") {
		t.Errorf("it could not be kept; done %v, says %q", r.proxies, s.bar.String())
	}
}
