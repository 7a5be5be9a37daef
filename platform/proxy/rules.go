package proxy

import (
	"net"
	"net/url"
	"path"
	"strings"
)

// parseProxy reads a proxy as systems write it: host:port, or with a scheme.
// Other kinds than ours (ftp) are none.
func parseProxy(text string) *url.URL {
	s, err := ParseSetting(strings.Replace(text, "socks://", "socks5://", 1)) // as the portal says it
	if err != nil {
		return nil
	}
	return s.URL
}

// fixed are proxies as Windows keeps them: one for each scheme, or for all of
// them (""), and hosts that are reached without.
type fixed struct {
	proxies map[string]string
	bypass  string
}

// proxyFor is the proxy for an address, nil for none.
func (f fixed) proxyFor(u *url.URL) *url.URL {
	if bypasses(f.bypass, u.Hostname()) {
		return nil
	}
	text, ok := f.proxies[u.Scheme]
	if !ok {
		text = f.proxies[""]
	}
	if text == "" {
		return nil
	}
	return parseProxy(text)
}

// bypasses says whether a list such as "*.example.org;10.*;<local>" names a host.
// <local> are names without a dot. Case does not count. A network may be given as
// 10.0.0.0/8, which browsers take too, though Windows itself does not.
func bypasses(list, host string) bool {
	host = strings.ToLower(host)
	ip := net.ParseIP(host)
	for entry := range strings.FieldsFuncSeq(strings.ToLower(list), func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		if _, network, err := net.ParseCIDR(entry); err == nil {
			if ip != nil && network.Contains(ip) {
				return true
			}
			continue
		}
		if entry == "<local>" {
			if ip == nil && !strings.Contains(host, ".") {
				return true
			}
			continue
		}
		if _, rest, ok := strings.Cut(entry, "://"); ok {
			entry = rest
		}
		if strings.HasPrefix(entry, ".") {
			entry = "*" + entry
		}
		if ok, err := path.Match(entry, host); ok && err == nil {
			return true
		}
	}
	return false
}
