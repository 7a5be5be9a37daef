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
	"sync/atomic"
	"testing"
	"time"

	"plenary/e2e/program"
	"plenary/e2e/service"
)

// behind is the name of a service to which only a proxy knows the way.
const behind = "accounts.example.test"

// TestProxy reaches the service through a company's proxy, entered at the first
// start; another one in Settings leads nowhere, which is said, and the first one
// back.
func TestProxy(t *testing.T) {
	j := newJourney(t)
	person := service.Person{Identifier: "paul@example.org", Password: "Funicular-de-Cossonay-1897"}
	must(t, j.service.SignUp(j.mails, person, "Paul", "Favre"))
	r := newReport(t, filepath.Join(pictures(t), "proxy"))
	caFile, way := secured(t, j.service.Address)
	var through atomic.Int64
	proxy := connectProxy(t, way, &through)
	start := func(more ...string) func() error {
		return func() (err error) {
			j.plenary, err = program.Start(j.desk, "plenary", binary(t, "e2e/plenary"), append([]string{"--data", j.data}, more...)...)
			return err
		}
	}

	j.prefers(data{"language": "fr", "text-size": 200})
	r.step("no-proxy-there", all(
		start("--ca", caFile), j.resize(1024, 700), j.fill("firststart.address", "https://"+behind),
		j.reach("firststart.network"), j.click("firststart.network"), j.reach("firststart.proxy"), j.fill("firststart.proxy", "127.0.0.1:1"), j.press("Enter"),
		j.reach("firststart.address.field.error"), j.saysIn("fr", "firststart.address.field", "error.proxy", nil),
	), j.window)
	must(t, j.plenary.Close())
	j.prefers(data{"appearance": "dark"})
	r.step("no-address-of-a-proxy", all(
		start("--ca", caFile), j.fill("firststart.address", "https://"+behind), j.click("firststart.network"),
		j.fill("firststart.proxy", "http://paul:secret@"+proxy), j.press("Enter"), j.says("firststart.proxy.field", "error.proxy-password", nil),
	), j.window)
	r.step("reached", all(j.fill("firststart.proxy", proxy), j.press("Enter"), j.see("login.submit")), j.window)
	if through.Load() == 0 {
		t.Fatal("the service was not reached through the proxy")
	}
	r.step("entered-stands-in-settings", all(
		j.logsInAs(person), j.section("program"), j.reach("settings.proxy"), j.says("settings.proxy", "", nil, proxy),
	), j.window)
	r.step("another-leads-nowhere", all(
		j.fill("settings.proxy", "127.0.0.1:1"), j.reach("settings.proxy.save"), j.click("settings.proxy.save"),
		j.says("settings.program.bar", "settings.proxy.saved", nil), j.says("shell.bar", "error.proxy", nil),
	), j.window)
	must(t, j.plenary.Close())
	r.step("kept-for-the-next-start", all(start(), j.see("meetings.list"), j.says("shell.bar", "error.proxy", nil)), j.window)
	before := through.Load()
	r.step("and-back", all(
		j.resize(1100, 900), j.section("program"), j.reach("settings.proxy"), j.fill("settings.proxy", proxy), j.press("Enter"), j.gone("shell.bar"), j.says("status", "status.online", nil),
	), j.window)
	if through.Load() == before {
		t.Error("the service is not reached through the proxy again")
	}
	must(t, j.plenary.Close())
}

// connectProxy starts an HTTP proxy that leads from the service's name to where it
// is, and counts the connections; its address is without a scheme.
func connectProxy(t *testing.T, way string, through *atomic.Int64) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != behind+":443" {
			http.Error(w, "not allowed", http.StatusForbidden)
			return
		}
		there, err := net.Dial("tcp", way)
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
		through.Add(1)
		go func() {
			io.Copy(there, rest)
			there.Close()
		}()
		io.Copy(here, there)
		here.Close()
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// secured puts TLS in front of a service, with a certificate for the name behind;
// it gives the file of who issued it, and where it listens.
func secured(t *testing.T, address string) (caFile, way string) {
	t.Helper()
	target, err := url.Parse(address)
	must(t, err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	certificate := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example Authority"}, DNSNames: []string{behind},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, certificate, &key.PublicKey, key)
	must(t, err)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	front.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	front.StartTLS()
	t.Cleanup(front.Close)
	return caFile, front.Listener.Addr().String()
}
