package withservice

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

// wire is a way to a service that counts what goes over it.
type wire struct {
	requests, bytes atomic.Int64
}

// counted lays a wire to the service at an address, and gives the wire's own.
func (w *wire) counted(t *testing.T, address string) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		w.requests.Add(1)
		request.Host = to.Host // the demonstration answers to its own name alone
		proxy.ServeHTTP(answer, request)
	}))
	server.Listener = countedListener{server.Listener, w}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

type countedListener struct {
	net.Listener
	wire *wire
}

func (l countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return countedConn{conn, l.wire}, err
}

type countedConn struct {
	net.Conn
	wire *wire
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.wire.bytes.Add(int64(n))
	return n, err
}

func (c countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.wire.bytes.Add(int64(n))
	return n, err
}

// What an idle program costs the network in an hour: at most 130 requests and 100 kB.
func TestSync_asksForLittleInAnIdleHour(t *testing.T) {
	t.Parallel()
	var w wire
	p := newPersonBy(t, func(address string) string { return w.counted(t, address) })
	p.signUp()
	p.logIn(true)
	round := func() {
		before := p.app.Sync.Status().Refreshed
		p.app.Sync.Now()
		wait(t, "a round", func() bool { return p.app.Sync.Status().Refreshed.After(before) })
	}
	round() // after which all is known
	round()
	requests, sent := w.requests.Load(), w.bytes.Load()
	const rounds = 10
	for range rounds {
		round()
	}
	requests, sent = w.requests.Load()-requests, w.bytes.Load()-sent
	const hour = 45 // rounds at most: TestSync_roundsOfAnIdleHour of package app
	t.Logf("%d rounds an hour, each %d requests and %d bytes: %d requests and %d kB", hour,
		requests/rounds, sent/rounds, hour*requests/rounds, hour*sent/rounds/1000)
	if hour*requests/rounds > 130 || hour*sent/rounds > 100_000 {
		t.Errorf("%d requests and %d bytes an hour", hour*requests/rounds, hour*sent/rounds)
	}
	if requests < rounds {
		t.Errorf("only %d requests in %d rounds", requests, rounds)
	}
}
