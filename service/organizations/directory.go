// Package organizations is the directory of organizations as the service serves
// it, and what staff does with those that people entered because the directory
// did not have them: accept, which adds one to the directory, or merge, which
// makes those who entered it members of one that is there already.
//
// The directory is the data of package directory and what was accepted, which
// stands in the database; each node holds it in memory, and Refresh brings it up to date.
//
// Start reading at Organizations.Accept; suggest.go finds the likeliest
// organizations for what somebody typed.
package organizations

import (
	"cmp"
	"slices"
	"sync"

	"plenary/api"
)

// Directory is the directory at one time. It does not change and is safe for
// concurrent use.
type Directory struct {
	all   []api.Organization
	byID  map[string]int32 // where in all
	index func() *index    // for suggestions, made when it is needed
}

func newDirectory(all []api.Organization) *Directory {
	slices.SortFunc(all, func(a, b api.Organization) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Membership, b.Membership),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	d := &Directory{all: all, byID: make(map[string]int32, len(all))}
	for i, o := range all {
		d.byID[o.ID] = int32(i)
	}
	d.index = sync.OnceValue(func() *index { return newIndex(all) })
	return d
}

// All gives the organizations, sorted by country, membership type and name. The
// list is not to be changed.
func (d *Directory) All() []api.Organization { return d.all }

// Find finds an organization by its id.
func (d *Directory) Find(id string) (api.Organization, bool) {
	at, ok := d.byID[id]
	if !ok {
		return api.Organization{}, false
	}
	return d.all[at], true
}

// Named finds organizations by their names, whatever the case and accents, and by country
// and membership type where they are given: a zero one for each that the directory does not
// have, or has in several countries. It goes through the directory once.
func (d *Directory) Named(wanted []api.Organization) []api.Organization {
	byKey := map[string][]int{}
	for i, o := range wanted {
		if key := nameKey(o.Name); key != "" {
			byKey[key] = append(byKey[key], i)
		}
	}
	found, elsewhere := make([]api.Organization, len(wanted)), make([]bool, len(wanted))
	for _, o := range d.all {
		for _, i := range byKey[nameKey(o.Name)] {
			w, before := &wanted[i], &found[i]
			switch {
			case w.Country != "" && w.Country != o.Country:
			case before.ID == "", before.Membership != w.Membership && o.Membership == w.Membership:
				elsewhere[i] = elsewhere[i] || before.ID != "" && before.Country != o.Country
				*before = o
			default:
				elsewhere[i] = elsewhere[i] || before.Country != o.Country
			}
		}
	}
	for i := range found {
		if elsewhere[i] {
			found[i] = api.Organization{}
		}
	}
	return found
}

// has tells whether an organization with the same name, country and type is there.
func (d *Directory) has(o api.Organization) bool {
	key := nameKey(o.Name)
	return slices.ContainsFunc(d.all, func(other api.Organization) bool {
		return other.Country == o.Country && other.Membership == o.Membership && nameKey(other.Name) == key
	})
}
