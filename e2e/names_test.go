//go:build e2e

package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// names are names of services as there are none in the real network: a company's proxy
// knows the way, and TLS stands in front of the services, which are on this machine.
type names struct {
	proxy   string // its address, without a scheme
	caFile  string // of who has issued the certificate of all names
	through atomic.Int64

	mu   sync.Mutex
	ways map[string]string // to the service of a name, which is not there without one
}

func newNames(t *testing.T, hosts ...string) *names {
	t.Helper()
	n := &names{ways: map[string]string{}}
	front := n.secured(t, hosts)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.connect(w, r, front)
	}))
	t.Cleanup(proxy.Close)
	n.proxy = strings.TrimPrefix(proxy.URL, "http://")
	return n
}

// lead makes a name that of the service at an address; of none with "".
func (n *names) lead(host, address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ways[host] = address
}

func (n *names) way(host string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ways[host]
}

// connect is what the proxy does: it leads to front, and counts the connections.
func (n *names) connect(w http.ResponseWriter, r *http.Request, front string) {
	host, port, err := net.SplitHostPort(r.Host)
	if r.Method != http.MethodConnect || err != nil || port != "443" {
		http.Error(w, "not allowed", http.StatusForbidden)
		return
	}
	n.mu.Lock()
	_, known := n.ways[host]
	n.mu.Unlock()
	if !known {
		http.Error(w, "not allowed", http.StatusForbidden)
		return
	}
	there, err := net.Dial("tcp", front)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	here, rest, err := http.NewResponseController(w).Hijack()
	if err != nil {
		there.Close()
		return
	}
	n.through.Add(1)
	go func() {
		io.Copy(there, rest)
		there.Close()
	}()
	io.Copy(here, there)
	here.Close()
}

// secured puts TLS in front of the services, and gives where it listens.
func (n *names) secured(t *testing.T, hosts []string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	certificate := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example Authority"}, DNSNames: hosts,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, certificate, &key.PublicKey, key)
	must(t, err)
	n.caFile = filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(n.caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			target, err := url.Parse(n.way(r.In.Host))
			if err == nil {
				r.SetURL(target)
			}
		},
		// Nobody answers where a service has gone.
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	})
	front.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	front.StartTLS()
	t.Cleanup(front.Close)
	return front.Listener.Addr().String()
}
