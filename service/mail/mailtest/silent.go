package mailtest

import (
	"bytes"
	"io"
	"net"

	"plenary/api"
)

// quietly waits until the test ends if this is the step at which the server says
// nothing more.
func (s *Server) quietly(step string) {
	if s.now().Silent == step {
		<-s.ended
	}
}

// quietListener makes connections that can fall silent below SMTP.
type quietListener struct {
	net.Listener
	server *Server
}

func (l *quietListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &quietConn{c, l.server}, nil
}

// quietConn is silent instead of the greeting, or after the client's first step to TLS.
type quietConn struct {
	net.Conn
	server *Server
}

func (c *quietConn) Write(b []byte) (int, error) {
	if c.server.now().Silent == api.MailStepGreeting {
		return c.silent()
	}
	return c.Conn.Write(b)
}

// handshake is the first byte of a record of TLS that begins a handshake (RFC 8446, 5.1).
const handshake = 22

func (c *quietConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.server.now().Silent == api.MailStepEncryption && (b[0] == handshake || bytes.HasPrefix(b[:n], []byte("STARTTLS"))) {
		return c.silent()
	}
	return n, err
}

// silent takes what comes and says nothing, until the client has gone.
func (c *quietConn) silent() (int, error) {
	_, _ = io.Copy(io.Discard, c.Conn)
	return 0, io.EOF
}
