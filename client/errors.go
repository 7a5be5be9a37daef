package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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
	// this address, or it has expired.
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
	return fmt.Errorf("%s: %w: %w", operation, sentinelOf(err), err)
}

func sentinelOf(err error) error {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		host         x509.HostnameError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
		op           *net.OpError
		timeout      interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &verification), errors.As(err, &authority), errors.As(err, &host), errors.As(err, &invalid):
		return ErrUntrusted
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
