package screens

import (
	"net/url"
	"strings"
	"testing"
)

// What is opened comes from the service: addresses of documents, platforms and
// help pages. The system opens files, programs and other machines' shares by
// the same call.
func TestOpen_onlyWebPagesAndEmail(t *testing.T) {
	e := testEnv(t)
	opened := ""
	e.OpenURL = func(u *url.URL) error { opened = u.String(); return nil }
	for _, address := range []string{
		"file:///etc/passwd", "file://server/share/setup.exe", "smb://server/share", `\\server\share\setup.exe`,
		"javascript:alert(1)", "vscode://file/x", "plenary://example.int", "ms-msdt:/id", "--help", "/usr/bin/true",
		"https://", "http:example.int", "mailto:a@example.int?attach=/etc/passwd",
	} {
		e.Open(address)
		if opened != "" {
			t.Errorf("%q opens %q", address, opened)
		}
		opened = ""
	}
	e.Open("a?attach=x&b@example.int")
	if want := "mailto:a%3Fattach=x&b@example.int"; opened != want {
		t.Errorf("got %q, want %q", opened, want)
	}
}

func TestShell_saysOfAWrongLinkOnlyItsBeginning(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.shell.Open("plenary://x\u202e\n\u2028" + strings.Repeat("your session has expired, call us ", 50))
	said := p.shell.bar.String()
	if strings.ContainsAny(said, "\u202e\n\u2028") || len(said) > 250 || !strings.Contains(said, "plenary://xyour session") {
		t.Errorf("the notice is %q", said)
	}
}
