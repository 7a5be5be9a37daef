// Package demo is Plenary's demonstration: the real service, with its real
// directory, on a loopback port of this machine, with meetings whose dates go
// with today, and with a look into its outgoing e-mails. Nothing in it is
// simulated; the data is.
//
// It binds to loopback only, answers only requests that name it as their host,
// uses no database but its own, and makes its staff's passwords anew at each
// start (security.md).
//
// Start reading at Start; program.go has the meetings, people.go who is
// registered for them already.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/platform/files"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/mail"
	"plenary/service/operation"
	"plenary/service/policy"
	"plenary/service/secret"
	"plenary/service/store"
)

// Config says where the demonstration runs.
type Config struct {
	Dir     string // holds its database and key; made if it is missing
	Listen  string // loopback address and port; empty means 127.0.0.1 and the port of last time
	SMTP    string // host:port of a mail server on this machine; empty means that e-mails stay in the mailbox
	Version string
	Log     *slog.Logger // nil means none
	Now     func() time.Time
	Hashing credential.Hashing // what a password costs; zero means as much as in any service
	// Anew removes a demonstration that cannot be used any more (ErrOld) first.
	Anew bool
}

// ErrOld is returned by Start for a folder with the demonstration of a version
// from before the first release, whose data this one cannot use.
var ErrOld = errors.New("demo: the demonstration is from before the first release")

// Demo is a running demonstration. It is safe for concurrent use.
type Demo struct {
	config   Config
	key      *secret.Key
	service  *service.Service
	staff    []Staff
	listener *listener
}

const (
	databaseFile = "demonstration.db"
	keyFile      = "demonstration.key"
	sender       = "no-reply@example.int"
)

// Start starts the demonstration; it listens when Start returns. Its folder is
// for it alone: a database of a real service is refused.
func Start(ctx context.Context, c Config) (_ *Demo, err error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	d := &Demo{config: c}
	if d.listener, err = listen(c.Dir, c.Listen); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	err = d.open(ctx)
	if errors.Is(err, ErrOld) && c.Anew {
		if err = removeDatabase(c.Dir); err == nil {
			err = d.open(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	d.listener.serve(d.service.Handler())
	return d, nil
}

// open opens the service, and makes it at the first start.
func (d *Demo) open(ctx context.Context) error {
	database := filepath.Join(d.config.Dir, databaseFile)
	var err error
	if d.key, err = secret.Load(filepath.Join(d.config.Dir, keyFile)); errors.Is(err, fs.ErrNotExist) {
		d.key, err = secret.Create(filepath.Join(d.config.Dir, keyFile))
	}
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	var server *mail.Server
	if d.config.SMTP != "" {
		if server, err = loopbackMail(d.config.SMTP); err != nil {
			return err
		}
	}
	policies := policy.Default()
	policies.SecondFactor = api.SecondFactorFree // whoever tries the demonstration may have no telephone at hand
	config := service.Config{
		Policies: &policies,
		Database: database, Key: d.key, Version: d.config.Version, Address: d.Address(), Mail: server, MailLimits: onlyHere(),
		Hosts: d.listener.hosts(), Log: d.config.Log, Now: d.config.Now, Demo: true,
		Hashing: d.config.Hashing,
	}
	d.service, err = service.New(ctx, config)
	if errors.Is(err, service.ErrNotMade) {
		if _, err := service.Init(ctx, database, service.Settings{
			Organization: "Plenary Demonstration", ServiceDesk: "servicedesk@example.int",
			Address: d.Address(), Demo: true,
		}, d.config.Log); err != nil {
			return fmt.Errorf("demo: make the service: %w", err)
		}
		d.service, err = service.New(ctx, config)
	}
	switch {
	case errors.Is(err, store.ErrOldDatabase):
		return fmt.Errorf("%w (%w)", ErrOld, err)
	case err != nil:
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// removeDatabase removes the demonstration's database, with the files that SQLite
// keeps beside it.
func removeDatabase(dir string) error {
	var err error
	for _, beside := range []string{"-wal", "-shm", ""} { // the database itself last: until then, it is known as an old one
		err = errors.Join(err, files.RemoveIfThere(filepath.Join(dir, databaseFile+beside)))
	}
	if err != nil {
		return fmt.Errorf("demo: begin anew: %w", err)
	}
	return nil
}

// prepare brings the meetings to today, gives the staff new passwords, and fills
// the meetings.
func (d *Demo) prepare(ctx context.Context) error {
	reports, err := d.service.Meetings().Import(ctx, program(d.config.Now(), d.Address()))
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for _, r := range reports {
		if len(r.Wrong) > 0 {
			return fmt.Errorf("demo: meeting %s: %q", r.Code, r.Wrong)
		}
	}
	if err := d.makeStaff(ctx); err != nil {
		return err
	}
	return d.fill(ctx)
}

// loopbackMail is a mail server on this machine, without encryption.
func loopbackMail(address string) (*mail.Server, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !isLoopback(host) {
		return nil, fmt.Errorf("demo: the demonstration's mail server must be host:port on this machine, not %q", address)
	}
	server, err := mail.ParseServer(address)
	if err != nil {
		return nil, err
	}
	server.Security, server.From, server.Loopback = mail.None, sender, true
	return server, nil
}

// onlyHere lets administrators set mail servers on this machine, and nowhere else.
func onlyHere() mail.Limits {
	return mail.Limits{None: true, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
}

// Address is where the service answers: http, a loopback address and a port.
func (d *Demo) Address() string { return d.listener.address() }

// On says whether the service can be reached.
func (d *Demo) On() bool { return d.listener.on() }

// SetOn makes the service reachable or not: connections are refused while it is
// off, and it comes back at the same port.
func (d *Demo) SetOn(_ context.Context, on bool) error {
	if on {
		return d.listener.open(d.service.Handler())
	}
	return d.listener.close()
}

// decide delivers decisions as the meeting manager's machine does, in a stream of
// their own. It returns the first refusal.
func (d *Demo) decide(ctx context.Context, decisions ...api.Decide) error {
	for batch := range slices.Chunk(decisions, operation.MaxInDelivery) {
		delivery := api.Deliver{Stream: uuid.NewString()}
		for i, decision := range batch {
			payload, err := json.Marshal(decision)
			if err != nil {
				return err
			}
			delivery.Operations = append(delivery.Operations, api.Operation{
				ID: uuid.NewString(), Number: uint64(i + 1), Kind: api.OpDecide, Payload: payload,
			})
		}
		delivered, err := d.service.Operations().Deliver(ctx, d.manager(), delivery)
		if err != nil {
			return err
		}
		for _, r := range delivered.Results {
			if r.Outcome != api.Done {
				return &api.Problem{Code: r.Code, Errors: r.Errors}
			}
		}
	}
	return nil
}

// Close ends the demonstration; its data stays for the next start.
func (d *Demo) Close() error {
	err := d.listener.close()
	if d.service != nil {
		err = errors.Join(err, d.service.Close())
	}
	return err
}
