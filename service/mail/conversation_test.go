package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/mail/mailtest"
)

// deliveries are the mail servers of the world, and what an EMail Test says of
// each: the step that fails, why, and the server's code. What sending makes of
// them is the same but for what is permanent.
var deliveries = []struct {
	name      string
	at        listening
	set       func(*Server)
	step      string // that fails; empty: none
	problem   string
	code      int
	enhanced  string
	permanent bool
}{
	{name: "plain", at: smtpServer(mailtest.Manners{})},
	{name: "starttls", at: smtpServer(mailtest.Manners{StartTLS: true}), set: func(s *Server) { s.Security = StartTLS }},
	{name: "tls", at: smtpServer(mailtest.Manners{TLS: true}), set: func(s *Server) { s.Security = TLS }},
	{name: "starttls with any log-in", at: smtpServer(mailtest.Manners{StartTLS: true, User: "plenary", Password: "s3cret"}), set: as(StartTLS, "s3cret")},
	{name: "starttls with PLAIN", at: smtpServer(logIn(false, "PLAIN")), set: as(StartTLS, "s3cret")},
	{name: "starttls with LOGIN", at: smtpServer(logIn(false, "LOGIN")), set: as(StartTLS, "s3cret")},
	{name: "tls with PLAIN", at: smtpServer(logIn(true, "PLAIN")), set: as(TLS, "s3cret")},
	{name: "tls with LOGIN", at: smtpServer(logIn(true, "LOGIN")), set: as(TLS, "s3cret")},
	{name: "tls with SCRAM", at: smtpServer(logIn(true, "SCRAM-SHA-256")), set: as(TLS, "s3cret")},

	{
		name: "no such name", at: func(*testing.T) (string, int) { return strings.Repeat("x", 64) + ".invalid", 25 },
		step: api.MailStepName, problem: api.MailProblemNoSuchName,
	},
	{
		name: "this machine", at: smtpServer(mailtest.Manners{}), set: func(s *Server) { s.Loopback = false },
		step: api.MailStepConnection, problem: api.MailProblemForbidden,
	},
	{
		name: "this machine by its name", at: smtpServer(mailtest.Manners{}), set: func(s *Server) { s.Host, s.Loopback = "localhost", false },
		step: api.MailStepConnection, problem: api.MailProblemForbidden,
	},
	{
		name: "outside of the operator's networks", at: smtpServer(mailtest.Manners{}),
		set: func(s *Server) {
			s.Host, s.Loopback, s.Networks = "192.0.2.1", false, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		},
		step: api.MailStepConnection, problem: api.MailProblemForbidden,
	},
	{name: "nobody listens", at: dead, step: api.MailStepConnection, problem: api.MailProblemRefused},
	{name: "closes at once", at: raw(func(c net.Conn) { c.Close() }), step: api.MailStepGreeting, problem: api.MailProblemConnectionLost},
	{name: "silent", at: raw(mailtest.Says("")), step: api.MailStepGreeting, problem: api.MailProblemTimeout},
	{name: "a letter at a time", at: raw(drips), step: api.MailStepGreeting, problem: api.MailProblemTimeout},
	{name: "never stops", at: raw(floods), step: api.MailStepGreeting, problem: api.MailProblemNotSMTP},
	{name: "SSH", at: raw(mailtest.Says("SSH-2.0-OpenSSH_9.9\r\n")), step: api.MailStepGreeting, problem: api.MailProblemNotSMTP},
	{name: "POP3", at: raw(mailtest.Says("+OK ready\r\n")), step: api.MailStepGreeting, problem: api.MailProblemNotSMTP},
	{name: "HTTP", at: web, step: api.MailStepGreeting, problem: api.MailProblemTimeout}, // each waits for the other
	{name: "greets with a refusal", at: raw(mailtest.Says("554 go away\r\n")), step: api.MailStepGreeting, problem: api.MailProblemRefusedBy, code: 554},

	{
		name: "no STARTTLS", at: smtpServer(mailtest.Manners{}), set: func(s *Server) { s.Security = StartTLS },
		step: api.MailStepEncryption, problem: api.MailProblemNoSTARTTLS,
	},
	{
		name: "refuses STARTTLS", at: raw(script("220 hello", "250-hello\r\n250 STARTTLS", "454 not now")), set: func(s *Server) { s.Security = StartTLS },
		step: api.MailStepEncryption, problem: api.MailProblemRefusedBy, code: 454,
	},
	{
		name: "TLS where STARTTLS is", at: smtpServer(mailtest.Manners{StartTLS: true}), set: func(s *Server) { s.Security = TLS },
		step: api.MailStepEncryption, problem: api.MailProblemEncryption,
	},
	{
		name: "STARTTLS where TLS is", at: smtpServer(mailtest.Manners{TLS: true}), set: func(s *Server) { s.Security = StartTLS },
		step: api.MailStepGreeting, problem: api.MailProblemTimeout,
	},
	{name: "expired, tls", at: identity(true, mailtest.Expired), set: secured(TLS), step: api.MailStepEncryption, problem: api.MailProblemExpired},
	{name: "expired", at: identity(false, mailtest.Expired), set: secured(StartTLS), step: api.MailStepEncryption, problem: api.MailProblemExpired},
	{name: "another name, tls", at: identity(true, mailtest.OtherName), set: secured(TLS), step: api.MailStepEncryption, problem: api.MailProblemCertificate},
	{name: "another name", at: identity(false, mailtest.OtherName), set: secured(StartTLS), step: api.MailStepEncryption, problem: api.MailProblemCertificate},
	{name: "unknown authority, tls", at: identity(true, mailtest.Stranger), set: secured(TLS), step: api.MailStepEncryption, problem: api.MailProblemCertificate},
	{name: "unknown authority", at: identity(false, mailtest.Stranger), set: secured(StartTLS), step: api.MailStepEncryption, problem: api.MailProblemCertificate},
	{name: "self-signed", at: identity(false, mailtest.SelfSigned), set: secured(StartTLS), step: api.MailStepEncryption, problem: api.MailProblemCertificate},
	{
		name: "silent in the handshake", at: raw(script("220 hello", "250-hello\r\n250 STARTTLS", "220 go ahead")), set: secured(StartTLS),
		step: api.MailStepEncryption, problem: api.MailProblemTimeout,
	},

	{
		name: "offers no log-in", at: smtpServer(mailtest.Manners{StartTLS: true}), set: as(StartTLS, "s3cret"),
		step: api.MailStepLogIn, problem: api.MailProblemNoLogIn,
	},
	{
		name: "offers strange log-ins", at: smtpServer(logIn(false, "X-FINGERPRINT")), set: as(StartTLS, "s3cret"),
		step: api.MailStepLogIn, problem: api.MailProblemNoLogIn,
	},
	{name: "wrong password, PLAIN", at: smtpServer(logIn(true, "PLAIN")), set: as(TLS, "wrong"), step: api.MailStepLogIn, problem: api.MailProblemPassword, code: 535, enhanced: "5.7.8"},
	{name: "wrong password, LOGIN", at: smtpServer(logIn(true, "LOGIN")), set: as(TLS, "wrong"), step: api.MailStepLogIn, problem: api.MailProblemPassword, code: 535, enhanced: "5.7.8"},
	{name: "wrong password, SCRAM", at: smtpServer(logIn(true, "SCRAM-SHA-256")), set: as(TLS, "wrong"), step: api.MailStepLogIn, problem: api.MailProblemPassword, code: 535, enhanced: "5.7.8"},
	{
		name: "wants a log-in that the settings do not have", at: smtpServer(logIn(true, "PLAIN")), set: secured(TLS),
		step: api.MailStepSender, problem: api.MailProblemRefusedBy, code: 502, enhanced: "5.7.0",
	},

	{name: "refuses the sender", at: smtpServer(mailtest.Manners{OnSender: refuse(553)}), step: api.MailStepSender, problem: api.MailProblemRefusedBy, code: 553},
	{
		name: "takes no letters in the sender", at: smtpServer(mailtest.Manners{NoLetters: true}), set: func(s *Server) { s.From = "büro@example.int" },
		step: api.MailStepSender, problem: api.MailProblemLetters,
	},
	{
		name: "refuses the recipient", at: smtpServer(mailtest.Manners{OnRecipient: refuse(550)}),
		step: api.MailStepRecipient, problem: api.MailProblemRefusedBy, code: 550, permanent: true,
	},
	{name: "refuses the recipient for now", at: smtpServer(mailtest.Manners{OnRecipient: refuse(450)}), step: api.MailStepRecipient, problem: api.MailProblemRefusedBy, code: 450},
	{
		name: "refuses the message", at: smtpServer(mailtest.Manners{OnData: func() error { return mailtest.Refuse(554) }}),
		step: api.MailStepMessage, problem: api.MailProblemRefusedBy, code: 554, permanent: true,
	},
	{
		name: "hangs in DATA", at: raw(script("220 hello", "250 hello", "250 ok", "250 ok", "354 go on")),
		step: api.MailStepMessage, problem: api.MailProblemTimeout,
	},
	{
		name: "closes in DATA", at: raw(closing(script("220 hello", "250 hello", "250 ok", "250 ok", "354 go on"))),
		step: api.MailStepMessage, problem: api.MailProblemConnectionLost,
	},
}

