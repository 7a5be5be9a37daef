package localdb

import (
	"context"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
)

// Directory is the list of organizations in memory, to be searched at every
// keystroke. Nothing changes it: a new list is a new Directory.
type Directory struct {
	byName []api.Organization // sorted by folded name; the place is the index's id
	index  *Index
}

// NewDirectory makes a directory. CountryNames gives the names of a country by
// which its organizations are found as well. For 12,400 organizations it takes
// about a tenth of a second, so it belongs off the window's goroutine.
func NewDirectory(organizations []api.Organization, countryNames func(code string) []string) *Directory {
	names := make([]string, len(organizations))
	order := make([]int, len(organizations))
	for i := range organizations {
		names[i] = strings.Join(rules.Tokens(organizations[i].Name), " ")
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(names[a], names[b]) })

	d := &Directory{byName: make([]api.Organization, len(order))}
	docs := make([]Doc, len(order))
	for place, i := range order {
		o := organizations[i]
		d.byName[place] = o
		docs[place] = Doc{ID: uint32(place), Text: o.Name, More: append([]string{o.Domain}, countryNames(o.Country)...)}
	}
	d.index = NewIndex(docs)
	if err := d.index.Build(context.Background()); err != nil {
		panic(err) // only the end of the context stops it
	}
	return d
}

// Len is the number of organizations.
func (d *Directory) Len() int { return len(d.byName) }

// Search gives at most max organizations, the best first, that have every word of
// query in their name, their country's name or their domain. Membership and
// country (ISO code) narrow it; empty means any, and so do the membership types
// that no organization has ("Please choose", "I don't know"). A query without
// letters and digits browses: all that fit, sorted by name.
func (d *Directory) Search(query, membership, country string, max int) []api.Organization {
	if !rules.Membership(membership).Real() {
		membership = ""
	}
	keep := func(id uint32) bool {
		o := &d.byName[id]
		return (membership == "" || o.Membership == membership) && (country == "" || o.Country == country)
	}
	var found []api.Organization
	if !strings.ContainsFunc(rules.Fold(query), rules.IsWord) {
		for i := range d.byName {
			if len(found) >= max {
				break
			}
			if keep(uint32(i)) {
				found = append(found, d.byName[i])
			}
		}
		return found
	}
	for _, hit := range d.index.Search(query, max, keep) {
		found = append(found, d.byName[hit.ID])
	}
	return found
}

// Get gives the organization with an id.
func (d *Directory) Get(id string) (api.Organization, bool) {
	at := slices.IndexFunc(d.byName, func(o api.Organization) bool { return o.ID == id })
	if at < 0 {
		return api.Organization{}, false
	}
	return d.byName[at], true
}
