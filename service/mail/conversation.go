package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"plenary/api"
)

// conversation is a connection to a mail server: e-mails and EMail Test go the same
// way. open leads up to the log-in, deliver hands over one e-mail after another.
// Their contexts must have a deadline, by which they return whatever the server does.
type conversation struct {
	server *Server

	addresses []netip.Addr
	shown     *api.MailCertificate // that the server has shown
	conn      *boundConn
	secured   *tls.Conn // over conn, where TLS begins with the connection
	client    *smtp.Client
	opened    time.Time
	handed    int  // e-mails that the server was asked to take
	halfway   bool // it has refused one, and may still hold its sender
	broken    bool // nothing more can be said
}

// letter is what is handed over.
type letter struct {
	to    string
	write func(io.Writer) error // the message; nil: it ends once the server would take it
}

// step is one of the steps that api.MailStep names.
type step struct {
	name string
	skip bool
	do   func(context.Context) error
}

func (c *conversation) opening() []step {
	greeting := step{api.MailStepGreeting, false, c.greet}
	encryption := step{api.MailStepEncryption, c.server.Security == None, c.encrypt}
	first, then := greeting, encryption
	if c.server.Security == TLS {
		first, then = encryption, greeting
	}
	return []step{
		{api.MailStepName, false, c.resolve},
		{api.MailStepConnection, false, c.connect},
		first, then,
		{api.MailStepLogIn, c.server.User == "", c.logIn},
	}
}

func (c *conversation) handing(l letter) []step {
	return []step{
		{api.MailStepSender, false, func(context.Context) error { return c.sender(l.to) }},
		{api.MailStepRecipient, false, func(context.Context) error { return c.recipient(l.to) }},
		{api.MailStepMessage, l.write == nil, func(context.Context) error { return c.message(l.write) }},
	}
}

// open connects and logs in; seen gets each step as it begins (api.MailStepRunning)
// and what became of it. The error is a *sendError.
func (c *conversation) open(ctx context.Context, seen func(api.MailStep)) *sendError {
	c.opened = time.Now()
	return c.run(ctx, c.opening(), seen)
}

// deliver hands one e-mail over, as open.
func (c *conversation) deliver(ctx context.Context, l letter, seen func(api.MailStep)) *sendError {
	c.handed++
	failed := c.run(ctx, c.handing(l), seen)
	c.halfway = failed != nil
	return failed
}

// run goes from step to step until one fails.
func (c *conversation) run(ctx context.Context, steps []step, seen func(api.MailStep)) (failed *sendError) {
	if c.conn != nil {
		if err := c.conn.bind(ctx); err != nil {
			return diagnose(steps[0].name, err)
		}
	}
	for _, s := range steps {
		result := api.MailStep{Step: s.name}
		switch {
		case failed != nil:
			result.State = api.MailStepNotReached
		case s.skip:
			result.State = api.MailStepSkipped
		default:
			seen(api.MailStep{Step: s.name, State: api.MailStepRunning})
			start := time.Now()
			err := s.do(ctx)
			failed = diagnose(s.name, c.conn.why(err))
			result.State, result.Millis = api.MailStepOK, time.Since(start).Milliseconds()
			if failed != nil {
				result.State, result.Problem = api.MailStepFailed, failed.problem
				result.Code, result.Enhanced = failed.code, failed.enhanced
			}
			if s.name == api.MailStepEncryption {
				result.Certificate = c.shown
			}
		}
		seen(result)
	}
	if c.conn != nil && !c.conn.release() || failed != nil && !failed.answered() {
		c.broken = true
	}
	return failed
}

func (c *conversation) resolve(ctx context.Context) (err error) {
	if ip, err := netip.ParseAddr(c.server.Host); err == nil {
		c.addresses = []netip.Addr{ip}
		return nil
	}
	c.addresses, err = net.DefaultResolver.LookupNetIP(ctx, "ip", c.server.Host)
	return err
}

func (c *conversation) connect(ctx context.Context) (err error) {
	c.conn, err = c.server.dial(ctx, c.addresses)
	return err
}