func allSteps(server *Server) []step {
	c := &conversation{server: server}
	return append(c.opening(), c.handing(letter{write: func(io.Writer) error { return nil }})...)
}

// send hands one e-mail over, in a conversation of its own.
func send(ctx context.Context, server *Server, id, organization string, r Rendered) error {
	l, failed := server.letter(id, organization, r)
	if failed != nil {
		return failed
	}
	ctx, cancel := context.WithTimeout(ctx, server.timeout())
	defer cancel()
	c := &conversation{server: server}
	defer c.end()
	if failed := c.open(ctx, unseen); failed != nil {
		return failed
	}
	if failed := c.deliver(ctx, l, unseen); failed != nil {
		return failed
	}
	return nil
}

func TestTrial_saysWhatIsWrongAtWhichStep(t *testing.T) {
	for _, tc := range deliveries {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := serverOf(tc.at(t))
			server.TLSConfig, server.Timeout = mailtest.Trust(t), plenty
			if tc.problem == api.MailProblemTimeout {
				server.Timeout = patience
			}
			if tc.set != nil {
				tc.set(server)
			}
			start := time.Now()
			got, failed := trial(t.Context(), server, info, api.Account{Email: "ana@example.org", Language: "en"}, true, func([]api.MailStep) {})
			if took := time.Since(start); took > server.Timeout+farewell+2*time.Second {
				t.Errorf("took %s", took)
			}
			if got.OK != (tc.step == "") || got.Recipient != "ana@example.org" {
				t.Errorf("ok %v: %+v", got.OK, got)
			}
			if strings.Contains(fmt.Sprintf("%+v %+v", got.Steps, failed.details()), "SERVER-TEXT") {
				t.Errorf("the server's text is told: %+v %+v", got, failed.details())
			}
			want := make([]api.MailStep, 0, 8)
			state := api.MailStepOK
			for _, s := range allSteps(server) {
				step := api.MailStep{Step: s.name, State: state}
				switch {
				case s.name == tc.step:
					step.State, step.Problem, step.Code, step.Enhanced = api.MailStepFailed, tc.problem, tc.code, tc.enhanced
					state = api.MailStepNotReached
				case s.skip && state == api.MailStepOK:
					step.State = api.MailStepSkipped
				}
				want = append(want, step)
			}
			for i := range got.Steps {
				got.Steps[i].Millis, got.Steps[i].Certificate = 0, nil
			}
			if !reflect.DeepEqual(got.Steps, want) {
				t.Errorf("steps\n got %+v\nwant %+v", got.Steps, want)
			}
		})
	}
}

