package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"

	"plenary/service"
	"plenary/service/demo"
	"plenary/service/metrics"
)

const serveAbout = `Runs the service in the foreground until it gets SIGTERM or SIGINT, on
Windows Ctrl+C, Ctrl+Break, or the end of its console; requests that are under
way are finished, within 20 seconds. Its log goes to standard error as JSON. When it listens, it
prints one line of JSON with its address.

Flags come before what DIR/plenaryd.json says.`

func runServe(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "serve", "serve --data DIR [flags]\n       plenaryd serve --demo --data DIR [--listen 127.0.0.1:PORT]", serveAbout)
	var (
		data     = f.String("data", "", "`DIR` with the service's data")
		isDemo   = f.Bool("demo", false, "run the demonstration: made-up data, this machine only; DIR is its own")
		listen   = f.String("listen", "", "`address` to listen at (default: that of DIR/plenaryd.json)")
		address  = f.String("address", "", "public `URL` of the service (default: that of init)")
		database = f.String("database", "", "`postgres://...` instead of SQLite in DIR")
		cert     = f.String("tls-cert", "", "certificate `file` (PEM)")
		key      = f.String("tls-key", "", "`file` with the certificate's private key (PEM)")
		smtp     = f.String("smtp", "", "mail server as `host:port`; without one, e-mails wait")
		security = f.String("smtp-security", "", "`how` the mail server is reached: starttls, tls, or none on this machine")
		from     = f.String("smtp-from", "", "sender's `address` of e-mails (default: the service desk's)")
		none     = f.Bool("mail-none", false, "administrators may set a mail server without encryption, for a relay nearby")
		networks = f.String("mail-networks", "", "`networks` in which administrators may set a mail server, separated by commas (default: all but this machine)")
		proxies  = f.String("trusted-proxies", "", "`addresses` of the proxies in front, separated by commas")
		metrics  = f.String("metrics-listen", "", "`address` at which /metrics is to be read (default: nowhere)")
		migrate  = f.Bool("migrate", false, "migrate a database of an older version also while other nodes use it")
		level    = f.String("log-level", "", "how much is logged: debug, `info`, warn or error")
	)
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *data == "" {
		return wrongUsage("--data DIR is missing")
	}
	defer runtime.KeepAlive(tuneCollector())
	if *isDemo {
		log, err := newLog(p, *level)
		if err != nil {
			return err
		}
		return serveDemo(ctx, p, demo.Config{Dir: *data, Listen: *listen, SMTP: *smtp}, log)
	}
	c, err := readConfig(*data)
	if err != nil {
		return err
	}
	log, err := newLog(p, cmp.Or(*level, c.LogLevel))
	if err != nil {
		return err
	}
	c.Listen, c.Database = cmp.Or(*listen, c.Listen), cmp.Or(*database, c.Database)
	c.Address, c.MetricsListen = cmp.Or(*address, c.Address), cmp.Or(*metrics, c.MetricsListen)
	c.TLSCert, c.TLSKey = cmp.Or(*cert, c.TLSCert), cmp.Or(*key, c.TLSKey)
	c.SMTP.Address, c.SMTP.Security = cmp.Or(*smtp, c.SMTP.Address), cmp.Or(*security, c.SMTP.Security)
	c.SMTP.From = cmp.Or(*from, c.SMTP.From)
	c.MailNone = *none || c.MailNone
	if *networks != "" {
		c.MailNetworks = list(*networks)
	}
	if *proxies != "" {
		c.TrustedProxies = list(*proxies)
	}
	return serve(ctx, p, *data, c, *migrate, log)
}

