package mail

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"plenary/service/mail/mailtest"
)

// serverOf are the settings that reach a test's mail server.
func serverOf(host string, port int) *Server {
	return &Server{Host: host, Port: port, Security: None, From: "no-reply@example.int", Loopback: true, Timeout: 5 * time.Second}
}

func newMailServer(t *testing.T) *mailtest.Server { return mailtest.Start(t, mailtest.Manners{}) }

var message = Rendered{To: "ana@example.org", Subject: "S", Text: "T", HTML: "H"}

func TestDial_refusesAddressesThatAreNoMailServers(t *testing.T) {
	for _, tc := range []struct {
		host     string
		loopback bool
		allowed  bool
		networks string // empty: all
	}{
		{"127.0.0.1", false, false, ""},
		{"::1", false, false, ""},
		{"127.0.0.1", true, true, ""},
		{"169.254.169.254", true, false, ""},
		{"fe80::1", true, false, ""},
		{"fd00:ec2::254", true, false, ""},
		{"0.0.0.0", true, false, ""},
		{"10.1.2.3", false, true, ""},
		{"192.0.2.1", false, true, ""},
		{"::ffff:127.0.0.1", false, false, ""},
		{"100.100.100.200", true, false, ""},
		{"224.0.0.1", true, false, ""},
		{"168.63.129.16", true, false, ""},
		{"192.0.0.192", true, false, ""},
		{"64:ff9b::a9fe:a9fe", true, false, ""},
		{"64:ff9b::7f00:1", true, false, ""},
		{"64:ff9b::192.0.2.1", false, true, ""},
		{"2002:7f00:1::", true, false, ""},
		{"2002:a9fe:a9fe::1", true, false, ""},
		{"::127.0.0.1", true, false, ""},
		{"::", true, false, ""},
		{"::1", true, true, ""},
		{"10.1.2.3", false, true, "10.0.0.0/8"},
		{"::ffff:10.1.2.3", false, true, "10.0.0.0/8"},
		{"192.0.2.1", false, false, "10.0.0.0/8"},
		{"127.0.0.1", false, false, "10.0.0.0/8"},
		{"127.0.0.1", false, true, "127.0.0.0/8"},
		{"169.254.169.254", false, false, "169.254.0.0/16"},
		{"fd00:ec2::254", false, false, "fd00::/8"},
	} {
		s := Server{Loopback: tc.loopback}
		if tc.networks != "" {
			s.Networks = []netip.Prefix{netip.MustParsePrefix(tc.networks)}
		}
		if err := s.allowed("tcp", net.JoinHostPort(tc.host, "25"), nil); (err == nil) != tc.allowed {
			t.Errorf("%s in %q: %v", tc.host, tc.networks, err)
		}
	}
}

func TestCheck(t *testing.T) {
	good := Server{Host: "mail.example.int", Port: 587, Security: StartTLS, From: "no-reply@example.int"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Server){
		"no host":           func(s *Server) { s.Host = "" },
		"port":              func(s *Server) { s.Port = 70000 },
		"security":          func(s *Server) { s.Security = "maybe" },
		"password in clear": func(s *Server) { s.Security, s.User = None, "plenary" },
		"sender":            func(s *Server) { s.From = "" },
	} {
		s := good
		change(&s)
		if s.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
