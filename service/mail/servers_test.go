package mail

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"plenary/service/mail/mailtest"
)

// listening gives where a server of a case listens.
type listening func(t *testing.T) (host string, port int)

func smtpServer(m mailtest.Manners) listening {
	return func(t *testing.T) (string, int) {
		s := mailtest.Start(t, m)
		return s.Host, s.Port
	}
}

func raw(serve func(net.Conn)) listening {
	return func(t *testing.T) (string, int) { return mailtest.Raw(t, serve) }
}

func refuse(code int) func(string) error {
	return func(string) error { return mailtest.Refuse(code) }
}

func secured(how string) func(*Server) { return func(s *Server) { s.Security = how } }

func as(how, password string) func(*Server) {
	return func(s *Server) { s.Security, s.User, s.Password = how, "plenary", password }
}

func logIn(tls bool, mechanism string) mailtest.Manners {
	return mailtest.Manners{TLS: tls, StartTLS: !tls, User: "plenary", Password: "s3cret", Mechanisms: []string{mechanism}}
}

func identity(tls bool, of string) listening {
	return smtpServer(mailtest.Manners{TLS: tls, StartTLS: !tls, Identity: of})
}

// dead is a port at which nobody listens any more.
func dead(t *testing.T) (string, int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a := l.Addr().(*net.TCPAddr)
	return a.IP.String(), a.Port
}

func web(t *testing.T) (string, int) {
	return mailtest.Raw(t, func(conn net.Conn) {
		server := http.Server{ReadHeaderTimeout: time.Minute}
		l := &oneConn{conn: conn, done: make(chan struct{})}
		server.ConnState = func(_ net.Conn, s http.ConnState) {
			if s == http.StateClosed {
				close(l.done)
			}
		}
		_ = server.Serve(l) // ends when the connection is closed
	})
}

// oneConn is a listener of one connection.
type oneConn struct {
	conn net.Conn
	done chan struct{}
	gave bool
}

func (l *oneConn) Accept() (net.Conn, error) {
	if !l.gave {
		l.gave = true
		return l.conn, nil
	}
	<-l.done
	return nil, io.EOF
}
func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return l.conn.LocalAddr() }

// drips sends one letter at a time and never comes to the end.
func drips(conn net.Conn) {
	defer conn.Close()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if _, err := conn.Write([]byte("2")); err != nil {
			return
		}
	}
}

// floods greets without an end.
func floods(conn net.Conn) {
	defer conn.Close()
	for line := []byte("220-" + strings.Repeat("x", 1000) + "\r\n"); ; {
		if _, err := conn.Write(line); err != nil {
			return
		}
	}
}

// script says one line and then one for each line that it gets, and is silent
// from then on.
func script(lines ...string) func(net.Conn) {
	return func(conn net.Conn) {
		defer conn.Close()
		play(conn, lines)
		_, _ = io.Copy(io.Discard, conn) // until the other side has gone
	}
}

func play(conn net.Conn, lines []string) {
	heard := make([]byte, 1)
	for i, line := range lines {
		for i > 0 && heard[0] != '\n' {
			if _, err := conn.Read(heard); err != nil {
				return
			}
		}
		heard[0] = 0
		if _, err := io.WriteString(conn, line+"\r\n"); err != nil {
			return
		}
	}
}

// closing closes where another one would be silent.
func closing(serve func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) { serve(deaf{conn}) }
}

// deaf has heard nothing more once it was to listen to everything.
type deaf struct{ net.Conn }

// WriteTo is what io.Copy calls.
func (deaf) WriteTo(io.Writer) (int64, error) { return 0, nil }
