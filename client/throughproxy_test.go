package client_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/client"
)

// issued is a server's certificate for a name of which nobody knows where it
// leads but the proxy, with its key and the file of its issuer.
func issued(t *testing.T, issuer string, from, until time.Time) (cert tls.Certificate, caFile string) {
	t.Helper()
	keys := [2]*ecdsa.PrivateKey{}
	for i := range keys {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys[i] = key
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: issuer}, NotBefore: time.Now().AddDate(-1, 0, 0),
		NotAfter: time.Now().AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "x"}, NotBefore: from, NotAfter: until,
		DNSNames: []string{"plenary.example.org"},
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &keys[0].PublicKey, keys[0])
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, &keys[1].PublicKey, keys[0])
	if err != nil {
		t.Fatal(err)
	}
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: keys[1]}, caFile
}

// serveAs is a service with a certificate.
func serveAs(t *testing.T, cert tls.Certificate) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(info))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// startProxy is a proxy that leads everybody to one server, or answers CONNECT
// with a status.
func startProxy(t *testing.T, to string, status int) (u *url.URL, asked *atomic.Int32) {
	t.Helper()
	asked = &atomic.Int32{}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Method != http.MethodConnect || !strings.HasSuffix(r.Host, ".example.org:443") {
			t.Errorf("asked for %s %s", r.Method, r.Host)
		}
		if status != http.StatusOK {
			if status == http.StatusProxyAuthRequired {
				w.Header().Add("Proxy-Authenticate", "Negotiate")
				w.Header().Add("Proxy-Authenticate", "NTLM")
			}
			http.Error(w, "<html>no</html>", status)
			return
		}
		there, err := net.Dial("tcp", to)
		if err != nil {
			t.Error(err)
			return
		}
		defer there.Close()
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer here.Close()
		io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		go io.Copy(there, here)
		io.Copy(here, there)
	})
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u, asked
}

func through(u *url.URL) func(context.Context, *url.URL) (*url.URL, error) {
	return func(context.Context, *url.URL) (*url.URL, error) { return u, nil }
}

func TestProxy(t *testing.T) {
	cert, caFile := issued(t, "Example CA", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	service := serveAs(t, cert)
	tests := map[string]struct {
		status int // of the proxy; 0: nobody listens there
		want   error
		lost   bool
	}{
		"leads to the service":  {http.StatusOK, nil, false},
		"wants a log-in":        {http.StatusProxyAuthRequired, client.ErrProxyLogIn, false},
		"does not reach it":     {http.StatusBadGateway, client.ErrUnreachable, true},
		"does not allow it":     {http.StatusForbidden, client.ErrProxyRefused, true},
		"does not know CONNECT": {http.StatusMethodNotAllowed, client.ErrProxyRefused, true},
		"cannot be reached":     {0, client.ErrProxy, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			u, asked := startProxy(t, service.Listener.Addr().String(), tt.status)
			if tt.status == 0 {
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				u.Host = l.Addr().String()
				l.Close()
			}
			var lost atomic.Int32
			c := newClient(t, "https://plenary.example.org", client.Options{CAFile: caFile, Proxy: through(u), Lost: func() { lost.Add(1) }})
			_, err := c.Service(t.Context())
			if !errors.Is(err, tt.want) || (lost.Load() > 0) != tt.lost || tt.status != 0 && asked.Load() == 0 {
				t.Errorf("got %v; lost %d times, proxy asked %d times", err, lost.Load(), asked.Load())
			}
		})
	}
}

// TestProxy_anotherOneIsFoundWithinACall: the laptop has left the network with
// the proxy.
func TestProxy_anotherOneIsFoundWithinACall(t *testing.T) {
	cert, caFile := issued(t, "Example CA", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	good, _ := startProxy(t, serveAs(t, cert).Listener.Addr().String(), http.StatusOK)
	var moved atomic.Bool
	find := func(context.Context, *url.URL) (*url.URL, error) {
		if moved.Load() {
			return good, nil
		}
		return &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, nil
	}
	c := newClient(t, "https://plenary.example.org", client.Options{CAFile: caFile, Proxy: find, Lost: func() { moved.Store(true) }})
	if _, err := c.Service(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestProxy_neverStandsBeforeThisMachine(t *testing.T) {
	s := serve(t, info)
	c := newClient(t, s.URL, client.Options{Proxy: func(_ context.Context, u *url.URL) (*url.URL, error) {
		t.Errorf("asked for a proxy to %s", u)
		return nil, nil
	}})
	if _, err := c.Service(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestCertificate_saysWhatIsWrongWithItAndWhoIssuedIt(t *testing.T) {
	now := time.Now()
	long := "A name that is as long as somebody who wants to fill the window with words of their own would make it"
	tests := map[string]struct {
		issuer      string
		from, until time.Time
		host        string
		trusted     bool
		want        client.CertificateError
	}{
		"inspected by a proxy": {"Example Web Gateway", now.Add(-time.Hour), now.Add(time.Hour), "plenary.example.org", false, client.CertificateError{Reason: client.CertificateUnknown, Issuer: "Example Web Gateway"}},
		"expired":              {"CA", now.Add(-2 * time.Hour), now.Add(-time.Hour), "plenary.example.org", true, client.CertificateError{Reason: client.CertificateTime, Issuer: "CA"}},
		"not valid yet":        {"CA", now.Add(time.Hour), now.Add(2 * time.Hour), "plenary.example.org", true, client.CertificateError{Reason: client.CertificateTime, Issuer: "CA"}},
		"another host's":       {"CA", now.Add(-time.Hour), now.Add(time.Hour), "other.example.org", true, client.CertificateError{Reason: client.CertificateName, Issuer: "CA"}},
		"a name with marks":    {"Good\n\u202eCA” all is well", now.Add(-time.Hour), now.Add(time.Hour), "plenary.example.org", false, client.CertificateError{Reason: client.CertificateUnknown, Issuer: "GoodCA all is well"}},
		"a long name":          {long, now.Add(-time.Hour), now.Add(time.Hour), "plenary.example.org", false, client.CertificateError{Reason: client.CertificateUnknown, Issuer: long[:63] + "…"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cert, caFile := issued(t, tt.issuer, tt.from, tt.until)
			if !tt.trusted {
				caFile = ""
			}
			address := serveAs(t, cert).Listener.Addr().String()
			u, _ := startProxy(t, address, http.StatusOK)
			_, err := newClient(t, "https://"+tt.host, client.Options{CAFile: caFile, Proxy: through(u)}).Service(t.Context())
			var got *client.CertificateError
			if !errors.As(err, &got) || !errors.Is(err, client.ErrUntrusted) || *got != tt.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
