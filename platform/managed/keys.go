// Package managed reads what an organization's administrators have set for
// Plenary on this computer: the policy, which nobody on the computer gets
// around, and the defaults of the installer, which a person may change.
//
//	          policy                                          defaults
//	Windows   HKLM\Software\Policies\Plenary                  HKLM, then HKCU\Software\Plenary
//	macOS     /Library/Managed Preferences[/USER]/ID.plist    /Library/Preferences, then ~/Library/Preferences
//	Linux     /etc/plenary/policy.json                        /etc/plenary/defaults.json
//
// The keys and their types are the same everywhere: see Keys. What cannot be
// read is a Fault, never nothing. The package decides nothing: which of policy,
// flags and settings counts is app.Resolve's.
//
// Start reading at Keys and Read.
package managed

import "strings"

// AppID names the program to the desktop, and to macOS, whose files of settings
// are called so.
const AppID = "int.plenary.Plenary"

// Settings are the values of the keys; the zero value is that nothing is set.
type Settings struct {
	Service             string
	ServiceLocked       bool
	CAFile              string
	DisableDemo         bool
	DisableUpdateNotice bool
	Language            string
	Proxy               string
	LockAfter           string
	LogLevel            string
}

// Key is one of the things that can be set.
type Key struct {
	Name string
	// Meaning in a sentence, as docs/deployment.md has it.
	Meaning string
	// Choices are the only texts that are accepted, if there are any.
	Choices []string
	// PolicyOnly: it forbids something, so as a default, which a person may
	// change, it would mean nothing.
	PolicyOnly bool

	text func(*Settings) *string
	yes  func(*Settings) *bool
}

// IsSwitch says whether the value is yes or no: true or false in JSON and
// property lists, a REG_DWORD of 1 or 0 in the registry. Every other value is a
// text (REG_SZ); an empty one counts as not set.
func (k Key) IsSwitch() bool { return k.yes != nil }

// Keys are all of them, in the order of the documentation.
var Keys = []Key{
	{
		Name: "Service", Meaning: "Address of the organization's service, such as https://plenary.example.org.",
		text: func(s *Settings) *string { return &s.Service },
	},
	{
		Name: "ServiceLocked", Meaning: "No other service than Service can be chosen.", PolicyOnly: true,
		yes: func(s *Settings) *bool { return &s.ServiceLocked },
	},
	{
		Name: "CAFile", Meaning: "File with certificate authorities (PEM) beside those of the system; a whole path.",
		text: func(s *Settings) *string { return &s.CAFile },
	},
	{
		Name: "DisableDemo", Meaning: "The demonstration is not offered.", PolicyOnly: true,
		yes: func(s *Settings) *bool { return &s.DisableDemo },
	},
	{
		Name: "DisableUpdateNotice", Meaning: "Plenary does not say that there is a newer version.", PolicyOnly: true,
		yes: func(s *Settings) *bool { return &s.DisableUpdateNotice },
	},
	{
		Name: "Language", Meaning: "Language of the program.", Choices: []string{"en", "fr"},
		text: func(s *Settings) *string { return &s.Language },
	},
	{
		Name: "Proxy", Meaning: "Proxy to the service: http://host:port, direct for none, or system for what the system says.",
		text: func(s *Settings) *string { return &s.Proxy },
	},
	{
		Name: "LockAfter", Meaning: "Minutes without use after which Plenary is locked at the latest, or logs out where there is no PIN.",
		Choices: []string{"5", "15", "30", "60"}, PolicyOnly: true,
		text: func(s *Settings) *string { return &s.LockAfter },
	},
	{
		Name: "LogLevel", Meaning: "How much the log says.", Choices: []string{"error", "warn", "info", "debug"},
		text: func(s *Settings) *string { return &s.LogLevel },
	},
}

// find returns the key of a name. Case does not count, as in the registry.
func find(name string) (Key, bool) {
	for _, k := range Keys {
		if strings.EqualFold(k.Name, name) {
			return k, true
		}
	}
	return Key{}, false
}
