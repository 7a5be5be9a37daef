// Package app is what Plenary does, without a window: the session, the account,
// meetings, registrations and the sync that carries them to the service and
// back. Screens call its types with a context and subscribe to changes; the
// callbacks come on any goroutine.
//
// It is not the place for HTTP (package client), for files and sealing (package
// localdb), or for words: Explain gives the kind of an error, screens have the
// words for it.
//
// Start reading at Open, then session.go, registrations.go and sync.go.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"plenary/api"
	"plenary/client"
	"plenary/localdb"
)

// Config says where and how an App works.
type Config struct {
	// Dir is the program's data folder. The demonstration has one of its own.
	Dir string
	// Service is the address of the service, see client.ParseAddress.
	Service string
	// CAFile holds further certificate authorities (PEM), for a private CA.
	CAFile string
	// Proxy and Lost are the client's, see client.Options.
	Proxy func(ctx context.Context, u *url.URL) (*url.URL, error)
	Lost  func()
	// Keyring defaults to the system's.
	Keyring Keyring
	// Version of the program; empty for one under development.
	Version string
	// Computer is the host name, of which a log-in tells the service the first label; none
	// if empty.
	Computer string
	// CountryNames gives the names of a country (ISO code) by which its
	// organizations are found as well. Default: none.
	CountryNames func(code string) []string
	// Logger gets no secret, token, address or name. Default: none.
	Logger *slog.Logger
	// Now is the device's clock. Default: time.Now.
	Now func() time.Time
	// Timeout of one exchange with the service. Default: the client's.
	Timeout time.Duration
	// OpenSegment is that of all stores, see localdb.Options.
	OpenSegment func(path string) (localdb.Segment, error)
}

// App is Plenary without its window.
type App struct {
	Session       *Session
	Account       *Account
	Service       *Service
	Meetings      *Meetings
	Registrations *Registrations
	Delegation    *Delegation
	Directory     *Directory
	Sync          *Sync

	core   *core
	closed func() error // see Close
}

// ServiceNow is the time by the service's clock, as far as it is known, in the zone of
// Config.Now.
func (a *App) ServiceNow() time.Time { return a.core.serviceNow() }

// core is what the parts of an App share.
type core struct {
	config Config
	log    *slog.Logger
	now    func() time.Time
	client *client.Client
	place  *place
	ctx    context.Context // ends with Close
	end    context.CancelFunc

	mu      sync.Mutex
	closed  bool
	goes    sync.WaitGroup // what runs in the background until then
	contact time.Time      // with the service, of earlier runs; see lastContact
}

// spawn runs f in the background; false after Close.
func (k *core) spawn(f func()) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.closed {
		k.goes.Go(f)
	}
	return !k.closed
}

// stop ends what runs in the background and waits for it, not for ever.
func (k *core) stop() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.end()
	quiet := make(chan struct{})
	go func() {
		k.goes.Wait()
		close(quiet)
	}()
	t := time.NewTimer(closePatience)
	defer t.Stop()
	select {
	case <-quiet:
	case <-t.C:
		k.log.Warn("something did not end in time")
	}
}

// Open reads what is stored for everybody (service, meetings, directory) and
// begins to sync. It needs no network and asks no keyring; call it off the
// window's goroutine. ctx is for opening only. Errors to test for:
// client.ErrAddress, localdb's ErrInUse, ErrDiskFull and ErrNewerFormat.
func Open(ctx context.Context, c Config) (*App, error) {
	a, err := open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open Plenary's data: %w", err)
	}
	a.core.spawn(a.core.eraseAside)
	a.core.spawn(func() { a.Directory.run(a.core.ctx) })
	a.core.spawn(func() { a.Sync.run(a.core.ctx) })
	return a, nil
}

