package mailserver

import (
	"net"
	"testing"

	"github.com/wneessen/go-mail"
)

func TestServer_keepsWhatArrives(t *testing.T) {
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	send(t, s, "someone.else@example.org", "Other", "no code", "<p>none</p>")
	send(t, s, "someone@example.org", "Activate your account: été", "Your code:\n\nABCDE-12345\n\nGood-bye.",
		`<p><a href="http://127.0.0.1:1/terms">Terms</a> <a href="http://127.0.0.1:1/activate?x=1&amp;y=2#token">Activate</a></p>`)

	m, err := s.Next("someone@example.org", "Activate")
	if err != nil {
		t.Fatal(err)
	}
	if code, err := m.Code(); err != nil || code != "ABCDE-12345" {
		t.Errorf("code %q (%v)", code, err)
	}
	if link, err := m.Link("/activate"); err != nil || link != "http://127.0.0.1:1/activate?x=1&y=2#token" {
		t.Errorf("link %q (%v)", link, err)
	}
	if m.Subject != "Activate your account: été" {
		t.Errorf("subject %q", m.Subject)
	}
	if left := s.Subjects("someone.else@example.org"); len(left) != 1 {
		t.Errorf("the other e-mail: %v", left)
	}
}

func send(t *testing.T, s *Server, to, subject, text, html string) {
	t.Helper()
	m := mail.NewMsg()
	for _, err := range []error{m.From("service@example.org"), m.To(to)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	m.Subject(subject)
	m.SetBodyString(mail.TypeTextPlain, text)
	m.AddAlternativeString(mail.TypeTextHTML, html)
	address := s.listener.Addr().(*net.TCPAddr).AddrPort()
	client, err := mail.NewClient(address.Addr().String(), mail.WithPort(int(address.Port())), mail.WithTLSPolicy(mail.NoTLS))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.DialAndSend(m); err != nil {
		t.Fatal(err)
	}
}
