package staff

import (
	"maps"
	"slices"

	"plenary/api"
)

// UserKind is what the contract says of a kind of change to a user.
type UserKind struct {
	Name    string `json:"-"`
	Summary string `json:"-"`
	// Of is what it changes: an account, or a sign-up whose address was not verified.
	Of string `json:"of"`
	// Takes are the fields of api.ChangeUser that it requires beside the kind; it takes
	// no others.
	Takes []string `json:"takes"`
	// Second says when a second administrator must approve it; empty for never.
	Second string `json:"second,omitempty"`
	// Codes are those that it can be answered with, and not every other kind.
	Codes []api.Code `json:"codes,omitempty"`
}

// UserKinds are the kinds of ChangeUser, by name.
func UserKinds() []UserKind {
	var kinds []UserKind
	for _, name := range slices.Sorted(maps.Keys(userChanges)) {
		c := userChanges[name]
		k := UserKind{Name: name, Summary: c.summary, Of: "account", Takes: []string{}, Second: c.second.when, Codes: c.codes}
		if c.ofSignUp {
			k.Of = "sign-up"
		}
		if c.takesEmail {
			k.Takes = append(k.Takes, "email")
		}
		if c.takesRoles {
			k.Takes = append(k.Takes, "roles")
		}
		if c.takesProfile {
			k.Takes = append(k.Takes, "profile")
		}
		if c.takesVersion {
			k.Takes = append(k.Takes, "version")
		}
		if !c.withoutReason {
			k.Takes = append(k.Takes, "reason")
		}
		kinds = append(kinds, k)
	}
	return kinds
}
