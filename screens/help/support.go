package help

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"plenary/app"
	"plenary/screens/kit"
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

// Log says where the log is, or that there is none.
func (s Support) Log(env kit.Env) string {
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

// KeeperOf is what keeps a session as it is.
func KeeperOf(state app.SessionState) Keeper {
	switch {
	case !state.Kept:
		return keeperNone
	case state.Sealed:
		return keeperPassphrase
	default:
		return keeperKeyring
	}
}

// SupportText is what is copied for the service desk, in the person's language; k
// is empty where it is not known.
func SupportText(env kit.Env, version string, k Keeper, s Support) string {
	t, b := env.T, &strings.Builder{}
	line := func(key, value string) {
		if value != "" {
			b.WriteString(t("support.line", map[string]any{"What": t(key), "Value": value}) + "\n")
		}
	}
	line("help.version", version)
	line("support.system", s.System)
	line("support.language", env.Words.Lang())
	line("help.service", kit.HostOf(env.Info.Address))
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

// Keeper is what keeps a session beyond the end of the program.
type Keeper string

// What keeps a session.
const (
	keeperNone       Keeper = "none"
	keeperKeyring    Keeper = "keyring"
	keeperPassphrase Keeper = "passphrase" // a file, sealed under it
)
