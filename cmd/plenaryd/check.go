package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"plenary/api"
	"plenary/platform/files"
	"plenary/service"
	"plenary/service/node"
	"plenary/service/store"
)

const checkAbout = `Looks at what the service needs, while it runs or not, and changes nothing: the
configuration, the key, the database, the clock, the public address with its
certificate, and the mail server. One line each, "ok", "warning" or "FAILED", with
what to do. The exit status is 1 if something failed.`

// finding is what became of one check.
type finding struct {
	state string // one of the constants
	text  string
}

const (
	fine    = "ok"
	warning = "warning"
	failed  = "FAILED"
)

func good(format string, args ...any) finding { return finding{fine, fmt.Sprintf(format, args...)} }
func bad(format string, args ...any) finding  { return finding{failed, fmt.Sprintf(format, args...)} }

func doubtful(format string, args ...any) finding {
	return finding{warning, fmt.Sprintf(format, args...)}
}

func runCheck(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "check", "check --data DIR", checkAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *data == "" {
		return wrongUsage("--data DIR is missing")
	}
	wrong := 0
	say := func(what string, found finding) bool {
		fmt.Fprintf(p.stdout, "%-8s %-14s %s\n", found.state, what, found.text)
		if found.state == failed {
			wrong++
		}
		return found.state != failed
	}
	c, found := checkConfig(*data)
	if say("configuration", found) {
		checkRest(ctx, *data, c, say)
	}
	if wrong > 0 {
		return &statusError{1, fmt.Sprintf("%d of the checks failed", wrong)}
	}
	return nil
}

// checkRest goes as far as one thing stands on another.
func checkRest(ctx context.Context, dir string, c config, say func(string, finding) bool) {
	settings, err := c.service(dir)
	if err != nil {
		say("key", bad("%v", err))
		return
	}
	say("key", good("%s, %d master key(s): %s", keyFile, len(settings.Key.IDs()), joined(settings.Key.IDs())))
	s, err := service.Open(ctx, settings)
	if err != nil {
		say("database", bad("%v", explainOpening(sayDatabase(err), dir)))
		return
	}
	defer s.Close()
	say("database", checkDatabase(ctx, dir, c, s))
	say("clock", checkClock(ctx, s))
	if c.TLSCert != "" {
		say("certificate", checkCertificate(c, s, time.Now()))
	}
	say("address", checkAddress(ctx, s))
	say("mail server", checkMail(ctx, s, func(f finding) { say("mail server", f) }))
}

func checkConfig(dir string) (config, finding) {
	c, err := readConfig(dir)
	if err == nil {
		err = c.checkListening()
	}
	if err != nil {
		return c, bad("%v", err)
	}
	return c, good("%s, listens at %s", filepath.Join(dir, configFile), c.Listen)
}

// roomForDatabase is the least free disk space that is no cause for concern.
const roomForDatabase = 1 << 30

func checkDatabase(ctx context.Context, dir string, c config, s *service.Service) finding {
	start := time.Now()
	running, err := s.Nodes(ctx)
	if err != nil {
		return bad("%v", err)
	}
	took := time.Since(start).Round(time.Millisecond / 10)
	nodes := "no node runs"
	if len(running) > 0 {
		nodes = node.Names(running)
	}
	if store.IsPostgres(c.database(dir)) {
		return good("PostgreSQL, answers in %v; %s", took, nodes)
	}
	free, err := files.Free(dir)
	if err != nil {
		return doubtful("SQLite, answers in %v; %s; the free disk space cannot be had: %v", took, nodes, err)
	}
	if free < roomForDatabase {
		return doubtful("SQLite, answers in %v; %s; only %d MiB are free on its disk: make room", took, nodes, free>>20)
	}
	return good("SQLite, answers in %v; %s; %d GiB free", took, nodes, free>>30)
}

// clockSlack is how much two clocks may differ.
const clockSlack = 5 * time.Second

