package main

import (
	"context"
	"net/http"
	"net/url"
	"sync"

	"github.com/mattn/go-ieproxy"
)

// asking is held while the library's settings, of which there is one set, are
// read anew.
var asking sync.Mutex

// systemProxy asks macOS, a configuration script included. It is here and not in
// platform/proxy because it needs cgo. It does not end with ctx.
func systemProxy(_ context.Context, u *url.URL) (*url.URL, error) {
	asking.Lock()
	defer asking.Unlock()
	ieproxy.ReloadConf()
	found, err := ieproxy.GetProxyFunc()(&http.Request{URL: u})
	if err == nil && found != nil && found.Scheme == "" {
		found.Scheme = "http" // what a script names has none
	}
	return found, err
}
