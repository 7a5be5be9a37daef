package client

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// ErrAddress: what was typed is no address of a service. AddressError says why.
var ErrAddress = errors.New("not the address of a service")

// AddressError says what is wrong with an address.
type AddressError struct {
	// Reason is empty, invalid, insecure (http beyond this machine), scheme
	// (neither http nor https), or user (a name or password in it).
	Reason string
}

func (e *AddressError) Error() string { return ErrAddress.Error() + ": " + e.Reason }

// Unwrap makes errors.Is(err, ErrAddress) true.
func (e *AddressError) Unwrap() error { return ErrAddress }

// Reasons of an AddressError.
const (
	AddressEmpty    = "empty"
	AddressInvalid  = "invalid"
	AddressInsecure = "insecure"
	AddressScheme   = "scheme"
	AddressUser     = "user"
)

// ParseAddress turns what a person types or pastes (example.int,
// https://Example.int/some/page, localhost:8443) into the service's address:
// scheme, host, and port if it is not the usual one, without a slash at the
// end. Without a scheme it is https; http is allowed on this machine only.
// Paths, queries and fragments of pasted links are dropped: a service lives at
// the root of its host.
func ParseAddress(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	if s == "" {
		return "", &AddressError{AddressEmpty}
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return "", &AddressError{AddressInvalid} // the parse error repeats what was typed
	}
	if u.User != nil {
		return "", &AddressError{AddressUser}
	}
	host, err := normalHost(u.Hostname())
	if err != nil {
		return "", err
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", &AddressError{AddressInvalid}
		}
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !isLoopback(host) {
			return "", &AddressError{AddressInsecure}
		}
	default:
		return "", &AddressError{AddressScheme}
	}
	return u.Scheme + "://" + joinPort(u.Scheme, host, u.Port()), nil
}

func normalHost(host string) (string, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || ascii == "" {
		return "", &AddressError{AddressInvalid}
	}
	return ascii, nil
}

func joinPort(scheme, host, port string) string {
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, port)
}

// isLoopback says whether host is this machine. Names other than localhost are
// not asked for: who answers for them can change.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
