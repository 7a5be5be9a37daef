package main

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/mail/mailtest"
)

// checked gives the states of what plenaryd check says, and the text of each line.
func checked(t *testing.T, data string) (status int, states map[string]string, out string) {
	t.Helper()
	o := do(t, "", "check", "--data", data)
	states = map[string]string{}
	for line := range strings.Lines(o.stdout) {
		m := regexp.MustCompile(`^(ok|warning|FAILED) +(configuration|key|database|clock|certificate|address|mail server) +\S`).FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("a line of its own kind: %q", line)
		}
		states[m[2]] = m[1]
	}
	return o.status, states, o.stdout
}

func TestCheck_saysWhatIsWrongAndWhatToDo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "init", "--data", data)
	s := serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
	server := mailtest.Start(t, mailtest.Manners{})
	c, err := readConfig(data)
	if err != nil {
		t.Fatal(err)
	}
	change := func(how func(*config)) {
		t.Helper()
		changed := c
		how(&changed)
		if err := changed.write(data); err != nil {
			t.Fatal(err)
		}
	}
	c.Address, c.SMTP.Address = s.address(), net.JoinHostPort(server.Host, strconv.Itoa(server.Port))
	change(func(*config) {})
	status, states, out := checked(t, data)
	for _, what := range []string{"configuration", "key", "database", "clock", "address", "mail server"} {
		if states[what] != fine {
			t.Errorf("%s is %q:\n%s", what, states[what], out)
		}
	}
	for _, step := range []string{api.MailStepName, api.MailStepConnection, api.MailStepGreeting, api.MailStepSender, api.MailStepRecipient} {
		if !strings.Contains(out, ": "+step+"\n") { // told as it is done
			t.Errorf("nothing is said of the mail server's %s:\n%s", step, out)
		}
	}
	if status != 0 {
		t.Errorf("status %d", status)
	}
	server.Behave(func(m *mailtest.Manners) { m.OnSender = func(string) error { return mailtest.Refuse(553) } })
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"service_id":"another"}`) }))
	defer stranger.Close()
	for name, tc := range map[string]struct {
		how         func(*config)
		what, state string
		says        string
		status      int
	}{
		"no mail server":        {func(c *config) { c.SMTP.Address = "" }, "mail server", warning, "Application Management", 0},
		"a bad mail server":     {func(*config) {}, "mail server", failed, "EMail Test", 1},
		"another address":       {func(c *config) { c.Address = "http://127.0.0.1:1" }, "address", warning, "start the service", 1},
		"somebody else's":       {func(c *config) { c.Address = stranger.URL }, "address", failed, "something else", 1},
		"listening in clear":    {func(c *config) { c.Listen = "0.0.0.0:80" }, "configuration", failed, "--tls-cert", 1},
		"a missing certificate": {func(c *config) { c.TLSCert, c.TLSKey = "none.pem", "none.pem" }, "certificate", failed, "none.pem", 1},
	} {
		change(tc.how)
		status, states, out := checked(t, data)
		if status != tc.status || states[tc.what] != tc.state || !strings.Contains(out, tc.says) {
			t.Errorf("%s: status %d\n%s", name, status, out)
		}
	}
	change(func(c *config) { c.SMTP.Address = "" })
	if err := os.Remove(filepath.Join(data, keyFile)); err != nil {
		t.Fatal(err)
	}
	if status, states, out := checked(t, data); status != 1 || states["key"] != failed {
		t.Errorf("without the key: status %d\n%s", status, out)
	}
}

func TestJudgeCertificate(t *testing.T) {
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for name, tc := range map[string]struct {
		from, until time.Time
		host        string
		want        string
	}{
		"good":             {now.Add(-day), now.Add(60 * day), "plenary.example.org", fine},
		"for another name": {now.Add(-day), now.Add(60 * day), "example.org", failed},
		"soon over":        {now.Add(-day), now.Add(renewWithin - time.Second), "plenary.example.org", warning},
		"over":             {now.Add(-day), now.Add(-time.Second), "plenary.example.org", failed},
		"not yet":          {now.Add(time.Hour), now.Add(60 * day), "plenary.example.org", failed},
	} {
		cert := &x509.Certificate{NotBefore: tc.from, NotAfter: tc.until, DNSNames: []string{"plenary.example.org"}}
		if got := judgeCertificate(cert, tc.host, now); got.state != tc.want {
			t.Errorf("%s: %s %s", name, got.state, got.text)
		}
	}
}
