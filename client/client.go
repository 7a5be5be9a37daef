// Package client is the account service as Go calls: one method for each
// operation of package api, with errors that callers can test for.
//
// It keeps no session: calls that need one ask a TokenSource for what lets them in. It
// knows nothing of screens, files or the outbox.
//
// What comes back is trusted only as far as it was checked: an answer without
// the service's headers is somebody else's (ErrNotPlenary), every answer has a
// limit, and one that was cut is never taken for the whole.
//
// Start reading at New, then call.go (one exchange), identity.go, secured.go (sessions),
// errors.go, and the operations: account.go, proof.go and self.go (one's own account),
// meetings.go, operations.go, users.go and management.go (for administrators).
package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"plenary/api"

	"github.com/go-resty/resty/v2"
)

// Options of a Client; the zero value is ready to use.
type Options struct {
	// Timeout of one exchange, from dialling to the last byte. Default: 30 s.
	// The directory, which is large, gets four times as long.
	Timeout time.Duration
	// CAFile holds certificate authorities (PEM) beside those of the system.
	CAFile string
	// Proxy says through which proxy an address is reached, nil for none; it may
	// wait. Default: the environment's. It is not asked about this machine.
	Proxy func(ctx context.Context, u *url.URL) (*url.URL, error)
	// Lost is called when the service, or the proxy, could not be reached.
	// Default: nothing.
	Lost func()
	// Tokens gives the session of a call that begins now and needs one. Default: nobody
	// is logged in. See Client.As as well.
	Tokens func() TokenSource
	// OnAccount is told what the service answers of a session's account, and that is
	// asked for after each call that changes the account otherwise. Default: nothing.
	OnAccount func(session TokenSource, a api.Account)
	// Version of the program, sent with every request; empty under development.
	Version string
	// Now is the device's clock. Default: time.Now.
	Now func() time.Time
	// RetryWait is the wait before the first repetition of a call that may be
	// repeated; the second waits twice as long. Default: 250 ms.
	RetryWait time.Duration

	silence time.Duration // see pingAfter; tests
}

// Client talks to one service. All methods may be called concurrently.
type Client struct {
	*shared
	tokens func() TokenSource // nil: nobody is logged in
}

// shared is what the clients of several sessions have together.
type shared struct {
	base string
	o    Options
	http *resty.Client

	mu       sync.Mutex
	clock    clock
	minimum  string
	service  string    // see Meet
	answered time.Time // when it last did; zero after contact was lost
}

// pingAfter is after how long a silence a connection is asked for a sign of life, and how
// long that may take. After sleep, or a change of network, it may be dead without a word:
// what waits on it fails then, and the next try dials.
const pingAfter = 4 * time.Second

// errRedirect: the service redirects nobody, so a redirection is a captive
// portal's, or leads to another host. It is never followed, least of all with
// a token.
var errRedirect = errors.New("redirected")

// New returns a client for the service at base, an address as ParseAddress
// gives it. Nothing is sent yet. Errors to test for: ErrAddress, ErrAuthorities.
func New(base string, o Options) (*Client, error) {
	base, err := ParseAddress(base)
	if err != nil {
		return nil, err
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RetryWait == 0 {
		o.RetryWait = 250 * time.Millisecond
	}
	if o.silence == 0 {
		o.silence = pingAfter
	}
	roots, err := roots(o.CAFile)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		Proxy:                  proxyOf(o.Proxy),
		OnProxyConnectResponse: checkConnect,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: o.silence, PingTimeout: o.silence},
		MaxResponseHeaderBytes: 64 << 10,
	}
	// resty's own retries stay off: once on, they also repeat POST after
	// transport errors, log-in and refresh among them (see repeat in call.go).
	// Its logger would write addresses.
	r := resty.NewWithClient(&http.Client{Transport: transport}).
		SetBaseURL(base).
		SetLogger(silent{}).
		SetDisableWarn(true).
		SetRedirectPolicy(resty.RedirectPolicyFunc(func(*http.Request, []*http.Request) error { return errRedirect }))
	return &Client{&shared{base: base, o: o, http: r}, o.Tokens}, nil
}

// Address is the service's address.
func (c *Client) Address() string { return c.base }

// CloseIdle closes connections that are not in use.
func (c *Client) CloseIdle() { c.http.GetClient().CloseIdleConnections() }

// roots are the system's authorities and those in file; nil stands for the
// system's alone.
func roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuthorities, err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	// Editors on Windows put a byte order mark before it, which would hide the first one.
	if !pool.AppendCertsFromPEM(bytes.TrimPrefix(pem, []byte("\xef\xbb\xbf"))) {
		return nil, fmt.Errorf("%w: no certificate in %s", ErrAuthorities, file)
	}
	return pool, nil
}

// silent is a logger for resty that says nothing.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}