// How long the tests give servers that never answer, and all others.
const (
	patience = 1500 * time.Millisecond
	plenty   = 10 * time.Second
)

func TestSend_meetsTheServersOfTheWorld(t *testing.T) {
	for _, tc := range deliveries {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := serverOf(tc.at(t))
			server.TLSConfig, server.Timeout = mailtest.Trust(t), plenty
			if tc.problem == api.MailProblemTimeout {
				server.Timeout = patience
			}
			if tc.set != nil {
				tc.set(server)
			}
			start := time.Now()
			err := send(t.Context(), server, "id", "Example", message)
			if took := time.Since(start); took > server.Timeout+farewell+2*time.Second {
				t.Errorf("took %s", took)
			}
			if tc.step == "" {
				if err != nil {
					t.Errorf("not sent: %v", err)
				}
				return
			}
			failed, ok := errors.AsType[*sendError](err)
			if !ok || failed.step != tc.step || failed.problem != tc.problem || failed.code != tc.code || failed.permanent != tc.permanent {
				t.Errorf("error %#v", err)
			}
			if text := fmt.Sprint(err); strings.Contains(text, "SERVER-TEXT") || strings.Contains(text, "@") {
				t.Errorf("the error says too much: %s", text)
			}
		})
	}
}

func TestSend_goesThroughTLSAsTheUser(t *testing.T) {
	for _, tls := range []bool{true, false} {
		server := mailtest.Start(t, logIn(tls, "PLAIN"))
		s := serverOf(server.Host, server.Port)
		s.TLSConfig = mailtest.Trust(t)
		as(map[bool]string{true: TLS, false: StartTLS}[tls], "s3cret")(s)
		if err := send(t.Context(), s, "id", "Example", message); err != nil {
			t.Fatal(err)
		}
		if got := server.Inbox(); len(got) != 1 || !got[0].Secure || got[0].User != "plenary" || got[0].To != message.To || got[0].From != s.From {
			t.Errorf("arrived: %+v", got)
		}
	}
}

