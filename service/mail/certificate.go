package mail

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"

	"plenary/api"
	"plenary/rules"
)

// Limits of what is told of a certificate, which anybody may have written.
const (
	mostNames   = 3
	longestName = 100 // runes of a name
)

// certificate is the one that the server has shown in a handshake that ended with
// err, or nil.
func (c *conversation) certificate(err error) *api.MailCertificate {
	if refused, ok := errors.AsType[*tls.CertificateVerificationError](err); ok && len(refused.UnverifiedCertificates) > 0 {
		return describe(refused.UnverifiedCertificates[0])
	}
	if err != nil {
		return nil
	}
	var state tls.ConnectionState
	if c.secured != nil {
		state = c.secured.ConnectionState()
	} else if of, ok := c.client.TLSConnectionState(); ok {
		state = of
	}
	if len(state.PeerCertificates) == 0 {
		return nil
	}
	return describe(state.PeerCertificates[0])
}

// describe says what people look for in a certificate.
func describe(c *x509.Certificate) *api.MailCertificate {
	out := &api.MailCertificate{Names: []string{}, Issuer: short(c.Issuer.CommonName), Until: c.NotAfter.UTC()}
	if out.Issuer == "" && len(c.Issuer.Organization) > 0 {
		out.Issuer = short(c.Issuer.Organization[0])
	}
	names := slices.Clip(c.DNSNames) // the certificate is shared by connections
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = []string{c.Subject.CommonName}
	}
	for _, name := range names[:min(len(names), mostNames)] {
		out.Names = append(out.Names, short(name))
	}
	return out
}

// short is a text of somebody else in one line that is not long.
func short(s string) string {
	runes := []rune(rules.Visible(s))
	return string(runes[:min(len(runes), longestName)])
}
