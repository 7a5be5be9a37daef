package httpapi

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"strings"
)

// request is what the operations know of the HTTP request.
type request struct {
	reference string
	route     string // the pattern that matched, never the path
	address   netip.Addr
	bearer    string
}

type requestKey struct{}

// requestOf never returns nil.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// Reference gives the request's reference, under which it stands in the log.
func Reference(ctx context.Context) string { return requestOf(ctx).reference }

// Address gives the network address of the client, which counts for limits.
func Address(ctx context.Context) netip.Addr { return requestOf(ctx).address }

// newReference makes 50 random bits that can be read out on the telephone.
func newReference() string { return rand.Text()[:10] }

// peer is the address of the connection; the zero Addr where that is none.
func peer(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

// clientAddress is the address of the connection, or, where that is a proxy
// that the operator named as trusted, the last address in X-Forwarded-For that
// is not such a proxy's.
func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	addr := peer(r)
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(forwarded) - 1; i >= 0 && within(addr, trusted); i-- {
		next, ok := forwardedAddress(forwarded[i])
		if !ok {
			break
		}
		addr = next
	}
	return addr
}

// proxied tells whether a trusted proxy, which does TLS, has sent the request.
func proxied(r *http.Request, trusted []netip.Prefix) bool { return within(peer(r), trusted) }

// encrypted tells whether nobody on the way can have read the request: it came
// with TLS, from this machine, or through a trusted proxy. Of such a proxy it is
// taken for granted that people reach it with TLS, unless X-Forwarded-Proto, which
// counts from there only, says anything else.
func encrypted(r *http.Request, trusted []netip.Prefix) bool {
	if r.TLS != nil {
		return true
	}
	if !proxied(r, trusted) {
		return peer(r).IsLoopback()
	}
	for _, values := range r.Header.Values("X-Forwarded-Proto") {
		for scheme := range strings.SplitSeq(values, ",") {
			if !strings.EqualFold(strings.TrimSpace(scheme), "https") {
				return false
			}
		}
	}
	return true
}

// forwardedAddress reads one address of X-Forwarded-For; some proxies write the
// port behind it.
func forwardedAddress(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		ap, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		addr = ap.Addr()
	}
	return addr.Unmap().WithZone(""), true
}

func within(addr netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