// greet reads the server's greeting and says hello.
func (c *conversation) greet(context.Context) (err error) {
	var conn net.Conn = c.conn
	if c.secured != nil {
		conn = c.secured
	}
	if c.client, err = smtp.NewClient(conn, c.server.Host); err != nil {
		return err
	}
	name, err := os.Hostname()
	if err != nil || name == "" {
		name = "localhost"
	}
	return c.client.Hello(name)
}

// errNoStartTLS and errNoLogIn mean that the server does not offer what the
// settings ask for.
var (
	errNoStartTLS = errors.New("mail: the server offers no STARTTLS")
	errNoLogIn    = errors.New("mail: the server offers no way to log in")
)

func (c *conversation) encrypt(ctx context.Context) (err error) {
	defer func() { c.shown = c.certificate(err) }()
	if c.server.Security == TLS {
		c.secured = tls.Client(c.conn, c.server.tlsConfig())
		return c.secured.HandshakeContext(ctx)
	}
	if offered, _ := c.client.Extension("STARTTLS"); !offered {
		return errNoStartTLS
	}
	return c.client.StartTLS(c.server.tlsConfig())
}

// logIn takes the strongest way that the server offers.
func (c *conversation) logIn(context.Context) error {
	s, offered := c.server, c.mechanisms()
	switch {
	case slices.Contains(offered, "SCRAM-SHA-256"):
		return c.client.Auth(smtp.ScramSHA256Auth(s.User, s.Password))
	case slices.Contains(offered, "PLAIN"):
		return c.client.Auth(smtp.PlainAuth("", s.User, s.Password, s.Host, false))
	case slices.Contains(offered, "LOGIN"):
		return c.client.Auth(smtp.LoginAuth(s.User, s.Password, s.Host, false))
	}
	return errNoLogIn
}

// mechanisms are the ways to log in that the server offers, in the form of RFC 4954
// ("AUTH PLAIN LOGIN") or in that of before ("AUTH=PLAIN LOGIN"), whose first way is
// part of the extension's name.
func (c *conversation) mechanisms() []string {
	_, offer := c.client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(offer))
	for _, first := range []string{"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "GSSAPI", "XOAUTH2", "OAUTHBEARER"} {
		if old, others := c.client.Extension("AUTH=" + first); old {
			offered = append(append(offered, first), strings.Fields(strings.ToUpper(others))...)
		}
	}
	return offered
}

// errLetters means that an address has letters that this server cannot take
// (RFC 6531).
var errLetters = errors.New("mail: the server takes no such letters in addresses")

func (c *conversation) sender(to string) error {
	if c.halfway {
		if err := c.client.Reset(); err != nil {
			return err
		}
	}
	c.client.SkipSMTPUTF8(ascii(c.server.From) && ascii(to))
	if err := c.takes(c.server.From); err != nil {
		return err
	}
	return c.client.Mail("<" + c.server.From + ">")
}

func (c *conversation) recipient(to string) error {
	if err := c.takes(to); err != nil {
		return err
	}
	return c.client.Rcpt("<" + to + ">")
}

func (c *conversation) takes(address string) error {
	if offered, _ := c.client.Extension("SMTPUTF8"); !offered && !ascii(address) {
		return errLetters
	}
	return nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

func (c *conversation) message(write func(io.Writer) error) error {
	w, err := c.client.Data()
	if err != nil {
		return err
	}
	// After an error the connection is closed without the last dot: the server
	// does not take half an e-mail.
	if err := write(w); err != nil {
		return err
	}
	return w.Close()
}

// Limits of a conversation: servers end those that go on for long.
const (
	mostHanded = 100
	longest    = 5 * time.Minute
)

// worn says that it is time to end it.
func (c *conversation) worn() bool { return c.handed >= mostHanded || time.Since(c.opened) > longest }

// farewell is how long the server may take to say good-bye.
const farewell = time.Second

// end says good-bye, which is a courtesy (what the server took, it has), and closes
// what is below TLS, whose own farewell would wait. It may be called on one that was
// not opened, or not to the end.
func (c *conversation) end() {
	if c.conn == nil {
		return
	}
	if !c.broken && c.client != nil && c.conn.SetDeadline(time.Now().Add(farewell)) == nil {
		_ = c.client.Quit()
	}
	_ = c.conn.Close()
}
