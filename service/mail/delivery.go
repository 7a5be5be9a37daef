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

// delivery is one conversation with a mail server, step by step: e-mails and
// EMail Test go the same way. Its context must have a deadline, by which run
// returns whatever the server does.
type delivery struct {
	server *Server
	to     string
	write  func(io.Writer) error // the message; nil: the conversation ends once the server would take it

	addresses []netip.Addr
	conn      *boundConn
	client    *smtp.Client
}

// step is one of the steps that api.MailStep names.
type step struct {
	name string
	skip bool
	do   func(context.Context) error
}

func (d *delivery) steps() []step {
	return []step{
		{api.MailStepName, false, d.resolve},
		{api.MailStepConnection, false, d.connect},
		{api.MailStepEncryption, d.server.Security == None, d.encrypt},
		{api.MailStepLogIn, d.server.User == "", d.logIn},
		{api.MailStepSender, false, d.sender},
		{api.MailStepRecipient, false, d.recipient},
		{api.MailStepMessage, d.write == nil, d.message},
	}
}

// run goes from step to step until one fails; seen gets what became of each.
// The error is a *sendError.
func (d *delivery) run(ctx context.Context, seen func(api.MailStep)) error {
	defer d.close()
	var failed *sendError
	for _, s := range d.steps() {
		result := api.MailStep{Step: s.name}
		switch {
		case failed != nil:
			result.State = api.MailStepNotReached
		case s.skip:
			result.State = api.MailStepSkipped
		default:
			start := time.Now()
			err := s.do(ctx)
			failed = diagnose(s.name, d.conn.why(err))
			result.State, result.Millis = api.MailStepOK, time.Since(start).Milliseconds()
			if failed != nil {
				result.State, result.Problem, result.Code = api.MailStepFailed, failed.problem, failed.code
			}
		}
		seen(result)
	}
	if failed != nil {
		return failed
	}
	d.quit()
	return nil
}

func (d *delivery) resolve(ctx context.Context) (err error) {
	if ip, err := netip.ParseAddr(d.server.Host); err == nil {
		d.addresses = []netip.Addr{ip}
		return nil
	}
	d.addresses, err = net.DefaultResolver.LookupNetIP(ctx, "ip", d.server.Host)
	return err
}

// connect includes the server's greeting where that is not encrypted.
func (d *delivery) connect(ctx context.Context) (err error) {
	if d.conn, err = d.server.dial(ctx, d.addresses); err != nil || d.server.Security == TLS {
		return err
	}
	return d.greet(d.conn)
}

func (d *delivery) greet(conn net.Conn) (err error) {
	if d.client, err = smtp.NewClient(conn, d.server.Host); err != nil {
		return err
	}
	name, err := os.Hostname()
	if err != nil || name == "" {
		name = "localhost"
	}
	return d.client.Hello(name)
}

// errNoStartTLS and errNoLogIn mean that the server does not offer what the
// settings ask for.
var (
	errNoStartTLS = errors.New("mail: the server offers no STARTTLS")
	errNoLogIn    = errors.New("mail: the server offers no way to log in")
)

func (d *delivery) encrypt(ctx context.Context) error {
	if d.server.Security == TLS {
		secured := tls.Client(d.conn, d.server.tlsConfig())
		if err := secured.HandshakeContext(ctx); err != nil {
			return err
		}
		return d.greet(secured)
	}
	if offered, _ := d.client.Extension("STARTTLS"); !offered {
		return errNoStartTLS
	}
	return d.client.StartTLS(d.server.tlsConfig())
}

// logIn takes the strongest way that the server offers.
func (d *delivery) logIn(context.Context) error {
	s := d.server
	_, offer := d.client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(offer))
	switch {
	case slices.Contains(offered, "SCRAM-SHA-256"):
		return d.client.Auth(smtp.ScramSHA256Auth(s.User, s.Password))
	case slices.Contains(offered, "PLAIN"):
		return d.client.Auth(smtp.PlainAuth("", s.User, s.Password, s.Host, false))
	case slices.Contains(offered, "LOGIN"):
		return d.client.Auth(smtp.LoginAuth(s.User, s.Password, s.Host, false))
	}
	return errNoLogIn
}

// errLetters means that an address has letters that this server cannot take
// (RFC 6531).
var errLetters = errors.New("mail: the server takes no such letters in addresses")

func (d *delivery) sender(context.Context) error {
	d.client.SkipSMTPUTF8(ascii(d.server.From) && ascii(d.to))
	if err := d.takes(d.server.From); err != nil {
		return err
	}
	return d.client.Mail("<" + d.server.From + ">")
}

func (d *delivery) recipient(context.Context) error {
	if err := d.takes(d.to); err != nil {
		return err
	}
	return d.client.Rcpt("<" + d.to + ">")
}

func (d *delivery) takes(address string) error {
	if offered, _ := d.client.Extension("SMTPUTF8"); !offered && !ascii(address) {
		return errLetters
	}
	return nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

func (d *delivery) message(context.Context) error {
	w, err := d.client.Data()
	if err != nil {
		return err
	}
	// After an error the connection is closed without the last dot: the server
	// does not take half an e-mail.
	if err := d.write(w); err != nil {
		return err
	}
	return w.Close()
}

// farewell is how long the server may take to say good-bye.
const farewell = time.Second

// quit is a courtesy: what the server took, it has.
func (d *delivery) quit() {
	if d.conn.SetDeadline(time.Now().Add(farewell)) == nil {
		_ = d.client.Quit()
	}
}

// close closes what is below TLS, whose own farewell would wait.
func (d *delivery) close() {
	if d.conn != nil {
		_ = d.conn.Close()
	}
}
