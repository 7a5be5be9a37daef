package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

const healthAbout = `Asks the service on this machine whether it is ready, that is, whether it answers
and its database does too. The exit status is 0 if it is, and 1 if it is not or
cannot be reached. For containers, which have no other program to ask with, and
for administrators.`

// healthPatience is how long the service may take to answer. Less than the ten
// seconds that the container's health check gives.
const healthPatience = 8 * time.Second

func runHealth(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "health", "health --data DIR [flags]", healthAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	listen := f.String("listen", "", "`address` it listens at (default: that of DIR/plenaryd.json)")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *data == "" {
		return wrongUsage("--data DIR is missing")
	}
	c, err := readConfig(*data)
	if err != nil {
		return err
	}
	address, err := ready(cmp.Or(*listen, c.Listen), c.TLSCert != "")
	if err != nil {
		return err
	}
	if err := ask(ctx, address); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "The service is ready.")
	return nil
}

// ready is where a service that listens at an address says whether it is ready.
func ready(listen string, encrypted bool) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", wrongUsage("--listen %q is not address:port", listen)
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "" || err == nil && ip.IsUnspecified() && ip.Is4():
		host = "127.0.0.1"
	case err == nil && ip.IsUnspecified():
		host = "::1"
	}
	scheme := "http"
	if encrypted {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/readyz", nil
}

func ask(ctx context.Context, address string) error {
	client := http.Client{
		Timeout: healthPatience,
		Transport: &http.Transport{
			// No proxy, and any certificate: it is for the service's name and not for
			// this machine's address, and nothing is sent that anybody could want.
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		},
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	a, err := client.Do(q)
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("the service does not answer within %s", healthPatience)
	case err != nil:
		return fmt.Errorf("the service cannot be reached: %w", err)
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("the service is not ready: it answers %s", a.Status)
	}
	return nil
}
