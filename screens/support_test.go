package screens

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/app"
	"plenary/screens/parts"
	"plenary/words"
)

func testSupport() Support {
	return Support{
		System: "Debian GNU/Linux 12 (bookworm), amd64", Keyring: "Secret Service",
		LogFolder: "/home/elena/.local/share/plenary", LogFile: "plenary.log",
		Errors: []ShownError{
			{At: testTime.Add(-time.Hour), Kind: app.KindUnreachable},
			{At: testTime, Kind: "internal", Reference: "3F7K-92QD"},
		},
	}
}

func TestSupportText_saysWhatTheServiceDeskAsks(t *testing.T) {
	e := testEnv(t)
	e.Info.Address, e.Info.Version = "https://accounts.example.int/plenary", "0.2.1"
	want := strings.Join([]string{
		"Version: 1.0.0",
		"System: Debian GNU/Linux 12 (bookworm), amd64",
		"Language: en",
		"Service: accounts.example.int",
		"Version of the service: 0.2.1",
		"Log-in kept by: the system’s keyring (Secret Service)",
		"Last errors: ",
		"  " + testTime.Add(-time.Hour).UTC().Format("2006-01-02 15:04:05 UTC") + " unreachable",
		"  " + testTime.UTC().Format("2006-01-02 15:04:05 UTC") + " internal, Reference for the service desk: 3F7K-92QD",
		"",
	}, "\n")
	got := supportText(e, "1.0.0", keeperKeyring, testSupport())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is copied differs (-want +got):\n%s", diff)
	}
	e.Words = words.For("fr")
	if got := supportText(e, "1.0.0", keeperNone, Support{}); !strings.Contains(got, "Langue\u00a0: fr\n") || !strings.HasSuffix(got, "Dernières erreurs\u00a0: aucune\n") {
		t.Errorf("in French: %q", got)
	}
}

func TestHelp_copiesForTheServiceDeskAndNamesNobody(t *testing.T) {
	e := testEnv(t)
	opened := recordOpened(&e)
	e.Clipboard = fyne.CurrentApp().Clipboard()
	h := NewHelp(e, HelpDeps{Version: "1.0.0", Session: app.SessionState{Kept: true, Sealed: true, Account: testAccount}, Support: testSupport})
	w := show(t, h.Content(), 900, 1600)
	if got := h.log.String(); got != filepath.FromSlash("/home/elena/.local/share/plenary/plenary.log") {
		t.Errorf("the log is shown at %q", got)
	}
	tap(t, w, "help.copy")
	copied := e.Clipboard.Content()
	for _, personal := range []string{"elena", testAccount.Email, testAccount.FamilyName, testAccount.Username} {
		if strings.Contains(strings.ToLower(copied), strings.ToLower(personal)) {
			t.Errorf("it names %q: %s", personal, copied)
		}
	}
	if !strings.Contains(copied, "a passphrase") || h.hint.String() != e.T("help.copied") {
		t.Errorf("copied %q, says %q", copied, h.hint)
	}
	tap(t, w, "help.open-log")
	if want := []string{"file:///home/elena/.local/share/plenary"}; !cmp.Equal(*opened, want) {
		t.Errorf("opened %q, want %q", *opened, want)
	}
}

func TestHelp_saysThatThereIsNoLog(t *testing.T) {
	e := testEnv(t)
	opened := recordOpened(&e)
	h := NewHelp(e, HelpDeps{Version: "1.0.0", Support: func() Support { return Support{} }})
	w := show(t, h.Content(), 900, 1600)
	tap(t, w, "help.open-log")
	if h.log.String() != e.T("help.no-log") || len(*opened) != 0 {
		t.Errorf("says %q, opened %q", h.log, *opened)
	}
}

func TestHelp_picturesOfTheCardForTheServiceDesk(t *testing.T) {
	capture(t, "help-desk", func(e Env) fyne.CanvasObject {
		h := NewHelp(e, HelpDeps{Version: "1.0.0", Support: testSupport})
		return parts.Scroll(parts.Margins(parts.Column(formWidth, h.desk())))
	})
}

func TestShell_whoIsNotLoggedInHasWhatTheServiceDeskAsks(t *testing.T) {
	e := testEnv(t)
	opened := recordOpened(&e)
	e.Clipboard = fyne.CurrentApp().Clipboard()
	p := testWindow(t, e, func(p *testProgram, d *WindowDeps) {
		p.session.restore, p.session.kept = app.ErrNoSession, false
		d.Support = supportInMemory
	})
	tap(t, p.window, "account.support")
	tap(t, p.window, "support.copy")
	if copied := e.Clipboard.Content(); !strings.Contains(copied, "Version: 1.0.0\n") || !strings.Contains(copied, "nothing, it ends with the program") {
		t.Errorf("copied %q", copied)
	}
	tap(t, p.window, "support.close")
	p.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF1})
	tap(t, p.window, "support.open-log")
	if want := []string{"file:///home/elena/.local/share/plenary"}; !cmp.Equal(*opened, want) {
		t.Errorf("opened %q, want %q", *opened, want)
	}
}

// Before a service is open it is not known what keeps a log-in.
func TestShell_atTheFirstStartThereIsSomethingForTheServiceDesk(t *testing.T) {
	e := testEnv(t)
	e.Clipboard = fyne.CurrentApp().Clipboard()
	p := testWindow(t, e, func(_ *testProgram, d *WindowDeps) {
		d.Address = ""
		d.Support = func() Support { return Support{System: "Windows 11", Keyring: "Credential Manager"} }
	})
	tap(t, p.window, "account.support")
	tap(t, p.window, "support.copy")
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
