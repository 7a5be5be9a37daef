package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/service/store/storetest"
)

// balancer is a proxy in front of nodes; it sends nothing to one that says that it
// is not ready, which it asks again and again.
type balancer struct {
	*httptest.Server
	mu    sync.Mutex
	nodes []string
	ready map[string]bool
	next  int
}

func newBalancer(t *testing.T, nodes ...string) *balancer {
	b := &balancer{nodes: nodes, ready: map[string]bool{}}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		at, err := url.Parse(b.pick())
		if err == nil {
			r.SetURL(at)
		}
	}}
	b.Server = httptest.NewServer(proxy)
	t.Cleanup(b.Close)
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			b.look()
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
	return b
}

func (b *balancer) look() {
	b.mu.Lock()
	nodes := b.nodes
	b.mu.Unlock()
	for _, node := range nodes {
		status, err := get(node + "/readyz")
		b.mu.Lock()
		b.ready[node] = err == nil && status == http.StatusOK
		b.mu.Unlock()
	}
}

func (b *balancer) pick() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range b.nodes {
		b.next++
		if node := b.nodes[b.next%len(b.nodes)]; b.ready[node] {
			return node
		}
	}
	return "http://127.0.0.1:1" // nobody is
}

// replace puts a node in the place of another one, and waits until it is ready.
func (b *balancer) replace(t *testing.T, old, node string) {
	t.Helper()
	b.mu.Lock()
	nodes := []string{node}
	for _, n := range b.nodes {
		if n != old {
			nodes = append(nodes, n)
		}
	}
	b.nodes = nodes
	b.mu.Unlock()
	b.wait(t, node, true)
}

func (b *balancer) wait(t *testing.T, node string, ready bool) {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	deadline := time.After(20 * time.Second)
	for {
		b.mu.Lock()
		is := b.ready[node]
		b.mu.Unlock()
		if is == ready {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("%s: ready is still %v", node, is)
		}
	}
}

// Nodes are restarted one after the other while people work: no request is lost.
func TestServe_rollingRestartLosesNoRequestOnPostgres(t *testing.T) {
	database := storetest.PostgresDSN(t)
	data := filepath.Join(t.TempDir(), "data")
	must(t, "init", "--data", data, "--database", database)
	c, err := readConfig(data)
	if err != nil {
		t.Fatal(err)
	}
	drain := 1
	c.DrainSeconds = &drain
	if err := c.write(data); err != nil {
		t.Fatal(err)
	}
	start := func() *running { return serveCommand(t, "--data", data, "--listen", "127.0.0.1:0") }
	nodes := []*running{start(), start()}
	b := newBalancer(t, nodes[0].address(), nodes[1].address())
	for _, n := range nodes {
		b.wait(t, n.address(), true)
	}

	var answered atomic.Int64
	stop, clients := make(chan struct{}), sync.WaitGroup{}
	for range 4 {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				a, err := b.Client().Post(b.URL+"/v1/session/refresh", "application/json", strings.NewReader(`{"refresh":"nobody's"}`))
				if err != nil {
					t.Errorf("lost: %v", err)
					return
				}
				var problem struct{ Code string }
				err = json.NewDecoder(a.Body).Decode(&problem)
				a.Body.Close()
				if err != nil || problem.Code == "" {
					t.Errorf("lost: %d, %v", a.StatusCode, err)
					return
				}
				answered.Add(1)
			}
		})
	}
	for i, n := range nodes {
		n.stop(t)
		nodes[i] = start()
		b.replace(t, n.address(), nodes[i].address())
	}
	close(stop)
	clients.Wait()
	if n := answered.Load(); n < 100 {
		t.Errorf("only %d requests were answered meanwhile", n)
	}
}