func TestSend_neverInClearWhenTLSIsAskedFor(t *testing.T) {
	server := newMailServer(t)
	for _, security := range []string{StartTLS, TLS} {
		s := serverOf(server.Host, server.Port)
		s.Security, s.Timeout = security, patience
		if err := send(t.Context(), s, "id", "Example", message); err == nil {
			t.Errorf("%s: sent in clear", security)
		}
	}
	if n := len(server.Inbox()); n != 0 {
		t.Errorf("%d e-mails in clear", n)
	}
}

func TestSend_endsWithItsContext(t *testing.T) {
	connected := make(chan struct{})
	host, port := mailtest.Raw(t, func(conn net.Conn) {
		close(connected)
		mailtest.Says("")(conn)
	})
	s := serverOf(host, port)
	s.Timeout = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-connected
		cancel()
	}()
	if err := send(ctx, s, "id", "Example", message); err == nil {
		t.Error("sent")
	}
}

// An old form of offering log-in.
func TestLogIn_offeredInTheOldForm(t *testing.T) {
	for _, offer := range []string{"250 AUTH=LOGIN PLAIN", "250 AUTH=PLAIN", "250-AUTH=LOGIN\r\n250 AUTH PLAIN"} {
		heard := make(chan string, 1)
		host, port := mailtest.Raw(t, func(conn net.Conn) {
			defer conn.Close()
			secured := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{mailtest.Certificate(t, mailtest.Good)}})
			play(secured, []string{"220 hello", "250-hello\r\n" + offer})
			line, _ := bufio.NewReader(secured).ReadString('\n') // with nothing read, the test fails below
			heard <- line
		})
		s := serverOf(host, port)
		s.TLSConfig = mailtest.Trust(t)
		as(TLS, "s3cret")(s)
		if err := send(t.Context(), s, "id", "Example", message); err == nil {
			t.Error("sent")
		}
		if got := <-heard; !strings.HasPrefix(got, "AUTH PLAIN ") {
			t.Errorf("%q: the server heard %q", offer, got)
		}
	}
}

func TestTrial_withoutMessageSendsNothing(t *testing.T) {
	server := newMailServer(t)
	got, failed := trial(t.Context(), serverOf(server.Host, server.Port), info, api.Account{Email: "ana@example.org"}, false, func([]api.MailStep) {})
	if last := got.Steps[len(got.Steps)-1]; !got.OK || failed != nil || last.Step != api.MailStepMessage || last.State != api.MailStepSkipped {
		t.Errorf("%+v %v", got, failed)
	}
	if n := len(server.Inbox()); n != 0 {
		t.Errorf("%d e-mails arrived", n)
	}
}

func TestParseStored_isTheInverse(t *testing.T) {
	for _, e := range []sendError{
		{step: api.MailStepRecipient, problem: api.MailProblemRefusedBy, code: 550},
		{step: api.MailStepLogIn, problem: api.MailProblemNotAllowed, code: 535, enhanced: "5.7.139"},
		{step: api.MailStepConnection, problem: api.MailProblemTimeout},
		{problem: api.MailProblemUnreadable},
	} {
		if got := parseStored(e.stored()); got != e {
			t.Errorf("%q: %+v", e.stored(), got)
		}
	}
	if got := parseStored(""); got != (sendError{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// What a server, or somebody in between, says in clear behind its answer to
// STARTTLS is not taken for what it says under TLS (CVE-2011-0411 and its kin).
func TestSend_believesNothingFromBeforeTLS(t *testing.T) {
	heard := make(chan string, 1)
	host, port := mailtest.Raw(t, func(conn net.Conn) {
		defer conn.Close()
		play(conn, []string{"220 hello", "250-hello\r\n250 STARTTLS", "220 go ahead\r\n250-hello\r\n250 AUTH PLAIN"})
		secured := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{mailtest.Certificate(t, mailtest.Good)}})
		lines := bufio.NewReader(secured)
		greeting, _ := lines.ReadString('\n') // with nothing read, the test fails below
		_, _ = io.WriteString(secured, "250 hello, without any log-in\r\n")
		rest, _ := io.ReadAll(lines) // until the other side has had enough
		heard <- greeting + string(rest)
	})
	s := serverOf(host, port)
	s.TLSConfig = mailtest.Trust(t)
	as(StartTLS, "s3cret")(s)
	err := send(t.Context(), s, "id", "Example", message)
	if failed, ok := errors.AsType[*sendError](err); !ok || failed.step != api.MailStepLogIn || failed.problem != api.MailProblemNoLogIn {
		t.Errorf("error %v", err)
	}
	if got := <-heard; !strings.HasPrefix(got, "EHLO ") || strings.Contains(got, "AUTH") {
		t.Errorf("the server heard %q", got)
	}
}
