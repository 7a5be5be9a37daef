// Package slow is a reverse proxy that delays a service's answers: a fake for
// a network that is slow, so that tests can see that the window is not.
package slow

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"
)

// FakeSlowNetwork passes every request on, and its answer back after a delay.
type FakeSlowNetwork struct {
	server   *http.Server
	listener net.Listener
	delay    atomic.Int64
	waiting  atomic.Int64
}

// Start puts a slow network in front of a service's address. It is quick until
// SetDelay.
func Start(address string) (*FakeSlowNetwork, error) {
	target, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &FakeSlowNetwork{listener: listener}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	f.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.waiting.Add(1)
		defer f.waiting.Add(-1)
		if !wait(r.Context(), time.Duration(f.delay.Load())) {
			return // the program did not want to wait so long
		}
		proxy.ServeHTTP(w, r)
	})}
	go f.server.Serve(listener) // until Close; its error then only says so
	return f, nil
}

func wait(ctx context.Context, delay time.Duration) bool {
	if delay == 0 {
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Address is where the slow service is to be found.
func (f *FakeSlowNetwork) Address() string { return "http://" + f.listener.Addr().String() }

// SetDelay sets how long the answers to requests from now on take.
func (f *FakeSlowNetwork) SetDelay(d time.Duration) { f.delay.Store(int64(d)) }

// Waiting is how many requests have no answer yet.
func (f *FakeSlowNetwork) Waiting() int { return int(f.waiting.Load()) }

// Close ends it.
func (f *FakeSlowNetwork) Close() error { return f.server.Close() }
