package mail

import (
	"errors"
	"io"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// received is an e-mail as the test's mail server got it.
type received struct {
	from, to string
	data     string
}

// message reads the e-mail's headers and body.
func (r received) message(t *testing.T) *netmail.Message {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(r.data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// mailServer is a real SMTP server whose manners a test chooses.
type mailServer struct {
	host string
	port int

	mu sync.Mutex
	// onData is asked when an e-mail's content comes in; nil takes it.
	onData func() error
	got    []received
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	s := &mailServer{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &mailSession{server: s}, nil
	}))
	server.Domain = "localhost"
	server.ErrorLog = discardLog{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().(*net.TCPAddr)
	s.host, s.port = address.IP.String(), address.Port
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	return s
}

type discardLog struct{}

func (discardLog) Printf(string, ...any) {}
func (discardLog) Println(...any)        {}

// settings reach the server.
func (s *mailServer) settings() *Server {
	return &Server{Host: s.host, Port: s.port, Security: None, From: "no-reply@example.int", Loopback: true, Timeout: 5 * time.Second}
}

func (s *mailServer) behave(onData func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onData = onData
}

func (s *mailServer) inbox() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.got...)
}

type mailSession struct {
	server   *mailServer
	from, to string
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox: " + to}
	}
	s.to = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	onData := s.server.onData
	s.server.mu.Unlock()
	if onData != nil {
		if err := onData(); err != nil {
			return err
		}
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.got = append(s.server.got, received{s.from, s.to, string(data)})
	return nil
}

func TestSend_boundsASlowServer(t *testing.T) {
	// It greets one letter at a time, and never comes to the end.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for range tick.C {
			if _, err := conn.Write([]byte("2")); err != nil {
				return
			}
		}
	}()
	address := l.Addr().(*net.TCPAddr)
	s := &Server{Host: "127.0.0.1", Port: address.Port, Security: None, From: "a@example.int", Loopback: true, Timeout: 300 * time.Millisecond}
	start := time.Now()
	err = s.send(t.Context(), "id", "Example", Rendered{To: "ana@example.org", Subject: "S", Text: "T", HTML: "H"})
	if err == nil || time.Since(start) > 3*time.Second {
		t.Fatalf("error %v after %s", err, time.Since(start))
	}
	if failed, ok := errors.AsType[*sendError](err); !ok || failed.permanent {
		t.Errorf("a slow server is tried again: %v", err)
	}
}

func TestSend_errorNamesNobody(t *testing.T) {
	server := newMailServer(t)
	err := server.settings().send(t.Context(), "id", "Example", Rendered{To: "nobody@example.org", Subject: "S", Text: "T", HTML: "H"})
	failed, ok := errors.AsType[*sendError](err)
	if !ok || !failed.permanent || failed.code != 550 {
		t.Fatalf("error %v", err)
	}
	if strings.Contains(err.Error(), "nobody") {
		t.Errorf("the error holds an address: %v", err)
	}
}

func TestDial_refusesAddressesThatAreNoMailServers(t *testing.T) {
	for _, tc := range []struct {
		host     string
		loopback bool
		allowed  bool
	}{
		{"127.0.0.1", false, false},
		{"::1", false, false},
		{"127.0.0.1", true, true},
		{"169.254.169.254", true, false},
		{"fe80::1", true, false},
		{"fd00:ec2::254", true, false},
		{"0.0.0.0", true, false},
		{"10.1.2.3", false, true},
		{"192.0.2.1", false, true},
		{"::ffff:127.0.0.1", false, false},
	} {
		s := Server{Loopback: tc.loopback}
		if err := s.allowed("tcp", net.JoinHostPort(tc.host, "25"), nil); (err == nil) != tc.allowed {
			t.Errorf("%s: %v", tc.host, err)
		}
	}
}

func TestSend_startTLSIsNotOptional(t *testing.T) {
	server := newMailServer(t) // offers none
	s := server.settings()
	s.Security = StartTLS
	if err := s.send(t.Context(), "id", "Example", Rendered{To: "ana@example.org", Subject: "S", Text: "T", HTML: "H"}); err == nil {
		t.Error("sent in clear")
	}
	if n := len(server.inbox()); n != 0 {
		t.Errorf("%d e-mails in clear", n)
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
