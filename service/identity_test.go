package service_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"plenary/api"
	"plenary/client"
	"plenary/rules"
	"plenary/service"
	"plenary/service/secret"
)

// The service proves that it is the same at its public address, and at no other: whoever
// stands between passes on what it is asked.
func TestProveService_atItsOwnAddressOnly(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		c := made(t, database)
		s, err := service.New(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer ended(t, s)
		info, err := s.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		key, err := base64.RawStdEncoding.DecodeString(info.Key)
		if err != nil {
			t.Fatal(err)
		}
		challenge := strings.Repeat("c", base64.RawURLEncoding.EncodedLen(32))
		for address, own := range map[string]bool{
			info.Address: true, strings.ToUpper(info.Address[:8]) + info.Address[8:]: true, info.Address + ":443": true,
			info.Address + "/": false, info.Address + ".evil.example": false, "https://evil.example": false, info.Address + ":8443": false,
			strings.Replace(info.Address, "https", "http", 1): false, info.Address + "?" + info.Address: false, "": false,
			strings.Replace(info.Address, "://", "://accounts.example.org@", 1): false,
		} {
			proof, err := s.ProveService(t.Context(), api.ProveService{Address: address, Challenge: challenge})
			if !own {
				if !api.HasCode(err, api.CodeInvalid) || proof.Signature != "" {
					t.Errorf("%s: %v", address, err)
				}
				continue
			}
			signature, e := base64.RawStdEncoding.DecodeString(proof.Signature)
			if err != nil || e != nil || !ed25519.Verify(key, rules.ServiceStatement(info.ServiceID, address, challenge), signature) {
				t.Errorf("%s: %v", address, err)
			}
			if ed25519.Verify(key, rules.ServiceStatement(info.ServiceID, "https://evil.example", challenge), signature) {
				t.Error("the signature is good for another address")
			}
		}
	})
}

// What the service proves is what the desktop's client takes for a proof, and what another
// one does is not.
func TestProveService_isTakenByTheClient(t *testing.T) {
	var answers atomic.Pointer[service.Service]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answers.Load().Handler().ServeHTTP(w, r) }))
	defer server.Close()
	start := func(address string) *service.Service {
		t.Helper()
		c := made(t, t.TempDir()+"/plenary.db")
		c.Key, c.Address = secret.Generate(), address
		s, err := service.New(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ended(t, s) })
		return s
	}
	own, other, elsewhere := start(server.URL), start(server.URL), start("https://accounts.example.org")
	c, err := client.New(server.URL, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	info, err := own.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name string
		s    *service.Service
		ok   bool
	}{{"its own", own, true}, {"of another service", other, false}, {"of one that is elsewhere", elsewhere, false}} {
		answers.Store(step.s)
		err := c.ProveService(t.Context(), info.ServiceID, info.Key)
		if step.ok != (err == nil) || !step.ok && !errors.Is(err, client.ErrUnproven) {
			t.Errorf("a proof %s: %v", step.name, err)
		}
	}
	answers.Store(own)
	if err := c.ProveService(t.Context(), info.ServiceID, ""); !errors.Is(err, client.ErrUnproven) {
		t.Errorf("without a key that is known: %v", err)
	}
}
