package mail

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// errAddress means that a mail server's name leads where no mail server may be.
var errAddress = errors.New("mail: address is not allowed")

// metadata are addresses at which clouds hand out secrets.
var metadata = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"),
}

// allowed judges the address that is about to be dialled. It is the hook of the
// only dialler, so that a name that changes its address between the look-up and
// the connection gains nothing.
func (s *Server) allowed(_, address string, _ syscall.RawConn) error {
	host, err := netip.ParseAddrPort(address)
	if err != nil {
		return errAddress
	}
	ip := host.Addr().Unmap().WithZone("")
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return errAddress
	}
	for _, m := range metadata {
		if ip == m {
			return errAddress
		}
	}
	if ip.IsLoopback() && s.Loopback {
		return nil
	}
	for _, n := range s.Networks {
		if n.Contains(ip) {
			return nil
		}
	}
	if ip.IsLoopback() || len(s.Networks) > 0 {
		return errAddress
	}
	return nil
}

// tried is how many addresses of a name are tried.
const tried = 4

// dial connects to the first address that answers; each gets its share of the
// time that is left. What happens on the connection ends with ctx, and with what
// a mail server may say.
func (s *Server) dial(ctx context.Context, addresses []netip.Addr) (net.Conn, error) {
	addresses = addresses[:min(len(addresses), tried)]
	first := error(errAddress)
	for i, a := range addresses {
		conn, err := s.dialOne(ctx, a, len(addresses)-i)
		if err == nil {
			return bound(ctx, conn)
		}
		if i == 0 {
			first = err
		}
	}
	return nil, first
}

func (s *Server) dialOne(ctx context.Context, a netip.Addr, left int) (net.Conn, error) {
	if until, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(until)/time.Duration(left))
		defer cancel()
	}
	dialer := net.Dialer{Control: s.allowed}
	return dialer.DialContext(ctx, "tcp", netip.AddrPortFrom(a, uint16(s.Port)).String())
}

// mostSaid is how many bytes a mail server may say in one conversation.
const mostSaid = 1 << 20

// errTalks means that a server has said more than any mail server does.
var errTalks = errors.New("mail: the server does not stop talking")

// boundConn is a connection that ends with a context: a server that answers a
// letter a minute holds nobody up for longer.
type boundConn struct {
	net.Conn
	left   int
	unbind func() bool
}

func bound(ctx context.Context, conn net.Conn) (net.Conn, error) {
	until, _ := ctx.Deadline()
	if err := conn.SetDeadline(until); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	past := time.Unix(1, 0)
	unbind := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(past) }) // fails on a closed one only
	return &boundConn{Conn: conn, left: mostSaid, unbind: unbind}, nil
}

func (c *boundConn) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTalks
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

func (c *boundConn) Close() error {
	c.unbind()
	return c.Conn.Close()
}
