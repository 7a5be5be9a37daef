package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/client"
)

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
	cert, caFile := issued(t, "Example CA", "plenary.example.org", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
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
	cert, caFile := issued(t, "Example CA", "plenary.example.org", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
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
