package demo

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"plenary/platform/files"
	"plenary/service"
)

// listener is the demonstration's loopback port, which can be closed and opened
// again. The port is kept in a file, so that links in older e-mails still lead
// there after the next start.
type listener struct {
	host string
	port string

	mu     sync.Mutex
	bound  net.Listener // nil while it is off
	server *http.Server // nil while it is off
}

// portFile holds the port of last time.
const portFile = "port"

// listen binds to a loopback address: to the one that is asked for, or else to
// the port of last time, or, if that is taken, to any.
func listen(dir, asked string) (*listener, error) {
	wished := asked
	if wished == "" {
		wished = "127.0.0.1:" + lastPort(dir)
	}
	host, _, err := net.SplitHostPort(wished)
	if err != nil {
		return nil, fmt.Errorf("demo: %q is not host:port", wished)
	}
	if !isLoopback(host) {
		return nil, fmt.Errorf("demo: the demonstration listens on this machine only (127.0.0.1), not on %q", host)
	}
	bound, err := net.Listen("tcp", wished)
	if err != nil && asked == "" {
		bound, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	_, port, err := net.SplitHostPort(bound.Addr().String())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("demo: %w", err), bound.Close())
	}
	if err := files.Write(filepath.Join(dir, portFile), []byte(port)); err != nil {
		return nil, errors.Join(fmt.Errorf("demo: %w", err), bound.Close())
	}
	return &listener{host: host, port: port, bound: bound}, nil
}

// lastPort is the port of last time, or 0 for any.
func lastPort(dir string) string {
	b, err := files.Read(filepath.Join(dir, portFile))
	if err != nil {
		return "0"
	}
	port := strings.TrimSpace(string(b))
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "0"
	}
	return port
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func (l *listener) address() string { return "http://" + net.JoinHostPort(l.host, l.port) }

// hosts are the Host headers that are answered.
func (l *listener) hosts() []string {
	return []string{net.JoinHostPort(l.host, l.port), net.JoinHostPort("localhost", l.port)}
}

// serve answers requests at the bound port from now on.
func (l *listener) serve(handler http.Handler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	server, bound := service.NewServer(handler), l.bound
	l.server = server
	go func() {
		_ = server.Serve(bound) // ends with close, which is all that there is to say
	}()
}

// reopening is how long open tries to get its port back.
const reopening = 5 * time.Second

// open binds to the same port again and answers.
func (l *listener) open(handler http.Handler) error {
	if l.on() {
		return nil
	}
	var err error
	for end := time.Now().Add(reopening); ; {
		var bound net.Listener
		if bound, err = net.Listen("tcp", net.JoinHostPort(l.host, l.port)); err == nil {
			l.mu.Lock()
			l.bound = bound
			l.mu.Unlock()
			l.serve(handler)
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("demo: listen again: %w", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (l *listener) on() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.server != nil
}

// close refuses connections from now on, and ends those that there are.
func (l *listener) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	if l.server != nil {
		err = l.server.Close()
	}
	if l.bound != nil {
		// The server has not closed it where it has not begun to serve it.
		if again := l.bound.Close(); !errors.Is(again, net.ErrClosed) {
			err = errors.Join(err, again)
		}
	}
	l.bound, l.server = nil, nil
	return err
}
