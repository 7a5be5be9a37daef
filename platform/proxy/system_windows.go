package proxy

import (
	"context"
	"net/url"
	"sync"

	"github.com/mattn/go-ieproxy"
)

// asking is held while the library's settings, of which there is one set, are
// read anew.
var asking sync.Mutex

// Ask asks Windows: the configuration script or the automatic search first,
// which WinHTTP does, then the fixed proxy of the person's or the computer's
// settings. It does not end with ctx.
func Ask(_ context.Context, u *url.URL) (*url.URL, error) {
	asking.Lock()
	defer asking.Unlock()
	conf := ieproxy.ReloadConf()
	if conf.Automatic.Active {
		if found := conf.Automatic.FindProxyForURL(u.String()); found != "" {
			return parseProxy(found), nil
		}
	}
	if !conf.Static.Active {
		return nil, nil
	}
	return fixed{proxies: conf.Static.Protocols, bypass: conf.Static.NoProxy}.proxyFor(u), nil
}