// serve runs a real service.
func serve(ctx context.Context, p process, dir string, c config, migrate bool, log *slog.Logger) error {
	if err := c.checkListening(); err != nil {
		return err
	}
	settings, err := c.service(dir)
	if err != nil {
		return err
	}
	figures := metrics.New()
	settings.Log, settings.MigrateAnyway, settings.Requests = log, migrate, figures
	var cert *certificate
	if c.TLSCert != "" {
		if cert, err = loadCertificate(c.TLSCert, c.TLSKey, log); err != nil {
			return err
		}
		figures.Certificate(cert.expires)
	}
	s, err := service.New(ctx, settings)
	if err != nil {
		return explainOpening(err, dir)
	}
	figures.Of(s)
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go keepKey(watching, filepath.Join(dir, keyFile), s, log)
	return errors.Join(listenAndServe(ctx, p, c, s, cert, figures, log), s.Close())
}

// explainOpening turns the errors of opening the service's data into what to do.
func explainOpening(err error, dir string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, service.ErrPending):
		return fmt.Errorf("%w --data %s", err, shellWord(runtime.GOOS, dir))
	case errors.Is(err, service.ErrOthersRun):
		return fmt.Errorf("%w. Stop them, or install this version on all machines, run plenaryd migrate --data %s once, and restart one after the other", err, shellWord(runtime.GOOS, dir))
	case errors.Is(err, service.ErrNotMade):
		return fmt.Errorf("the database holds no service yet: make one with plenaryd init --data %s", dir)
	case errors.Is(err, service.ErrOtherKey):
		return fmt.Errorf("%w; put the right %s back from where you keep it", err, keyFile)
	default:
		return err
	}
}

// checkListening keeps passwords from going over a network in clear.
func (c *config) checkListening() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return wrongUsage("--listen %q is not address:port", c.Listen)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return wrongUsage("--tls-cert and --tls-key go together")
	}
	if c.TLSCert == "" && !onLoopback(host) && len(c.TrustedProxies) == 0 {
		return wrongUsage("passwords must not go over a network in clear: give --tls-cert and --tls-key, " +
			"or listen at 127.0.0.1, or name the proxy that does TLS with --trusted-proxies")
	}
	return nil
}

// newLog makes the log on standard error, of what is at least so important.
func newLog(p process, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(cmp.Or(level, "info"))); err != nil {
		return nil, wrongUsage("the log level %q is none of debug, info, warn, error", level)
	}
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: l})), nil
}

func listenAndServe(ctx context.Context, p process, c config, s *service.Service, cert *certificate, figures *metrics.Metrics, log *slog.Logger) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close() // where serving does not begin
	server, scheme := service.NewServer(s.Handler()), "http"
	begin := func() error { return server.Serve(listener) }
	if cert != nil {
		scheme, server.TLSConfig = "https", cert.config()
		begin = func() error { return server.ServeTLS(listener, "", "") }
	}
	info, err := s.Info(ctx)
	if err != nil {
		return err
	}
	numbers, err := serveMetrics(c.MetricsListen, figures.Handler())
	if err != nil {
		return err
	}
	defer numbers.Close()
	ready := map[string]string{"address": scheme + "://" + listener.Addr().String(), "public": info.Address}
	if numbers.address != "" {
		ready["metrics"] = numbers.address
	}
	log.Info("listening", slog.String("address", ready["address"]), slog.String("public", info.Address),
		slog.String("metrics", numbers.address), slog.Bool("mail_waits", info.MailWaits), slog.Int("pid", os.Getpid()))
	if err := json.NewEncoder(p.stdout).Encode(ready); err != nil {
		return err
	}
	return serveUntil(ctx, server, begin, stopping{turn: s.Stop, drain: c.drain(), patience: patience}, log)
}

// numbers is the listener of /metrics.
type numbers struct {
	server  *http.Server
	address string // "" where there is none
}

// serveMetrics answers at an address of its own, in clear: there is nothing in it
// that names anybody.
func serveMetrics(address string, handler http.Handler) (*numbers, error) {
	n := &numbers{server: service.NewServer(handler)}
	if address == "" {
		return n, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("the address for metrics: %w", err)
	}
	n.address = "http://" + listener.Addr().String() + "/metrics"
	go func() { _ = n.server.Serve(listener) }() // until Close
	return n, nil
}

func (n *numbers) Close() { _ = n.server.Close() }
