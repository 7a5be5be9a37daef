package screens

import (
	"net/url"
	"strings"
	"unicode"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
)

// update is a newer Plenary that the service tells of; the zero value is none.
type update struct {
	version  string
	download string // https address, empty if the service gives none
	host     string // of it
}

// newer gives the version that the service tells of, if it is newer than this
// one. Of the download only an https address counts, of a host that is shown as it
// is: what is got there is run.
func newer(info api.ServiceInfo, own string) update {
	if !rules.IsVersion(info.NewestVersion) || !rules.Older(own, info.NewestVersion) {
		return update{}
	}
	n := update{version: info.NewestVersion}
	if a, err := url.Parse(info.Download); err == nil && a.Scheme == "https" && a.Host != "" && a.User == nil && isASCII(a.Host) {
		n.download, n.host = info.Download, a.Host
	}
	return n
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// update is the newer version that this window tells of; where the organization
// sees to new versions by itself, none.
func (s *Shell) update() update {
	if s.deps.NoUpdateNotice {
		return update{}
	}
	return newer(s.env.Info, s.deps.Version)
}

// tellUpdate says where the newer version is. Plenary installs nothing itself.
func (s *Shell) tellUpdate() {
	n, t := s.update(), s.env.T
	if n.version == "" {
		return
	}
	data := map[string]any{"Version": n.version, "Own": s.deps.Version, "Host": n.host}
	close := parts.Answer{ID: "update.close", Text: t("shell.close"), Kind: parts.Outlined}
	if n.download == "" {
		parts.Ask(s.deps.Window.Canvas(), t("update.available", data), t("update.ask-for-it", data), close)
		return
	}
	parts.Ask(s.deps.Window.Canvas(), t("update.available", data), t("update.text", data),
		parts.Answer{ID: "update.open", Text: t("update.open", data), Kind: parts.Primary, Do: func() { s.env.Open(n.download) }}, close)
}
