package mailtest

import (
	"errors"
	"io"
	"slices"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"plenary/api"
)

// session is one connection to a Server.
type session struct {
	server   *Server
	conn     *smtp.Conn
	user     string
	from, to string
	taken    int
}

func (s *session) Reset() { s.from, s.to = "", "" }

// Logout is go-smtp's word for the end of the connection.
func (s *session) Logout() error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.open--
	return nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.server.quietly(api.MailStepSender)
	m := s.server.now()
	if m.User != "" && s.user == "" {
		return smtp.ErrAuthRequired
	}
	if m.Ends > 0 && s.taken >= m.Ends {
		// As a server that was restarted: the connection is gone.
		return errors.Join(&smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "SERVER-TEXT: enough"}, s.conn.Close())
	}
	s.from = from
	if m.OnSender == nil {
		return nil
	}
	return m.OnSender(from)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.quietly(api.MailStepRecipient)
	s.to = to
	if m := s.server.now(); m.OnRecipient != nil {
		return m.OnRecipient(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.quietly(api.MailStepMessage)
	if m := s.server.now(); m.OnData != nil {
		if err := m.OnData(); err != nil {
			return err
		}
	}
	s.taken++
	_, secure := s.conn.TLSConnectionState()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.got = append(s.server.got, Received{From: s.from, To: s.to, Data: string(data), User: s.user, Secure: secure})
	return nil
}

// AuthMechanisms is go-smtp's question for the ways to log in.
func (s *session) AuthMechanisms() []string {
	m := s.server.now()
	switch {
	case m.User == "":
		return nil
	case m.Mechanisms != nil:
		return m.Mechanisms
	}
	return []string{"PLAIN", "LOGIN", "SCRAM-SHA-256"}
}

// Auth is go-smtp's hook for a log-in.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	m := s.server.now()
	if !slices.Contains(s.AuthMechanisms(), mechanism) {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	s.server.quietly(api.MailStepLogIn)
	check := func(user, password string) error {
		if user != m.User || password != m.Password {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}
	switch mechanism {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case "LOGIN":
		return &login{check: check}, nil
	default:
		return &scram{user: m.User, password: m.Password, done: func() { s.user = m.User }}, nil
	}
}

// login is the server's part of LOGIN, which go-sasl has for clients only.
type login struct {
	check func(user, password string) error
	user  *string
	asked bool
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case !l.asked && len(response) == 0:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user, l.asked = &user, true
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check(*l.user, string(response))
	}
}

var errScram = errors.New("mailtest: not what SCRAM says")
