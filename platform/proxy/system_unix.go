//go:build unix && !darwin

package proxy

import (
	"context"
	"net/url"

	"github.com/godbus/dbus/v5"
)

// Ask asks the desktop: its portal answers from the settings of the desktop, a
// configuration script included.
func Ask(ctx context.Context, u *url.URL) (*url.URL, error) {
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer bus.Close()
	return askPortal(ctx, bus, u)
}

// askPortal calls org.freedesktop.portal.ProxyResolver.Lookup, which answers
// with addresses to try in turn, "direct://" standing for none.
func askPortal(ctx context.Context, bus *dbus.Conn, u *url.URL) (*url.URL, error) {
	portal := bus.Object("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")
	var answers []string
	err := portal.CallWithContext(ctx, "org.freedesktop.portal.ProxyResolver.Lookup", 0, u.String()).Store(&answers)
	if err != nil {
		return nil, err
	}
	return firstOf(answers), nil
}

// firstOf is the first answer of a portal that can be used, nil for none.
func firstOf(answers []string) *url.URL {
	for _, text := range answers {
		if text == "direct://" {
			return nil
		}
		if proxy := parseProxy(text); proxy != nil {
			return proxy
		}
	}
	return nil
}
