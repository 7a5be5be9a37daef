package help

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/words"
)

func testSupport() Support {
	return Support{
		System: "Debian GNU/Linux 12 (bookworm), amd64", Keyring: "Secret Service",
		LogFolder: "/home/elena/.local/share/plenary", LogFile: "plenary.log",
		Errors: []ShownError{
			{At: screentest.Now.Add(-time.Hour), Kind: app.KindUnreachable},
			{At: screentest.Now, Kind: "internal", Reference: "3F7K-92QD"},
		},
	}
}

func TestSupportText_saysWhatTheServiceDeskAsks(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Info.Address, e.Info.Version = "https://accounts.example.int/plenary", "0.2.1"
	want := strings.Join([]string{
		"Version: 1.0.0",
		"System: Debian GNU/Linux 12 (bookworm), amd64",
		"Language: en",
		"Service: accounts.example.int",
		"Version of the service: 0.2.1",
		"Log-in kept by: the system’s keyring (Secret Service)",
		"Last errors: ",
		"  " + screentest.Now.Add(-time.Hour).UTC().Format("2006-01-02 15:04:05 UTC") + " unreachable",
		"  " + screentest.Now.UTC().Format("2006-01-02 15:04:05 UTC") + " internal, Reference for the service desk: 3F7K-92QD",
		"",
	}, "\n")
	got := SupportText(e, "1.0.0", keeperKeyring, testSupport())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is copied differs (-want +got):\n%s", diff)
	}
	e.Words = words.For("fr")
	if got := SupportText(e, "1.0.0", keeperNone, Support{}); !strings.Contains(got, "Langue\u00a0: fr\n") || !strings.HasSuffix(got, "Dernières erreurs\u00a0: aucune\n") {
		t.Errorf("in French: %q", got)
	}
}

func TestHelp_copiesForTheServiceDeskAndNamesNobody(t *testing.T) {
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	h := NewHelp(e, HelpDeps{Version: "1.0.0", Session: app.SessionState{Kept: true, Sealed: true, Account: screentest.Account}, Support: testSupport})
	w := screentest.Show(t, h.Content(), 900, 1600)
	if got := h.log.String(); got != filepath.FromSlash("/home/elena/.local/share/plenary/plenary.log") {
		t.Errorf("the log is shown at %q", got)
	}
	screentest.Tap(t, w, "help.copy")
	copied := e.Clipboard.Content()
	for _, personal := range []string{"elena", screentest.Account.Email, screentest.Account.FamilyName, screentest.Account.Username} {
		if strings.Contains(strings.ToLower(copied), strings.ToLower(personal)) {
			t.Errorf("it names %q: %s", personal, copied)
		}
	}
	if !strings.Contains(copied, "a passphrase") || h.hint.String() != e.T("help.copied") {
		t.Errorf("copied %q, says %q", copied, h.hint)
	}
	screentest.Tap(t, w, "help.open-log")
	if want := []string{"file:///home/elena/.local/share/plenary"}; !cmp.Equal(*opened, want) {
		t.Errorf("opened %q, want %q", *opened, want)
	}
}

func TestHelp_saysThatThereIsNoLog(t *testing.T) {
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	h := NewHelp(e, HelpDeps{Version: "1.0.0", Support: func() Support { return Support{} }})
	w := screentest.Show(t, h.Content(), 900, 1600)
	screentest.Tap(t, w, "help.open-log")
	if h.log.String() != e.T("help.no-log") || len(*opened) != 0 {
		t.Errorf("says %q, opened %q", h.log, *opened)
	}
}

func TestHelp_picturesOfTheCardForTheServiceDesk(t *testing.T) {
	screentest.Capture(t, "help-desk", func(e kit.Env) fyne.CanvasObject {
		h := NewHelp(e, HelpDeps{Version: "1.0.0", Support: testSupport})
		return parts.Scroll(parts.Margins(parts.Column(kit.FormWidth, h.desk())))
	})
}
