package client

import (
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
)

// relay stands between a client and a service. Frozen, it takes what comes on the
// connections that it has, and passes nothing on, as a network that is gone.
type relay struct {
	net.Listener
	to string

	mu     sync.Mutex
	frozen chan struct{} // closed when the present connections are frozen
	dialed int
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l, to: to, frozen: make(chan struct{})}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.serve(c)
		}
	}()
	return r
}

func (r *relay) serve(c net.Conn) {
	s, err := net.Dial("tcp", r.to)
	if err != nil {
		c.Close()
		return
	}
	r.mu.Lock()
	frozen := r.frozen
	r.dialed++
	r.mu.Unlock()
	for from, to := range map[net.Conn]net.Conn{c: s, s: c} {
		go func() {
			defer from.Close()
			b := make([]byte, 16<<10)
			for {
				n, err := from.Read(b)
				select {
				case <-frozen:
					if err == nil {
						continue
					}
				default:
					if _, e := to.Write(b[:n]); err == nil && e == nil {
						continue
					}
					to.Close()
				}
				return
			}
		}()
	}
}

// freeze freezes the connections that there are, and says how many were made so far.
func (r *relay) freeze() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.frozen)
	r.frozen = make(chan struct{})
	return r.dialed
}

// After sleep, or a change of network, a connection is dead, and nobody has said so: the
// next call notices, and asks again on another one, long before its own time is over.
func TestClient_noticesADeadConnection(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(api.HeaderTime, time.Now().UTC().Format(time.RFC3339Nano))
		w.Header().Set(api.HeaderReference, "ref-1")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"service_id":"6f1f5a5e-6d2c-4f57-9d7c-6d7a8a0b9c11","organization":"Org"}`)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newRelay(t, strings.TrimPrefix(s.URL, "https://"))
	// The timeout is one that the test does not come to: a call that is not noticed to hang
	// fails at its end.
	c, err := New("https://"+r.Addr().String(), Options{CAFile: authority, Timeout: time.Minute, RetryWait: time.Millisecond, silence: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseIdle()
	for range 2 {
		if _, err := c.Service(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	made := r.freeze()
	if _, err := c.Service(t.Context()); err != nil {
		t.Errorf("after the network was gone for a moment: %v", err)
	}
	if again := r.freeze(); again == made {
		t.Error("no other connection was made")
	}
}
