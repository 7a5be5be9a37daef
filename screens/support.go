package screens

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"plenary/app"
	"plenary/screens/parts"
)

// Support is what a service desk asks for first. Nothing of it is personal but
// LogFolder, which is shown and never copied.
type Support struct {
	System    string // "Debian GNU/Linux 12 (bookworm), amd64"
	Keyring   string // the system's, by its name: "Secret Service"
	LogFolder string // where the log is; empty while there is none
	LogFile   string // its name there
	Errors    []ShownError
}

// log says where the log is, or that there is none.
func (s Support) log(env Env) string {
	if s.LogFolder == "" {
		return env.T("help.no-log")
	}
	return filepath.Join(s.LogFolder, s.LogFile)
}

// ShownError is an error that the person was told of, the newest last.
type ShownError struct {
	At        time.Time
	Kind      string // of an Explanation
	Reference string // in the service's log; may be empty
}

// keeperOf is what keeps a session as it is.
func keeperOf(state app.SessionState) keeper {
	switch {
	case !state.Kept:
		return keeperNone
	case state.Sealed:
		return keeperPassphrase
	default:
		return keeperKeyring
	}
}

// supportText is what is copied for the service desk, in the person's language; k
// is empty where it is not known.
func supportText(env Env, version string, k keeper, s Support) string {
	t, b := env.T, &strings.Builder{}
	line := func(key, value string) {
		if value != "" {
			b.WriteString(t("support.line", map[string]any{"What": t(key), "Value": value}) + "\n")
		}
	}
	line("help.version", version)
	line("support.system", s.System)
	line("support.language", env.Words.Lang())
	if u, err := url.Parse(env.Info.Address); err == nil {
		line("help.service", u.Host)
	}
	line("help.service-version", env.Info.Version)
	if k != "" {
		line("support.keyring", t("support.keyring."+string(k), map[string]any{"Name": s.Keyring}))
	}
	errors := ""
	for _, e := range s.Errors {
		errors += fmt.Sprintf("\n  %s %s", e.At.UTC().Format("2006-01-02 15:04:05 UTC"), e.Kind)
		if e.Reference != "" {
			errors += ", " + t("error.reference", map[string]any{"Reference": e.Reference})
		}
	}
	line("support.errors", cmp.Or(errors, t("support.no-errors")))
	return b.String()
}

// tellSupport says over a screen that stands alone what Help has for the service
// desk: whoever cannot log in needs it most.
func (s *Shell) tellSupport() {
	if s.deps.Support == nil {
		return
	}
	var support Support
	s.env.Run.Run(s.ctx, func(context.Context) { support = s.deps.Support() }, func() {
		t, c := s.env.T, s.deps.Window.Canvas()
		close := parts.Answer{ID: "support.close", Text: t("shell.close"), Kind: parts.Outlined}
		answers := []parts.Answer{{ID: "support.copy", Text: t("help.copy"), Kind: parts.Outlined, Do: func() {
			k := keeper("") // not known before a service is open
			if s.opened {
				k = keeperOf(s.services.Session.State())
			}
			s.env.Clipboard.SetContent(supportText(s.env, s.deps.Version, k, support))
			parts.Ask(c, t("help.for-desk"), t("help.copied"), close)
		}}}
		if support.LogFolder != "" {
			answers = append(answers, parts.Answer{
				ID: "support.open-log", Text: t("help.open-log"), Kind: parts.Outlined,
				Do: func() { s.env.OpenFile(support.LogFolder) },
			})
		}
		text := t("help.copy-what") + "\n" + t("support.line", map[string]any{"What": t("help.log"), "Value": support.log(s.env)})
		parts.Ask(c, t("help.for-desk"), text, append(answers, close)...)
	})
}

// keeper is what keeps a session beyond the end of the program.
type keeper string

// What keeps a session.
const (
	keeperNone       keeper = "none"
	keeperKeyring    keeper = "keyring"
	keeperPassphrase keeper = "passphrase" // a file, sealed under it
)
