package app

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"plenary/platform/managed"
)

// layerOf is a layer in which these are set, all of them at one place.
func layerOf(place string, s managed.Settings) managed.Layer {
	l := managed.Layer{Settings: s, Places: map[string]string{}}
	for key, set := range map[string]bool{
		"Service": s.Service != "", "ServiceLocked": s.ServiceLocked, "CAFile": s.CAFile != "", "DisableDemo": s.DisableDemo,
		"DisableUpdateNotice": s.DisableUpdateNotice, "Language": s.Language != "", "Proxy": s.Proxy != "", "LogLevel": s.LogLevel != "",
		"LockAfter": s.LockAfter != "",
	} {
		if set {
			l.Places[key] = place
		}
	}
	return l
}

func system(policy, defaults managed.Settings) managed.System {
	return managed.System{Policy: layerOf("policy", policy), Defaults: layerOf("defaults", defaults)}
}

// whole is a path that is whole on this system.
func whole(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestResolve_order(t *testing.T) {
	t.Parallel()
	const a, b, c, d = "https://a.example", "https://b.example", "https://c.example", "https://d.example"
	pa, pc, pd := "http://a.example:1", "http://c.example:1", "http://d.example:1"
	fa, fb, fc, fd := whole(t, "a.pem"), "b.pem", "c.pem", whole(t, "d.pem")
	type set = managed.Settings
	tests := map[string]struct {
		policy   set
		flags    Flags
		settings Settings
		defaults set
		service  string
		caFile   string
		proxy    string
		refused  []string
	}{
		"nothing: the person is asked": {},
		"the installer's default": {
			set{}, Flags{}, Settings{}, set{Service: d, CAFile: fd, Proxy: pd}, d, fd, pd, nil,
		},
		"settings before defaults": {
			set{}, Flags{}, Settings{Service: c, CAFile: fc, Proxy: pc}, set{Service: d, CAFile: fd, Proxy: pd}, c, fc, pc, nil,
		},
		"flags before settings": {
			set{}, Flags{Service: b, CAFile: fb}, Settings{Service: c, CAFile: fc}, set{Service: d, CAFile: fd}, b, fb, "", nil,
		},
		"policy before all, and flags against it are refused": {
			set{Service: a, CAFile: fa, Proxy: pa},
			Flags{Service: b, CAFile: fb},
			Settings{Service: c, CAFile: fc, Proxy: pc},
			set{Service: d, CAFile: fd, Proxy: pd},
			a, fa, pa,
			[]string{"--service", "--ca"},
		},
		"flags that say what the policy says": {
			set{Service: a, CAFile: fa}, Flags{Service: "A.example/", CAFile: fa}, Settings{}, set{}, a, fa, "", nil,
		},
		"each thing by itself": {
			set{Proxy: "direct"}, Flags{Service: b}, Settings{Service: c, CAFile: fc, Proxy: pc}, set{Service: d}, b, fc, "direct", nil,
		},
		"a lock: nobody but an administrator names authorities": {
			set{Service: a, ServiceLocked: true}, Flags{CAFile: fb}, Settings{}, set{CAFile: fd}, a, fd, "", []string{"--ca"},
		},
		"a lock: nor those that were remembered": {
			set{Service: a, ServiceLocked: true}, Flags{}, Settings{Service: a, CAFile: fc}, set{CAFile: fd}, a, fd, "", nil,
		},
		"authorities that were for another service": {
			set{Service: a}, Flags{}, Settings{Service: c, CAFile: fc}, set{}, a, "", "", nil,
		},
		"authorities that were for this service": {
			set{Service: a}, Flags{}, Settings{Service: a, CAFile: fc}, set{}, a, fc, "", nil,
		},
		"the policy's system beats an entry": {
			set{Proxy: "system"}, Flags{}, Settings{Proxy: pc}, set{}, "", "", "", nil,
		},
		"an entry that cannot be read is none": {
			set{}, Flags{}, Settings{Proxy: "our proxy"}, set{Proxy: pd}, "", "", pd, nil,
		},
		"a demonstration that is not allowed": {
			set{DisableDemo: true}, Flags{Demo: true}, Settings{Service: c}, set{}, c, "", "", []string{"--demo"},
		},
		"an address in its normal form": {
			set{Service: "A.example:443/x"}, Flags{}, Settings{}, set{}, a, "", "", nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Resolve(system(tt.policy, tt.defaults), tt.flags, tt.settings)
			if got.Service != tt.service || got.CAFile != tt.caFile || got.Proxy.String() != tt.proxy || !slices.Equal(got.Refused, tt.refused) {
				t.Errorf("got %+v", got)
			}
			if got.Demo || got.Stopped || len(got.Faults) != 0 {
				t.Errorf("also %+v", got)
			}
			if got.ProxyFixed != (tt.policy.Proxy != "") || got.ServiceLocked != tt.policy.ServiceLocked || got.NoDemo != tt.policy.DisableDemo {
				t.Errorf("fixed wrongly: %+v", got)
			}
		})
	}
}

