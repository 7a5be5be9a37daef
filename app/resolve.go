package app

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"plenary/client"
	"plenary/platform/managed"
	"plenary/platform/proxy"
)

// Flags are what the command line says of what an organization may set.
type Flags struct {
	Service, CAFile string
	Demo            bool
}

// Choice is what counts of policy, flags, settings and defaults.
type Choice struct {
	// Service is the address in its normal form; empty when the person is to be
	// asked.
	Service string
	// ServiceLocked: no other service can be chosen.
	ServiceLocked bool
	CAFile        string
	// Demo: the demonstration is what was asked for. NoDemo: it is not offered.
	Demo, NoDemo   bool
	NoUpdateNotice bool
	// Language is a code ("fr"); empty for the system's. Where it is not fixed,
	// what the person has chosen in Plenary counts before it.
	Language      string
	LanguageFixed bool
	Proxy         proxy.Setting
	ProxyFixed    bool
	// Own are the settings that stay with the service that the person chooses:
	// those of before, and a file of authorities from the command line.
	Own Settings
	// LockAfter is after how long without use Plenary is locked at the latest; 0 where the
	// person chooses.
	LockAfter time.Duration
	// LogLevel is error, warn, info or debug; empty for the usual one.
	LogLevel string
	// Refused are the flags that the policy does not allow ("--service").
	Refused []string
	// Faults are what is set on this computer and cannot be used, of the policy
	// first.
	Faults []managed.Fault
	// Stopped: the policy is not known. Nothing else in the Choice is, and no
	// service and no demonstration may be opened: any of them might be just what
	// the policy forbids, and an address that it does not name might be another's.
	Stopped bool
}

// Resolve decides, for each thing by itself: policy, flag, settings (config.json),
// the installer's default; nothing of them means that the person is asked, or
// the usual value. A flag against a policy is refused, not followed. Settings and
// flags that are wrong are left as they are: their use says what is wrong.
func Resolve(system managed.System, flags Flags, settings Settings) Choice {
	policy, defaults := &system.Policy, &system.Defaults
	inspect(policy)
	inspect(defaults)
	c := Choice{Faults: slices.Concat(policy.Faults, defaults.Faults)}
	for _, f := range policy.Faults {
		if f.Serious() {
			c.Stopped = true
		}
	}
	if c.Stopped {
		return Choice{Stopped: true, Faults: c.Faults}
	}
	refuse := func(flag string) { c.Refused = append(c.Refused, flag) }

	c.ServiceLocked, c.NoDemo, c.NoUpdateNotice = policy.ServiceLocked, policy.DisableDemo, policy.DisableUpdateNotice
	c.Demo = flags.Demo
	if flags.Demo && c.NoDemo {
		refuse("--demo")
		c.Demo = false
	}
	if policy.Service != "" && flags.Service != "" && !sameAddress(flags.Service, policy.Service) {
		refuse("--service")
	}
	c.Service = cmp.Or(policy.Service, normalAddress(flags.Service), settings.Service, defaults.Service)

	// Who may name authorities may stand between Plenary and the service.
	allowed := policy.CAFile == "" && !policy.ServiceLocked
	if flags.CAFile != "" && flags.CAFile != policy.CAFile && !allowed {
		refuse("--ca")
	}
	remembered := settings.CAFile
	if policy.ServiceLocked || policy.Service != "" && !sameAddress(settings.Service, policy.Service) {
		remembered = "" // nobody who may name them did, or it was for another service
	}
	if allowed {
		remembered = cmp.Or(flags.CAFile, remembered)
	}
	c.Own = Settings{Service: settings.Service, CAFile: remembered, Proxy: settings.Proxy}
	c.CAFile = cmp.Or(policy.CAFile, remembered, defaults.CAFile)

	c.Language, c.LanguageFixed = cmp.Or(policy.Language, defaults.Language), policy.Language != ""
	c.ProxyFixed = policy.Proxy != ""
	for _, text := range []string{policy.Proxy, settings.Proxy, defaults.Proxy} {
		if text == "" {
			continue
		}
		// What the person entered was read before it was kept; a config.json that
		// says otherwise is as good as none.
		if s, err := proxy.ParseSetting(text); err == nil {
			c.Proxy = s
			break
		}
	}
	minutes, _ := strconv.Atoi(policy.LockAfter) // one of the choices, or nothing
	c.LockAfter = time.Duration(minutes) * time.Minute
	c.LogLevel = cmp.Or(policy.LogLevel, defaults.LogLevel)
	return c
}

// inspect looks at what package managed takes for mere text, and brings the
// address into its normal form. What is wrong becomes a fault, and is not set.
func inspect(l *managed.Layer) {
	wrong := func(key string, value *string) {
		*value = ""
		l.Faults = append(l.Faults, managed.Fault{Place: l.Places[key], Key: key, Reason: managed.ReasonValue})
	}
	if l.Service != "" {
		if address, err := client.ParseAddress(l.Service); err != nil {
			wrong("Service", &l.Service)
		} else {
			l.Service = address
		}
	}
	if l.CAFile != "" && !filepath.IsAbs(l.CAFile) {
		wrong("CAFile", &l.CAFile)
	}
	if _, err := proxy.ParseSetting(l.Proxy); err != nil {
		wrong("Proxy", &l.Proxy)
	}
}

// normalAddress is an address in its normal form, or as it is where it is none.
func normalAddress(typed string) string {
	if address, err := client.ParseAddress(typed); err == nil {
		return address
	}
	return typed
}

func sameAddress(a, b string) bool { return normalAddress(a) == normalAddress(b) }
