package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestHealth_ofARunningService(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	must(t, "init", "--data", data)
	c, err := readConfig(data)
	if err != nil {
		t.Fatal(err)
	}
	certFile, _ := writeCertificate(t, dir)
	for name, cert := range map[string]string{"in clear": "", "with TLS": certFile} {
		c.TLSCert, c.TLSKey = cert, cert
		if err := c.write(data); err != nil {
			t.Fatal(err)
		}
		s := serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
		_, listens, _ := strings.Cut(s.address(), "://")
		if o := do(t, "", "health", "--data", data, "--listen", listens); o.status != 0 || !strings.Contains(o.stdout, "ready") {
			t.Errorf("%s: %+v", name, o)
		}
		s.stop(t)
		if o := do(t, "", "health", "--data", data, "--listen", listens); o.status != 1 || !strings.Contains(o.stderr, "cannot be reached") {
			t.Errorf("%s, stopped: %+v", name, o)
		}
	}
}

func TestHealth_ofAServiceThatIsNotReady(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "init", "--data", data)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("it asks %s", r.URL)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer s.Close()
	o := do(t, "", "health", "--data", data, "--listen", s.Listener.Addr().String())
	if o.status != 1 || !strings.Contains(o.stderr, "not ready: it answers 503") {
		t.Errorf("%+v", o)
	}
	if o := do(t, "", "health", "--data", filepath.Join(data, "none")); o.status != 1 || !strings.Contains(o.stderr, "no service") {
		t.Errorf("%+v", o)
	}
}

func TestReady_asksThisMachine(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8080":  "127.0.0.1:8080",
		":8080":           "127.0.0.1:8080",
		"0.0.0.0:8080":    "127.0.0.1:8080",
		"[::]:8080":       "[::1]:8080",
		"[::1]:8080":      "[::1]:8080",
		"192.0.2.1:443":   "192.0.2.1:443",
		"localhost:http":  "localhost:http",
		"plenary.int:443": "plenary.int:443",
	} {
		for scheme, encrypted := range map[string]bool{"http": false, "https": true} {
			if got, err := ready(listen, encrypted); err != nil || got != scheme+"://"+want+"/readyz" {
				t.Errorf("%s: %q, %v", listen, got, err)
			}
		}
	}
	if _, err := ready("8080", false); err == nil {
		t.Error("a port alone is an address")
	}
}
