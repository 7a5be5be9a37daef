// Package mailserver is a real SMTP server on loopback that keeps what
// arrives, for tests that wait for an e-mail as a person does.
package mailserver

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"plenary/e2e/await"

	"github.com/emersion/go-smtp"
)

// Limit is how long an e-mail may take: the service's outbox, then SMTP.
const Limit = 30 * time.Second

// Mail is one e-mail that arrived.
type Mail struct {
	From, To string // of the envelope
	Subject  string
	Text     string // the plain part
	HTML     string // the HTML part
}

// Server keeps what arrives until Close.
type Server struct {
	listener net.Listener
	smtp     *smtp.Server

	mu    sync.Mutex
	mails []Mail
	taken map[int]bool
	slow  time.Duration
}

// Start listens on a free port of loopback.
func Start() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting a mail server: %w", err)
	}
	s := &Server{listener: listener, taken: map[int]bool{}}
	s.smtp = smtp.NewServer(s)
	s.smtp.Domain = "mail.test"
	s.smtp.MaxMessageBytes = 1 << 20
	go s.smtp.Serve(listener) // until Close; its error then only says so
	return s, nil
}

// Address is where the server listens: host:port.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Close ends the server.
func (s *Server) Close() error { return s.smtp.Close() }

// Next waits for the oldest e-mail to an address whose subject contains a text
// and which Next has not given before.
func (s *Server) Next(to, subject string) (Mail, error) {
	var found Mail
	err := await.Until(Limit, fmt.Sprintf("an e-mail about %q", subject), func() (bool, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i, m := range s.mails {
			if !s.taken[i] && m.To == to && strings.Contains(m.Subject, subject) {
				s.taken[i], found = true, m
				return true, nil
			}
		}
		return false, nil
	})
	if err != nil {
		return Mail{}, fmt.Errorf("%w; there are %v", err, s.Subjects(to))
	}
	return found, nil
}

// Slow makes the server wait that long before it says that it has taken an e-mail.
func (s *Server) Slow(wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = wait
}

// Count gives how many e-mails have arrived.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.mails)
}

// Subjects lists what has arrived for an address.
func (s *Server) Subjects(to string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var subjects []string
	for _, m := range s.mails {
		if m.To == to {
			subjects = append(subjects, m.Subject)
		}
	}
	return subjects
}

// NewSession is go-smtp's hook for a connection.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }

type session struct {
	server *Server
	from   string
	to     []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error   { s.to = append(s.to, to); return nil }
func (s *session) Reset()                                      { s.from, s.to = "", nil }
func (s *session) Logout() error                               { return nil }

func (s *session) Data(r io.Reader) error {
	m, err := read(r)
	if err != nil {
		return fmt.Errorf("reading an e-mail: %w", err) // the sender gets to know it
	}
	s.server.mu.Lock()
	wait := s.server.slow
	s.server.mu.Unlock()
	time.Sleep(wait)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	for _, to := range s.to {
		m.From, m.To = s.from, to
		s.server.mails = append(s.server.mails, m)
	}
	return nil
}

func read(r io.Reader) (Mail, error) {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return Mail{}, err
	}
	var m Mail
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return Mail{}, err
	}
	return m, m.part(message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body)
}

// part reads a part and the parts in it.
func (m *Mail) part(contentType, encoding string, body io.Reader) error {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, parameters["boundary"])
		for {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := m.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	var content bytes.Buffer
	if _, err := io.Copy(&content, body); err != nil {
		return err
	}
	switch kind {
	case "text/plain":
		m.Text = strings.ReplaceAll(content.String(), "\r\n", "\n")
	case "text/html":
		m.HTML = content.String()
	}
	return nil
}
