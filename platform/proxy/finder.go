package proxy

import (
	"context"
	"net/url"
	"sync"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// Lookup asks a system through which proxy it reaches an address; nil is that
// there is none. It may take seconds, and should end with ctx.
type Lookup func(ctx context.Context, u *url.URL) (*url.URL, error)

// Finder knows through which proxy each service is reached. The system is asked
// once for a service, at the first request, and again after Lost. It is safe for
// concurrent use.
type Finder struct {
	environment func() *httpproxy.Config
	system      Lookup
	now         func() time.Time

	mu      sync.Mutex
	setting Setting
	answers map[string]*answer // by scheme and host
}

// answer is what the system said, or what is being asked.
type answer struct {
	proxy *url.URL
	at    time.Time     // when it was asked
	done  chan struct{} // closed once it is there
}

// NewFinder returns a finder that follows a setting, then the variables of the
// environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), then the system, which may be
// nil.
func NewFinder(s Setting, system Lookup) *Finder {
	return &Finder{
		environment: httpproxy.FromEnvironment, system: system, now: time.Now,
		setting: s, answers: map[string]*answer{},
	}
}

// Set follows another setting from the next request on.
func (f *Finder) Set(s Setting) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.setting = s
}

// Setting is what is followed.
func (f *Finder) Setting() Setting {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.setting
}

// Limits on asking the system.
const (
	lookupTimeout = 8 * time.Second  // then the service is tried without a proxy
	lookupPause   = 15 * time.Second // between two questions for the same service
)

// For is the proxy for an address, nil for none. It waits for the system if that
// has to be asked, no longer than ctx and some seconds. The system's errors are
// no reason not to try: they mean no proxy.
func (f *Finder) For(ctx context.Context, u *url.URL) (*url.URL, error) {
	if isLocal(u.Hostname()) {
		return nil, nil
	}
	s := f.Setting()
	if s.Direct || s.URL != nil {
		return s.URL, nil
	}
	if e := f.environment(); e.HTTPProxy != "" || e.HTTPSProxy != "" {
		return e.ProxyFunc()(u)
	}
	if f.system == nil {
		return nil, nil
	}
	a := f.ask(&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"})
	select {
	case <-a.done:
		return a.proxy, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask returns the answer for a service, which may still be on its way.
func (f *Finder) ask(u *url.URL) *answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	if a := f.answers[u.String()]; a != nil {
		return a
	}
	a := &answer{at: f.now(), done: make(chan struct{})}
	f.answers[u.String()] = a
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
		defer cancel()
		found := make(chan *url.URL, 1) // the system may not listen to ctx
		go func() {
			proxy, err := f.system(ctx, u)
			if err != nil {
				proxy = nil
			}
			found <- proxy
		}()
		select {
		case a.proxy = <-found:
		case <-ctx.Done():
		}
		close(a.done)
	}()
	return a
}

// Lost says that a service was not reached: its computer may be in another
// network by now, so the system is asked again before the next request. Not
// more often than every few seconds: without any network each question may take
// as long.
func (f *Finder) Lost() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for service, a := range f.answers {
		select {
		case <-a.done:
			if f.now().Sub(a.at) >= lookupPause {
				delete(f.answers, service)
			}
		default: // being asked just now
		}
	}
}
