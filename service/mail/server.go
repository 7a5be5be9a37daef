package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Ways to secure the connection to a mail server.
const (
	StartTLS = "starttls" // must be offered by the server
	TLS      = "tls"      // from the first byte on
	None     = "none"     // for a relay on the same machine, or in the demonstration
)

// Server is the organization's mail server.
type Server struct {
	Host     string
	Port     int
	Security string // one of the constants
	User     string // empty means without log-in
	Password string
	From     string // address of the sender
	// Loopback allows a server on this machine. Everywhere else, loopback,
	// link-local and metadata addresses are refused when they are dialled, not
	// when the name is read (security.md, EMail Test).
	Loopback bool
	// RootCAs is nil but in tests, and means those of the system.
	TLSConfig *tls.Config
	// Timeout is for one e-mail from the dial to the server's last word.
	// Zero means one minute.
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
	case !strings.Contains(s.From, "@"):
		return errors.New("mail: the sender's address is missing")
	}
	return nil
}

func (s *Server) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return time.Minute
}

// errAddress means that a mail server's name leads where no mail server may be.
var errAddress = errors.New("mail: address is not allowed")

// metadata are addresses at which clouds hand out secrets.
var metadata = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"),
}

// allowed judges the address that is about to be dialled.
func (s *Server) allowed(_, address string, _ syscall.RawConn) error {
	host, err := netip.ParseAddrPort(address)
	if err != nil {
		return errAddress
	}
	ip := host.Addr().Unmap().WithZone("")
	if ip.IsLoopback() && s.Loopback {
		return nil
	}
	if ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return errAddress
	}
	for _, m := range metadata {
		if ip == m {
			return errAddress
		}
	}
	return nil
}

// dial connects, and bounds all that happens on the connection by one deadline.
func (s *Server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Control: s.allowed}
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	until, _ := ctx.Deadline()
	bounded := &boundedConn{Conn: conn, until: until}
	if s.Security != TLS {
		return bounded, bounded.SetDeadline(until)
	}
	secured := tls.Client(bounded, s.tlsConfig())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secured, nil
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

// boundedConn is a connection whose deadline can be brought forward, not put
// off: a server that answers a letter a minute holds nobody up for long.
type boundedConn struct {
	net.Conn
	until time.Time
}

func (c *boundedConn) bound(t time.Time) time.Time {
	if t.IsZero() || (!c.until.IsZero() && t.After(c.until)) {
		return c.until
	}
	return t
}

func (c *boundedConn) SetDeadline(t time.Time) error     { return c.Conn.SetDeadline(c.bound(t)) }
func (c *boundedConn) SetReadDeadline(t time.Time) error { return c.Conn.SetReadDeadline(c.bound(t)) }

func (c *boundedConn) SetWriteDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(c.bound(t)) }

// send hands one e-mail over. It returns nil only once the server has taken it.
func (s *Server) send(ctx context.Context, id string, organization string, r Rendered) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout())
	defer cancel()
	msg, err := s.compose(id, organization, r)
	if err != nil {
		return &sendError{stage: "compose", permanent: true, err: err}
	}
	policy := gomail.NoTLS
	if s.Security == StartTLS {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(s.timeout()), gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(s.tlsConfig()), gomail.WithoutNoop(), gomail.WithoutRset(),
		gomail.WithDialContextFunc(func(dialing context.Context, network, address string) (net.Conn, error) {
			return s.dial(ctx, network, address) // ctx, for its deadline is that of the whole e-mail
		}),
	}
	if s.User != "" {
		options = append(options, gomail.WithUsername(s.User), gomail.WithPassword(s.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return &sendError{stage: "settings", err: err}
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return newSendError("connect", err)
	}
	err = client.SendWithSMTPClient(connection, msg)
	// What happens after the server has taken the e-mail does not undo that.
	quit := connection.Quit
	if err != nil {
		quit = connection.Close
	}
	_ = quit()
	if msg.IsDelivered() {
		return nil
	}
	return newSendError("deliver", err)
}

// sendError says at which stage it failed, and whether trying again is useless.
// Its text holds no addresses and nothing that the server said.
type sendError struct {
	stage     string
	code      int // of SMTP; 0 means none
	permanent bool
	err       error
}

func newSendError(stage string, err error) error {
	e := &sendError{stage: stage, err: err}
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		e.code = refused.ErrorCode()
		e.permanent = e.code >= 500 && e.code <= 599
	}
	return e
}

func (e *sendError) Error() string {
	text := "mail: " + e.stage
	switch {
	case e.code != 0:
		text += ": the server answered " + strconv.Itoa(e.code)
	case errors.Is(e.err, errAddress):
		text += ": address is not allowed"
	case isTimeout(e.err):
		text += ": no answer in time"
	default:
		text += ": failed"
	}
	return text
}

func isTimeout(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
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