func TestResolve_languageAndLog(t *testing.T) {
	t.Parallel()
	got := Resolve(system(managed.Settings{}, managed.Settings{Language: "fr", LogLevel: "info"}), Flags{Demo: true}, Settings{})
	if got.Language != "fr" || got.LanguageFixed || got.LogLevel != "info" || !got.Demo {
		t.Errorf("got %+v", got)
	}
	got = Resolve(system(managed.Settings{Language: "en", LogLevel: "debug", DisableUpdateNotice: true, LockAfter: "15"}, managed.Settings{Language: "fr", LogLevel: "info"}), Flags{}, Settings{})
	if got.Language != "en" || !got.LanguageFixed || got.LogLevel != "debug" || !got.NoUpdateNotice || got.LockAfter != 15*time.Minute {
		t.Errorf("got %+v", got)
	}
}

// TestResolve_stopsAtAPolicyThatIsNotKnown: whatever else is set, nothing of it
// counts.
func TestResolve_stopsAtAPolicyThatIsNotKnown(t *testing.T) {
	t.Parallel()
	rest := managed.Settings{Service: "https://a.example", Language: "fr"}
	tests := map[string]struct {
		policy managed.Settings
		fault  managed.Fault // that was found in reading
		stops  bool
	}{
		"no JSON":                       {rest, managed.Fault{Place: "policy", Reason: managed.ReasonFormat}, true},
		"a value of the wrong type":     {rest, managed.Fault{Place: "policy", Key: "ServiceLocked", Reason: managed.ReasonType}, true},
		"no address":                    {managed.Settings{Service: "ftp://a.example"}, managed.Fault{}, true},
		"an address without protection": {managed.Settings{Service: "http://a.example"}, managed.Fault{}, true},
		"part of a path":                {managed.Settings{Service: "https://a.example", CAFile: "ca.pem"}, managed.Fault{}, true},
		"a proxy with a password":       {managed.Settings{Proxy: "http://a:b@c.example:1"}, managed.Fault{}, true},
		"a key that is not known":       {rest, managed.Fault{Place: "policy", Key: "Colour", Reason: managed.ReasonUnknown}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := system(tt.policy, managed.Settings{Service: "https://d.example"})
			if tt.fault != (managed.Fault{}) {
				s.Policy.Faults = []managed.Fault{tt.fault}
			}
			got := Resolve(s, Flags{Service: "https://b.example", Demo: true}, Settings{Service: "https://c.example"})
			if got.Stopped != tt.stops || len(got.Faults) != 1 || tt.stops && (got.Service != "" || got.Demo) || !tt.stops && got.Service != "https://a.example" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestResolve_aWrongDefaultIsSaid: it stops nothing, and is not followed.
func TestResolve_aWrongDefaultIsSaid(t *testing.T) {
	t.Parallel()
	got := Resolve(system(managed.Settings{}, managed.Settings{Service: "http://d.example", Proxy: "http://a:b@c.example:1"}), Flags{}, Settings{})
	if got.Stopped || got.Service != "" || got.Proxy.String() != "" || len(got.Faults) != 2 || got.Faults[0].Place != "defaults" {
		t.Errorf("got %+v", got)
	}
}
