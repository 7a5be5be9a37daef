package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// What can go wrong between Plenary and the service, beside the *api.Problem
// that the service itself answers. Test for them with errors.Is.
var (
	// ErrUnreachable: no network, no such host, nobody listens there, or a
	// proxy before the service says that it is down.
	ErrUnreachable = errors.New("service cannot be reached")
	// ErrUntrusted: the certificate is not one that this machine trusts for
	// this address, or it has expired. A *CertificateError says more.
	ErrUntrusted = errors.New("certificate is not trusted")
	// ErrNotPlenary: somebody else answered, such as the log-in page of a
	// hotel's network, or another kind of server.
	ErrNotPlenary = errors.New("answer does not come from a Plenary service")
	// ErrBrokenAnswer: the answer was cut, is too large, or is not what was
	// agreed on.
	ErrBrokenAnswer = errors.New("answer is broken")
	// ErrTimeout: the service took longer than Options.Timeout or the context
	// allowed.
	ErrTimeout = errors.New("service took too long to answer")
	// ErrProxy: the proxy that leads to the service cannot be reached.
	ErrProxy = errors.New("proxy cannot be reached")
	// ErrProxyLogIn: the proxy wants a log-in, which Plenary does not do.
	ErrProxyLogIn = errors.New("proxy wants a log-in")
	// ErrProxyRefused: the proxy does not lead to the service.
	ErrProxyRefused = errors.New("proxy refuses to lead to the service")
	// ErrOtherService: another service answers at the address than the one that was met.
	ErrOtherService = errors.New("another service answers at this address")
	// ErrUnproven: the service says that it is one that is known from another address,
	// and does not prove it.
	ErrUnproven = errors.New("service does not prove that it is the same as before")
	// ErrAuthorities: Options.CAFile cannot be read, or holds no certificate.
	ErrAuthorities = errors.New("certificate authorities cannot be read")
)

// transportError turns what the HTTP client reports for an exchange that gave
// no complete answer into one of the errors above. A context that its owner
// canceled stays context.Canceled.
func transportError(ctx context.Context, operation string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%s: %w", operation, context.Canceled)
	}
	// The address is known to whoever asked; the cause is what is news.
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if c := certificateError(err); c != nil {
		return fmt.Errorf("%s: %w: %w", operation, c, err)
	}
	return fmt.Errorf("%s: %w: %w", operation, sentinelOf(err), err)
}

func sentinelOf(err error) error {
	var (
		record  tls.RecordHeaderError
		op      *net.OpError
		timeout interface{ Timeout() bool }
	)
	switch {
	case errors.Is(err, ErrProxyLogIn):
		return ErrProxyLogIn
	case errors.Is(err, ErrProxyRefused):
		return ErrProxyRefused
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return ErrProxy
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch), errors.Is(err, errRedirect):
		return ErrNotPlenary
	case errors.As(err, &op) && op.Op == "dial":
		return ErrUnreachable
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout
	default:
		return ErrUnreachable
	}
}
