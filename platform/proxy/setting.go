// Package proxy finds out through which proxy a service is reached: the one that
// somebody has set for Plenary, else the environment's, else the system's, whose
// configuration script counts as well.
//
// It sends nothing. Addresses of this machine never go through a proxy.
//
// Start reading at ParseSetting and Finder.
package proxy

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Setting is what somebody has set for Plenary; the zero value is System.
type Setting struct {
	// Direct: no proxy, whatever the system says.
	Direct bool
	// URL of a proxy: scheme, host and port. Nil leaves it to the system.
	URL *url.URL
}

// Texts of a Setting that is no address.
const (
	Direct = "direct"
	System = "system"
)

// String is the text that ParseSetting reads; empty for System.
func (s Setting) String() string {
	switch {
	case s.Direct:
		return Direct
	case s.URL != nil:
		return s.URL.String()
	}
	return ""
}

// What can be wrong with a setting.
var (
	// ErrSetting is the general one; the others are of this kind.
	ErrSetting = errors.New("not the address of a proxy")
	// ErrLogIn: it has a name or a password in it. Settings are kept in the
	// clear, and any program can read the environment.
	ErrLogIn = errors.New("a name or a password in it")
	// ErrScript: it is the address of a configuration script, which belongs into
	// the system's settings, where other programs find it too.
	ErrScript = errors.New("address of a configuration script")
)

// ParseSetting reads "", "system", "direct", and what people type as a proxy:
// proxy.example.org:3128, http://10.0.0.1:8080, socks5://localhost:1080. Without
// a scheme it is http, as nearly all are; without a port it is that of the
// scheme, 1080 for SOCKS.
func ParseSetting(text string) (Setting, error) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "", System:
		return Setting{}, nil
	case Direct:
		return Setting{Direct: true}, nil
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " <>\"'%") {
		return Setting{}, ErrSetting // the error of the parser repeats what was typed
	}
	if u.User != nil {
		return Setting{}, errors.Join(ErrSetting, ErrLogIn)
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return Setting{}, errors.Join(ErrSetting, ErrScript)
	}
	port, known := map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	if !known {
		return Setting{}, ErrSetting
	}
	if p := u.Port(); p != "" {
		port = p
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return Setting{}, ErrSetting
	}
	return Setting{URL: &url.URL{Scheme: u.Scheme, Host: net.JoinHostPort(strings.ToLower(u.Hostname()), port)}}, nil
}

// isLocal says whether a host is this machine.
func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}
