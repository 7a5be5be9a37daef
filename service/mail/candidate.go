package mail

import (
	"errors"
	"net"
	"strings"

	"golang.org/x/net/idna"

	"plenary/api"
	"plenary/rules"
)

// With makes the server of some settings, whether they work or not. An empty
// password means the stored one, if that was given for the same host, port,
// security and user. It refuses with api.CodeInvalid what cannot be.
func (s *Settings) With(in api.MailSettings) (*Server, error) {
	var wrong []api.FieldError
	bad := func(pointer, code string) { wrong = append(wrong, api.FieldError{Pointer: pointer, Code: code}) }
	server := &Server{
		Port: in.Port, Security: in.Security, User: strings.TrimSpace(in.User), Password: in.Password,
		TLSConfig: s.limits.TLSConfig, Timeout: s.limits.Timeout,
	}
	var err error
	if server.Host, err = parseHost(in.Host); err != nil {
		bad("/host", missingOrWrong(in.Host))
	}
	if in.Port < 1 || in.Port > 65535 {
		bad("/port", api.FieldOutOfRange)
	}
	switch {
	case in.Security != StartTLS && in.Security != TLS && in.Security != None, in.Security == None && !s.noneAllowed(server):
		bad("/security", api.FieldInvalid)
	case in.Security == None && server.User != "": // a password is not sent in clear
		bad("/user", api.FieldInvalid)
	}
	if controls(server.User) {
		bad("/user", api.FieldInvalid)
	}
	if controls(in.Password) {
		bad("/password", api.FieldInvalid)
	}
	if server.From, err = rules.ParseEmail(in.Sender); err != nil {
		bad("/sender", missingOrWrong(in.Sender))
	}
	if strings.TrimSpace(in.ReplyTo) != "" {
		if server.ReplyTo, err = rules.ParseEmail(in.ReplyTo); err != nil {
			bad("/reply_to", api.FieldInvalid)
		}
	}
	if now := s.current().server; in.Password == "" && now != nil && server.User != "" && samePlace(now, server) {
		server.Password = now.Password
	}
	if server.User != "" && server.Password == "" && len(wrong) == 0 {
		bad("/password", api.FieldRequired)
	}
	if len(wrong) > 0 {
		return nil, api.Invalid(wrong...)
	}
	s.restrict(server)
	return server, nil
}

func missingOrWrong(text string) string {
	if strings.TrimSpace(text) == "" {
		return api.FieldRequired
	}
	return api.FieldInvalid
}

// samePlace says that a password for the one may go to the other.
func samePlace(a, b *Server) bool {
	return strings.EqualFold(a.Host, b.Host) && a.Port == b.Port && a.Security == b.Security && a.User == b.User
}

func controls(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

var errHost = errors.New("mail: neither a host's name nor an address")

// parseHost checks a host's name or IP address and gives it in lower case ASCII.
func parseHost(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if ip := net.ParseIP(s); ip != nil {
		return ip.String(), nil
	}
	name, err := idna.Lookup.ToASCII(strings.TrimSuffix(s, "."))
	if err != nil || name == "" || len(name) > 253 || strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_')
	}) {
		return "", errHost
	}
	return name, nil
}