func checkClock(ctx context.Context, s *service.Service) finding {
	newest, err := s.Newest(ctx)
	now := time.Now()
	switch {
	case err != nil:
		return bad("%v", err)
	case newest.After(now.Add(clockSlack)):
		return bad("this machine says %s, but the database has entries from %s: one of the nodes' clocks is wrong; let them follow NTP",
			now.UTC().Format(time.RFC3339), newest.Format(time.RFC3339))
	}
	return good("%s; nothing in the database is from later", now.UTC().Format(time.RFC3339))
}

// renewWithin is how long before its end a certificate should have been renewed.
const renewWithin = 14 * 24 * time.Hour

func checkCertificate(c config, s *service.Service, now time.Time) finding {
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return bad("%v", err)
	}
	info, err := s.Info(context.Background())
	if err != nil {
		return bad("%v", err)
	}
	return judgeCertificate(pair.Leaf, hostOf(info.Address), now)
}

func judgeCertificate(cert *x509.Certificate, host string, now time.Time) finding {
	until := cert.NotAfter.UTC().Format(time.DateOnly)
	switch {
	case now.After(cert.NotAfter):
		return bad("it has expired on %s: renew it, the service reads it again by itself", until)
	case now.Before(cert.NotBefore):
		return bad("it is not valid before %s: wait, or set the clock", cert.NotBefore.UTC().Format(time.RFC3339))
	case cert.VerifyHostname(host) != nil:
		return bad("it is not for %s, the public address", host)
	case cert.NotAfter.Sub(now) < renewWithin:
		return doubtful("it expires on %s: renew it", until)
	}
	return good("for %s until %s", host, until)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// addressPatience is how long the public address may take to answer.
const addressPatience = 8 * time.Second

// checkAddress asks at the public address whether this very service answers.
func checkAddress(ctx context.Context, s *service.Service) finding {
	own, err := s.Info(ctx)
	if err != nil {
		return bad("%v", err)
	}
	client := http.Client{Timeout: addressPatience}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, own.Address+"/v1/service", nil)
	if err != nil {
		return bad("%v", err)
	}
	a, err := client.Do(q)
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return doubtful("%s: this machine does not trust its certificate (%v); right for a private authority, if people's machines do", own.Address, untrusted.Err)
	case err != nil:
		return doubtful("%s cannot be reached from here: %v; start the service, or look at its name, the proxy and the firewall", own.Address, err)
	}
	defer a.Body.Close()
	var there api.ServiceInfo
	if err := json.NewDecoder(a.Body).Decode(&there); err != nil || there.ServiceID != own.ServiceID {
		return bad("%s is answered by something else than this service (%s): look at its name and the proxy", own.Address, a.Status)
	}
	if a.TLS != nil && len(a.TLS.PeerCertificates) > 0 {
		if found := judgeCertificate(a.TLS.PeerCertificates[0], hostOf(own.Address), time.Now()); found.state != fine {
			return finding{found.state, own.Address + ": its certificate: " + found.text}
		}
	}
	if !strings.HasPrefix(own.Address, "https://") && !onLoopback(hostOf(own.Address)) {
		return doubtful("%s is not encrypted: people's programs refuse it", own.Address)
	}
	return good("%s answers, version %s", own.Address, there.Version)
}

// checkMail tells each step as it is done: a server that says nothing takes seconds.
func checkMail(ctx context.Context, s *service.Service, step func(finding)) finding {
	server := s.MailServer()
	if server == nil {
		return doubtful("none is set up, or its password cannot be read: e-mails wait; Application Management, Mail server")
	}
	where := fmt.Sprintf("%s:%d", server.Host, server.Port)
	done := func(s api.MailStep) {
		if s.State != api.MailStepOK {
			return
		}
		if c := s.Certificate; c != nil {
			step(good("%s: %s, certificate for %s by %s until %s", where, s.Step, strings.Join(c.Names, ", "), c.Issuer, c.Until.Format(time.DateOnly)))
			return
		}
		step(good("%s: %s", where, s.Step))
	}
	if problem := server.Reach(ctx, done); problem != "" {
		return bad("%s: %s; EMail Test in Application Management shows each step", where, problem)
	}
	return good("%s takes e-mails", where)
}
