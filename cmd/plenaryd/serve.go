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
	"time"

	"plenary/service"
	"plenary/service/demo"
)

const serveAbout = `Runs the service in the foreground until it gets SIGTERM or SIGINT, on
Windows Ctrl+C, Ctrl+Break, or the end of its console; requests that are under
way are finished. Its log goes to standard error as JSON. When it listens, it
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
		verbose  = f.Bool("verbose", false, "log more")
	)
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *data == "" {
		return wrongUsage("--data DIR is missing")
	}
	level := slog.LevelInfo
	if *verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level}))
	if *isDemo {
		return serveDemo(ctx, p, demo.Config{Dir: *data, Listen: *listen, SMTP: *smtp}, log)
	}
	c, err := readConfig(*data)
	if err != nil {
		return err
	}
	c.Listen, c.Database = cmp.Or(*listen, c.Listen), cmp.Or(*database, c.Database)
	c.Address = cmp.Or(*address, c.Address)
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
	return serve(ctx, p, *data, c, log)
}

// serve runs a real service.
func serve(ctx context.Context, p process, dir string, c config, log *slog.Logger) error {
	if err := c.checkListening(); err != nil {
		return err
	}
	settings, err := c.service(dir)
	if err != nil {
		return err
	}
	settings.Log = log
	s, err := service.New(ctx, settings)
	if errors.Is(err, service.ErrNotMade) {
		return fmt.Errorf("the database holds no service yet: make one with plenaryd init --data %s", dir)
	}
	if err != nil {
		return err
	}
	return errors.Join(listenAndServe(ctx, p, c, s, log), s.Close())
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

// stopping is how long requests under way may take at the end.
const stopping = 10 * time.Second

func listenAndServe(ctx context.Context, p process, c config, s *service.Service, log *slog.Logger) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	scheme, serve := "http", func(server *http.Server) error { return server.Serve(listener) }
	if c.TLSCert != "" {
		scheme, serve = "https", func(server *http.Server) error { return server.ServeTLS(listener, c.TLSCert, c.TLSKey) }
	}
	server := service.NewServer(s.Handler())
	failed := make(chan error, 1)
	go func() { failed <- serve(server) }()
	info, err := s.Info(ctx)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	address := scheme + "://" + listener.Addr().String()
	log.Info("listening", slog.String("address", address), slog.String("public", info.Address),
		slog.Bool("mail_waits", info.MailWaits), slog.Int("pid", os.Getpid()))
	if err := json.NewEncoder(p.stdout).Encode(map[string]string{"address": address, "public": info.Address}); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping")
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
