package client_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"plenary/client"
)

// issued is a server's certificate for a host, with its key and the file of the
// authority that has issued it.
func issued(t *testing.T, issuer, host string, from, until time.Time) (cert tls.Certificate, caFile string) {
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
	}
	if ip := net.ParseIP(host); ip != nil {
		leaf.IPAddresses = []net.IP{ip}
	} else {
		leaf.DNSNames = []string{host}
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

func TestTLS_trustsOnlyWhatIsSignedForThisAddressAndValid(t *testing.T) {
	now := time.Now()
	tests := map[string]struct {
		until   time.Time
		host    string
		trusted bool
		want    error
	}{
		"private CA given":     {now.Add(time.Hour), "127.0.0.1", true, nil},
		"private CA not given": {now.Add(time.Hour), "127.0.0.1", false, client.ErrUntrusted},
		"expired":              {now.Add(-time.Hour), "127.0.0.1", true, client.ErrUntrusted},
		"for another host":     {now.Add(time.Hour), "10.1.2.3", true, client.ErrUntrusted},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cert, caFile := issued(t, "Example CA", tt.host, tt.until.Add(-24*time.Hour), tt.until)
			if !tt.trusted {
				caFile = ""
			}
			_, err := newClient(t, serveAs(t, cert).URL, client.Options{CAFile: caFile}).Service(t.Context())
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
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
			cert, caFile := issued(t, tt.issuer, "plenary.example.org", tt.from, tt.until)
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
