package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"time"

	"plenary/api"
	"plenary/rules"
)

// Ways to secure the connection to a mail server.
const (
	StartTLS = api.MailStartTLS // must be offered by the server
	TLS      = api.MailTLS      // from the first byte on
	None     = api.MailNone     // for a relay on the same machine, in the demonstration, or where the operator allows it
)

// Server is the organization's mail server.
type Server struct {
	Host     string
	Port     int
	Security string // one of the constants
	User     string // empty means without log-in
	Password string
	From     string // address of the sender
	ReplyTo  string // address; empty means that of the sender
	// Loopback allows a server on this machine. Everywhere else, loopback,
	// link-local and metadata addresses are refused when they are dialled, not
	// when the name is read (security.md, EMail Test).
	Loopback bool
	// Networks, if there are any, are the only ones in which the server may be;
	// loopback may be one of them.
	Networks []netip.Prefix
	// TLSConfig holds the authorities of the tests; nil means those of the system.
	TLSConfig *tls.Config
	// Timeout is for one e-mail from the look-up of the name to the server's last
	// word. Zero means one minute.
	Timeout time.Duration
}

// Check says what is wrong with the settings.
func (s *Server) Check() error {
	switch {
	case s.Host == "" || s.Port < 1 || s.Port > 65535:
		return errors.New("mail: the mail server must be given as host:port")
	case s.Security != StartTLS && s.Security != TLS && s.Security != None:
		return fmt.Errorf("mail: security must be %s, %s or %s", StartTLS, TLS, None)
	case s.Security == None && s.User != "":
		return errors.New("mail: a password is not sent over a connection that is not secured")
	}
	if from, err := rules.ParseEmail(s.From); err != nil || from != s.From {
		return errors.New("mail: the sender's address is missing or wrong")
	}
	return nil
}

func (s *Server) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return time.Minute
}

func (s *Server) tlsConfig() *tls.Config {
	config := s.TLSConfig.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	config.ServerName = s.Host
	config.MinVersion = tls.VersionTLS12
	return config
}

// letter makes what is to be handed over of an e-mail. The error is a *sendError.
func (s *Server) letter(id, organization string, r Rendered) (letter, *sendError) {
	to, err := rules.ParseEmail(r.To)
	if err != nil {
		return letter{}, unreadable(err)
	}
	msg, err := s.compose(id, organization, r)
	if err != nil {
		return letter{}, unreadable(err)
	}
	return letter{to: to, write: func(w io.Writer) error {
		_, err := msg.WriteTo(w)
		return err
	}}, nil
}

// ParseServer reads "host:port". Security and sender are left to be set.
func ParseServer(address string) (*Server, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is not host:port", address)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is not host:port", address)
	}
	return &Server{Host: host, Port: n}, nil
}
