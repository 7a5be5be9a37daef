package screens

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/app"
	"plenary/screens/help"
	"plenary/screens/screentest"
)

func TestShell_whoIsNotLoggedInHasWhatTheServiceDeskAsks(t *testing.T) {
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	p := testWindow(t, e, func(p *testProgram, d *WindowDeps) {
		p.session.restore, p.session.kept = app.ErrNoSession, false
		d.Support = supportInMemory
	})
	screentest.Tap(t, p.window, "account.support")
	screentest.Tap(t, p.window, "support.copy")
	if copied := e.Clipboard.Content(); !strings.Contains(copied, "Version: 1.0.0\n") || !strings.Contains(copied, "nothing, it ends with the program") {
		t.Errorf("copied %q", copied)
	}
	screentest.Tap(t, p.window, "support.close")
	p.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF1})
	screentest.Tap(t, p.window, "support.open-log")
	if want := []string{"file:///home/elena/.local/share/plenary"}; !cmp.Equal(*opened, want) {
		t.Errorf("opened %q, want %q", *opened, want)
	}
}

// Before a service is open it is not known what keeps a log-in.
func TestShell_atTheFirstStartThereIsSomethingForTheServiceDesk(t *testing.T) {
	e := screentest.NewEnv(t)
	p := testWindow(t, e, func(_ *testProgram, d *WindowDeps) {
		d.Address = ""
		d.Support = func() help.Support { return help.Support{System: "Windows 11", Keyring: "Credential Manager"} }
	})
	screentest.Tap(t, p.window, "account.support")
	screentest.Tap(t, p.window, "support.copy")
	if diff := cmp.Diff("Version: 1.0.0\nSystem: Windows 11\nLanguage: en\nLast errors: none\n", e.Clipboard.Content()); diff != "" {
		t.Errorf("what is copied differs (-want +got):\n%s", diff)
	}
}

func TestShell_picturesForTheServiceDesk(t *testing.T) {
	captureWindow(t, "support-login", func(p *testProgram) { p.session.restore = app.ErrNoSession },
		func(*testProgram) {}, func(p *testProgram) {
			p.shell.deps.Support = supportInMemory
			p.shell.tellSupport()
		})
}
