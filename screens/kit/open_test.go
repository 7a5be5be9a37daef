package kit_test

import (
	"net/url"
	"testing"

	"plenary/screens/screentest"
)

// What is opened comes from the service: addresses of documents, platforms and
// help pages. The system opens files, programs and other machines' shares by
// the same call.
func TestOpen_onlyWebPagesAndEmail(t *testing.T) {
	e := screentest.NewEnv(t)
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
