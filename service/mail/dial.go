package mail

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/textproto"
	"slices"
	"syscall"
	"time"
)

// errAddress means that a mail server's name leads where no mail server may be.
var errAddress = errors.New("mail: address is not allowed")

// metadata are addresses at which clouds hand out secrets.
var metadata = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"),
	netip.MustParseAddr("168.63.129.16"), netip.MustParseAddr("192.0.0.192"),
}

// embedding are the IPv6 networks whose addresses lead to an IPv4 address that
// they hold, from this byte on: NAT64 (RFC 6052), 6to4 (RFC 3056), and the old
// IPv4-compatible ones.
var embedding = map[netip.Prefix]int{
	netip.MustParsePrefix("64:ff9b::/96"): 12, netip.MustParsePrefix("2002::/16"): 2, netip.MustParsePrefix("::/96"): 12,
}

// embedded gives the IPv4 address that an IPv6 address leads to, or the address
// itself.
func embedded(ip netip.Addr) netip.Addr {
	for network, at := range embedding {
		if b := ip.As16(); ip.Is6() && network.Contains(ip) && !ip.IsLoopback() {
			return netip.AddrFrom4([4]byte(b[at : at+4]))
		}
	}
	return ip
}

// noMailServer says that an address can be none whatever the operator allows.
func noMailServer(ip netip.Addr) bool {
	return ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || slices.Contains(metadata, ip)
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
	if inner := embedded(ip); noMailServer(ip) || noMailServer(inner) || inner != ip && inner.IsLoopback() {
		return errAddress
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
func (s *Server) dial(ctx context.Context, addresses []netip.Addr) (*boundConn, error) {
	addresses = addresses[:min(len(addresses), tried)]
	first := error(errAddress)
	for i, a := range addresses {
		conn, err := s.dialOne(ctx, a, len(addresses)-i)
		if err == nil {
			return bound(ctx, conn, s.Security != TLS)
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

// mostSaid is how many bytes a mail server may say about one e-mail.
const mostSaid = 1 << 20

// errNotSMTP means that a server says what no mail server says: something that
// does not begin with a number, or more than there is to say.
var errNotSMTP = errors.New("mail: the server does not speak SMTP")

// boundConn is a connection that is bound to a context at a time: a server that
// answers a letter a minute holds nobody up for longer.
type boundConn struct {
	net.Conn
	clear  bool // the greeting comes without encryption, and is still to come
	left   int  // bytes that the server may still say
	failed error
	unbind func() bool
}

func bound(ctx context.Context, conn net.Conn, clear bool) (*boundConn, error) {
	c := &boundConn{Conn: conn, clear: clear}
	if err := c.bind(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

// bind makes what happens end with ctx, until release.
func (c *boundConn) bind(ctx context.Context) error {
	c.left = mostSaid
	until, _ := ctx.Deadline()
	if err := c.SetDeadline(until); err != nil {
		return err
	}
	past := time.Unix(1, 0)
	c.unbind = context.AfterFunc(ctx, func() { _ = c.SetDeadline(past) }) // fails on a closed one only
	return nil
}

func (c *boundConn) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, errNotSMTP
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	if c.clear && n > 0 {
		if c.clear = false; b[0] < '0' || b[0] > '9' {
			return 0, errNotSMTP
		}
	}
	c.left -= n
	if err != nil && c.failed == nil {
		c.failed = err
	}
	return n, err
}

// why says why a line that a server did not finish makes no sense.
func (c *boundConn) why(err error) error {
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok && c != nil && c.failed != nil {
		return c.failed
	}
	return err
}

// release is false if the connection has ended with its context. It must be called
// before that ends, if the connection is to go on.
func (c *boundConn) release() bool { return c.unbind() }

func (c *boundConn) Close() error {
	c.unbind()
	return c.Conn.Close()
}
