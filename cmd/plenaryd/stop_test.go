package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/service"
)

// stoppable is a server that serveUntil runs.
type stoppable struct {
	address string
	stop    context.CancelFunc
	turned  chan struct{} // closed when the service says that it is about to stop
	ended   chan error
	log     *lockedBuffer
}

func startStoppable(t *testing.T, drain, patience time.Duration, handler http.Handler) *stoppable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &stoppable{
		address: "http://" + listener.Addr().String(), stop: cancel,
		turned: make(chan struct{}), ended: make(chan error, 1), log: &lockedBuffer{},
	}
	server := service.NewServer(handler)
	t.Cleanup(func() { server.Close() })
	log := textLog(s.log)
	go func() {
		s.ended <- serveUntil(ctx, server, func() error { return server.Serve(listener) },
			stopping{turn: func() { close(s.turned) }, drain: drain, patience: patience}, log)
	}()
	return s
}

// get asks on a connection of its own.
func get(address string) (int, error) {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	a, err := client.Get(address)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	_, err = io.Copy(io.Discard, a.Body)
	return a.StatusCode, err
}

func TestServeUntil_takesNewConnectionsAfterItHasToldThatItStops(t *testing.T) {
	s := startStoppable(t, time.Hour, time.Second, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.stop()
	<-s.turned
	if status, err := get(s.address); status != http.StatusOK {
		t.Errorf("%d, %v", status, err)
	}
	select {
	case err := <-s.ended:
		t.Errorf("it has ended: %v", err)
	default:
	}
}

func TestServeUntil_finishesWhatIsUnderWay(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	s := startStoppable(t, 0, time.Minute, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-release
	}))
	answered := make(chan int, 1)
	go func() {
		status, _ := get(s.address)
		answered <- status
	}()
	<-arrived
	s.stop()
	for {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.address, "http://"))
		if err != nil {
			break // it does not listen any more
		}
		c.Close()
	}
	close(release)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the request under way: %d", status)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestServeUntil_cutsWhatTakesTooLong(t *testing.T) {
	arrived := make(chan struct{})
	s := startStoppable(t, 0, 10*time.Millisecond, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	cut := make(chan error, 1)
	go func() {
		_, err := get(s.address)
		cut <- err
	}()
	<-arrived
	s.stop()
	if err := <-s.ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if err := <-cut; err == nil {
		t.Error("the request was answered")
	}
	if !strings.Contains(s.log.String(), "were cut") {
		t.Errorf("the log does not say so:\n%s", s.log)
	}
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// textLog logs as text.
func textLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