// open is Open without what runs in the background.
func open(ctx context.Context, c Config) (*App, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Keyring == nil {
		c.Keyring = &systemKeyring{dir: c.Dir}
	}
	if c.CountryNames == nil {
		c.CountryNames = func(string) []string { return nil }
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var a *App
	cl, err := client.New(c.Service, client.Options{
		CAFile: c.CAFile, Version: c.Version, Now: c.Now, Timeout: c.Timeout, Proxy: c.Proxy, Lost: c.Lost,
		Tokens:    func() client.TokenSource { return a.Session.tokens() },
		OnAccount: func(of client.TokenSource, account api.Account) { a.Session.accountSeen(of, account) },
	})
	if err != nil {
		return nil, err
	}
	k := &core{config: c, log: c.Logger, now: c.Now, client: cl}
	k.ctx, k.end = context.WithCancel(context.WithoutCancel(ctx))
	k.place = &place{
		dir: c.Dir, address: cl.Address(), client: cl, log: c.Logger, asking: newTurn(),
		options: localdb.Options{Logger: c.Logger, Now: c.Now, Contact: k.lastContact, OpenSegment: c.OpenSegment},
	}
	a = assemble(k)
	if err := k.place.openKnown(); err != nil {
		k.end()
		return nil, errors.Join(err, k.place.close())
	}
	k.loadContact()
	a.Meetings.load()
	return a, nil
}

// assemble makes the parts and tells them of each other.
func assemble(k *core) *App {
	a := &App{core: k}
	a.closed = sync.OnceValue(a.closeOnce)
	a.Session = newSession(k)
	a.Account = &Account{core: k, session: a.Session}
	a.Service = &Service{Client: k.client, session: a.Session}
	a.Meetings = newMeetings(k)
	a.Directory = newDirectory(k)
	a.Registrations = newRegistrations(k, a.Session)
	a.Delegation = newDelegation(k, a.Session, a.Registrations)
	a.Sync = newSync(k, a.Session, a.Meetings, a.Registrations, a.Delegation)
	a.Delegation.queued = a.Sync.Now
	a.Registrations.others = a.Delegation.has
	a.Session.registrations, a.Session.sync = a.Registrations, a.Sync
	a.Registrations.queued = a.Sync.Now
	k.place.opened = func() {
		a.Meetings.load()
		a.Directory.begin()
	}
	return a
}

// closePatience bounds what Close waits for: an exchange with the service ends
// at once, a keyring that hangs may not.
const closePatience = 5 * time.Second

// Close stops the sync, writes drafts and whatever else waits to be written, and closes the
// stores. A session that was not to be kept is erased, but for work that exists here
// alone. It may be called again, and says the same then.
func (a *App) Close() error { return a.closed() }

func (a *App) closeOnce() error {
	a.Registrations.writeDrafts() // first: a system that shuts down waits for nothing that hangs
	a.core.stop()
	a.Meetings.keep(true)
	err := errors.Join(a.Registrations.Flush(context.Background()), a.Session.close(), a.core.place.close())
	a.core.client.CloseIdle()
	if err != nil {
		return fmt.Errorf("close Plenary's data: %w", err)
	}
	return nil
}

// Info returns what the service says about itself: the last known first, and
// only the first time from the network. What changes after that is told to
// SubscribeInfo.
func (a *App) Info(ctx context.Context) (api.ServiceInfo, error) {
	if info, ok := a.core.place.serviceInfo(); ok {
		return info, nil
	}
	if err := a.core.place.confirm(ctx); err != nil {
		return api.ServiceInfo{}, err
	}
	info, _ := a.core.place.serviceInfo()
	return info, nil
}

// Moved is the address at which the service was met before, if it was found in this run
// that it has another one now, and that it is the same; "" otherwise.
func (a *App) Moved() string {
	p := a.core.place
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moved
}

// Replace takes the service that answers at the address now, since the one of before was
// set up anew: ErrOtherService is over when the App is opened again. What is stored for
// the one of before stays, sealed.
func (a *App) Replace() error {
	if err := a.core.place.replace(); err != nil {
		return fmt.Errorf("take another service: %w", err)
	}
	return nil
}

// SubscribeInfo calls f with what the service says about itself, on any goroutine: at
// once if that is known, and whenever it changes. The service is asked at the first
// contact in a run, and then every hour.
func (a *App) SubscribeInfo(f func(api.ServiceInfo)) (cancel func()) {
	p := a.core.place
	cancel = p.changed.subscribe(f)
	p.changed.tell(p.serviceInfo)
	return cancel
}
