// Package mailtest has mail servers for tests: real ones, on loopback, with
// whatever manners a mail server in the world may have.
//
// Start a Server for one that speaks SMTP, Raw for one that does not.
package mailtest

import (
	"crypto/tls"
	"io"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Manners are how a server behaves. The zero value takes everything in clear.
type Manners struct {
	TLS      bool   // from the first byte on
	StartTLS bool   // offered
	Identity string // which certificate it shows: one of the constants; Good if empty
	// User and Password are asked for if there is a user, by these mechanisms
	// (PLAIN, LOGIN, SCRAM-SHA-256; all if there are none).
	User, Password string
	Mechanisms     []string
	NoLetters      bool // only ASCII in addresses: no SMTPUTF8
	Most           int  // conversations that it bears at once; it turns others away with 421. 0: any
	Ends           int  // e-mails after which it ends a conversation. 0: never
	// OnSender, OnRecipient and OnData answer MAIL, RCPT and the message; nil takes it.
	OnSender, OnRecipient func(address string) error
	OnData                func() error
	// Silent is the step, as api.MailStep names it, at which the server says nothing
	// more, and does not end the connection either.
	Silent string
}

// Received is an e-mail as the server got it.
type Received struct {
	From, To string // of the envelope
	Data     string
	User     string // who was logged in
	Secure   bool   // it came through TLS
}

// Message reads the e-mail's headers and body.
func (r Received) Message(t *testing.T) *netmail.Message {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(r.Data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Server is a mail server on loopback until the test ends.
type Server struct {
	Host string
	Port int

	ended chan struct{}

	mu      sync.Mutex
	manners Manners
	got     []Received
	open    int
	most    int
	all     int
}

// Start starts a server.
func Start(t *testing.T, m Manners) *Server {
	t.Helper()
	s := &Server{manners: m, ended: make(chan struct{})}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return s.begin(c)
	}))
	server.Domain = "mail.test"
	server.ErrorLog = silence{}
	server.EnableSMTPUTF8 = !m.NoLetters
	l := listen(t)
	s.Host, s.Port = place(l)
	l = &quietListener{l, s}
	if m.TLS || m.StartTLS {
		config := &tls.Config{Certificates: []tls.Certificate{Certificate(t, m.Identity)}}
		if m.TLS {
			l = tls.NewListener(l, config)
		} else {
			server.TLSConfig = config
		}
	}
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() {
		close(s.ended)
		_ = server.Close()
	})
	return s
}

// Behave changes the server's manners, but for those of its connection.
func (s *Server) Behave(change func(*Manners)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.manners)
}

func (s *Server) now() Manners {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.manners
}

func (s *Server) begin(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.manners.Most > 0 && s.open >= s.manners.Most {
		return nil, &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "SERVER-TEXT: too many"}
	}
	s.open++
	s.all++
	s.most = max(s.most, s.open)
	return &session{server: s, conn: c}, nil
}

// Conversations gives how many there were, and how many at once.
func (s *Server) Conversations() (all, atOnce int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all, s.most
}

// Inbox gives what has arrived.
func (s *Server) Inbox() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.got...)
}

// Refuse is an answer such as 550.
func Refuse(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "SERVER-TEXT that nobody may see"}
}

// Raw listens on loopback until the test ends and hands each connection to
// serve, which closes it.
func Raw(t *testing.T, serve func(net.Conn)) (host string, port int) {
	t.Helper()
	l := listen(t)
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Wait()
	})
	return place(l)
}

// Says gives what Raw wants: it writes some text and then reads until the other
// side has gone.
func Says(text string) func(net.Conn) {
	return func(conn net.Conn) {
		defer conn.Close()
		// Errors mean that the other side has gone already.
		_, _ = io.WriteString(conn, text)
		_, _ = io.Copy(io.Discard, conn)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func place(l net.Listener) (host string, port int) {
	a := l.Addr().(*net.TCPAddr)
	return a.IP.String(), a.Port
}

type silence struct{}

func (silence) Printf(string, ...any) {}
func (silence) Println(...any)        {}
