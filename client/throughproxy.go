package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// proxyOf is an http.Transport's Proxy.
func proxyOf(find func(context.Context, *url.URL) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	if find == nil {
		return http.ProxyFromEnvironment
	}
	return func(r *http.Request) (*url.URL, error) {
		if isLoopback(r.URL.Hostname()) {
			return nil, nil
		}
		return find(r.Context(), r.URL)
	}
}

// checkConnect says what it means that a proxy has not opened a way to the
// service. net/http would give its words alone.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	switch {
	case res.StatusCode == http.StatusOK:
		return nil
	case res.StatusCode == http.StatusProxyAuthRequired:
		return ErrProxyLogIn
	case res.StatusCode >= 500:
		return fmt.Errorf("%w: the proxy answers %d", ErrUnreachable, res.StatusCode)
	}
	return fmt.Errorf("%w: it answers %d", ErrProxyRefused, res.StatusCode)
}
