package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
)

// CertificateError says why a certificate is not trusted; it is an ErrUntrusted.
type CertificateError struct {
	// Reason is unknown (nobody whom this machine trusts has issued it), time
	// (expired, or not valid yet, by this machine's clock), name (it is another
	// host's) or other.
	Reason string
	// Issuer is the name of whoever issued it, as the certificate says and so not
	// to be trusted: one line of at most 64 characters; may be empty.
	Issuer string
}

// Reasons of a CertificateError.
const (
	CertificateUnknown = "unknown"
	CertificateTime    = "time"
	CertificateName    = "name"
	CertificateOther   = "other"
)

func (e *CertificateError) Error() string { return ErrUntrusted.Error() + ": " + e.Reason }

// Unwrap makes errors.Is(err, ErrUntrusted) true.
func (e *CertificateError) Unwrap() error { return ErrUntrusted }

// certificateError returns what an error of a TLS handshake says about the
// certificate, nil if it is about something else.
func certificateError(err error) *CertificateError {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		host         x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	c := &CertificateError{Reason: CertificateOther}
	switch {
	case errors.As(err, &authority):
		c.Reason = CertificateUnknown
	case errors.As(err, &host):
		c.Reason = CertificateName
	case errors.As(err, &invalid):
		if invalid.Reason == x509.Expired { // or not valid yet
			c.Reason = CertificateTime
		}
	case !errors.As(err, &verification):
		return nil
	}
	if errors.As(err, &verification) && len(verification.UnverifiedCertificates) > 0 {
		c.Issuer = issuerName(verification.UnverifiedCertificates[0])
	}
	return c
}

// maxIssuer is how much of a name is shown, in characters.
const maxIssuer = 64

// issuerName is the issuer's common name, else the organization's. It comes from
// whoever answered, and is shown between quotation marks, so it has none.
func issuerName(c *x509.Certificate) string {
	name := c.Issuer.CommonName
	if name == "" {
		name = strings.Join(c.Issuer.Organization, ", ")
	}
	return oneLine(withoutQuotes.Replace(name), maxIssuer)
}

var withoutQuotes = strings.NewReplacer("“", "", "”", "", "«", "", "»", "")
