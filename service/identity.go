package service

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net/url"
	"strings"

	"plenary/api"
	"plenary/rules"
)

// publicKey is the one that Info has.
func (s *Service) publicKey() string {
	public, _ := s.config.Key.Identity().Public().(ed25519.PublicKey)
	return base64.RawStdEncoding.EncodeToString(public)
}

// ProveService signs that this is the service of its id, at its public address and no
// other: whoever stands between could ask for a signature of its own address.
//
// Error: api.CodeInvalid for another address.
func (s *Service) ProveService(_ context.Context, in api.ProveService) (api.ServiceProof, error) {
	if !sameAddress(in.Address, s.address()) {
		return api.ServiceProof{}, api.Invalid(api.FieldError{Pointer: "/address", Code: api.FieldUnknown})
	}
	signature := ed25519.Sign(s.config.Key.Identity(), rules.ServiceStatement(s.about().ServiceID, in.Address, in.Challenge))
	return api.ServiceProof{Signature: base64.RawStdEncoding.EncodeToString(signature)}, nil
}

// sameAddress tells whether two addresses are of the same host and port.
func sameAddress(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && x.Scheme == y.Scheme && strings.EqualFold(x.Hostname(), y.Hostname()) && port(x) == port(y) &&
		x.Path == y.Path && x.User == nil && x.RawQuery == "" && x.Fragment == ""
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}
