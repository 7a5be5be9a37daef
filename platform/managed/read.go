package managed

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// System is what is set on this computer.
type System struct{ Policy, Defaults Layer }

// Layer is what one kind of setting says, the policy or the defaults.
type Layer struct {
	Settings
	// Places says for the name of each key that is set where that was found,
	// such as a path or a key of the registry.
	Places map[string]string
	Faults []Fault
}

// Has says whether a key is set.
func (l Layer) Has(name string) bool { return l.Places[name] != "" }

// Fault is something that is set and cannot be used.
type Fault struct {
	Place  string // the file, or the key of the registry
	Key    string // within it; empty when it is about the whole
	Reason string
}

// Reasons of a Fault.
const (
	ReasonUnreadable = "unreadable" // it is there, and the system does not give it
	ReasonFormat     = "format"     // no JSON object, or no property list
	ReasonOwner      = "owner"      // others than the administrators may write it
	ReasonTwice      = "twice"      // the key is there twice
	ReasonType       = "type"       // a text where yes or no is wanted, or the other way round
	ReasonValue      = "value"      // none of the values that the key can have
	ReasonUnknown    = "unknown"    // no such key: misspelled, or of a newer Plenary
	ReasonPolicyOnly = "policy"     // means something in a policy only
	ReasonAlone      = "alone"      // ServiceLocked without Service
)

// Serious says whether what was set is not known. An unknown key is not: it may
// be meant for a newer Plenary, and must not stop the older ones while the newer
// is being distributed.
func (f Fault) Serious() bool { return f.Reason != ReasonUnknown }

// Read reads all there is. It is quick, and asks nobody but this computer.
func Read(ctx context.Context) System {
	policy, defaults := sources(ctx)
	return System{Policy: layer(policy, true), Defaults: layer(defaults, false)}
}

// source is one place with values. read returns none where there is no such
// place; its errors are faults, or stand for ReasonUnreadable.
type source struct {
	place string
	read  func() ([]value, error)
	// shared: other programs keep values of theirs there, which are no mistake.
	shared bool
}

// value is one value as it was found: a string, a bool, or a number that
// stands for one of them (0 or 1), as JSON and the registry have it.
type value struct {
	name string
	data any
}

// fault is a Fault's reason as the error of a source.
type fault string

func (f fault) Error() string { return string(f) }

// layer merges sources: the first that sets a key counts.
func layer(all []source, policy bool) Layer {
	l := Layer{Places: map[string]string{}}
	for _, s := range all {
		values, err := s.read()
		if err != nil {
			reason := fault(ReasonUnreadable)
			errors.As(err, &reason)
			l.Faults = append(l.Faults, Fault{Place: s.place, Reason: string(reason)})
			continue
		}
		var seen []string
		for _, v := range values {
			key, known := find(v.name)
			reason := ""
			switch {
			case !known && s.shared:
				continue
			case !known:
				reason = ReasonUnknown
			case slices.Contains(seen, key.Name):
				reason = ReasonTwice
			case key.PolicyOnly && !policy:
				reason = ReasonPolicyOnly
			default:
				seen = append(seen, key.Name)
				reason = l.take(key, v.data, s.place)
			}
			if reason != "" {
				l.Faults = append(l.Faults, Fault{Place: s.place, Key: v.name, Reason: reason})
			}
		}
	}
	if l.ServiceLocked && l.Service == "" {
		l.Faults = append(l.Faults, Fault{Place: l.Places["ServiceLocked"], Key: "ServiceLocked", Reason: ReasonAlone})
	}
	return l
}

// take sets a key that is not set yet, and returns what is wrong with its value.
func (l *Layer) take(key Key, data any, place string) (reason string) {
	if key.IsSwitch() {
		on, ok := asSwitch(data)
		if !ok {
			return ReasonType
		}
		if !l.Has(key.Name) {
			*key.yes(&l.Settings), l.Places[key.Name] = on, place
		}
		return ""
	}
	text, ok := data.(string)
	if !ok {
		return ReasonType
	}
	text = strings.TrimSpace(text)
	if text == "" || l.Has(key.Name) {
		return ""
	}
	if len(key.Choices) > 0 && !slices.Contains(key.Choices, text) {
		return ReasonValue
	}
	*key.text(&l.Settings), l.Places[key.Name] = text, place
	return ""
}

func asSwitch(data any) (on, ok bool) {
	switch v := data.(type) {
	case bool:
		return v, true
	case float64:
		return v == 1, v == 0 || v == 1
	}
	return false, false
}
