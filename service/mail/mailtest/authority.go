package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"
)

// Certificates that a server can show.
const (
	Good       = ""            // for 127.0.0.1, by the authority that Trust knows
	Expired    = "expired"     // yesterday
	OtherName  = "other-name"  // for another host
	Stranger   = "stranger"    // by an authority that nobody knows
	SelfSigned = "self-signed" // by itself
)

// authority signs the certificates of a test's servers.
type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

var (
	known   = sync.OnceValues(newAuthority)
	unknown = sync.OnceValues(newAuthority)
)

// Trust is a configuration that knows the authority of the good certificates.
func Trust(t *testing.T) *tls.Config {
	t.Helper()
	a, err := known()
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return &tls.Config{RootCAs: pool}
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &authority{key: key, certificate: certificate}, err
}

// Certificate is one of those that a server can show.
func Certificate(t *testing.T, identity string) tls.Certificate {
	t.Helper()
	from := known
	if identity == Stranger {
		from = unknown
	}
	signer, err := from()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "mail.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	parent, by := signer.certificate, signer.key
	switch identity {
	case Expired:
		template.NotAfter = time.Now().Add(-24 * time.Hour)
	case OtherName:
		template.IPAddresses, template.DNSNames = nil, []string{"other.example.int"}
	case SelfSigned:
		parent, by = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
