package help

import (
	"net/url"
	"strings"
	"unicode"

	"plenary/api"
	"plenary/rules"
)

// Update is a newer Plenary that the service tells of; the zero value is none.
type Update struct {
	Version  string
	Download string // https address, empty if the service gives none
	Host     string // of it
}

// Newer gives the version that the service tells of, if it is newer than this
// one. Of the download only an https address counts, of a host that is shown as it
// is: what is got there is run.
func Newer(info api.ServiceInfo, own string) Update {
	if !rules.IsVersion(info.NewestVersion) || !rules.Older(own, info.NewestVersion) {
		return Update{}
	}
	n := Update{Version: info.NewestVersion}
	if a, err := url.Parse(info.Download); err == nil && a.Scheme == "https" && a.Host != "" && a.User == nil && isASCII(a.Host) {
		n.Download, n.Host = info.Download, a.Host
	}
	return n
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
