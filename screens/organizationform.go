package screens

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
	"plenary/words"
)

// Directory is the list of organizations; searching it is fast.
type Directory interface {
	// Search returns at most limit organizations that fit the query; an empty
	// query browses, an empty membership or country means any.
	Search(query, membership, country string, limit int) []api.Organization
	// Ready tells whether there is something to search in.
	Ready() bool
	// Subscribe calls f, on any goroutine, when that changes.
	Subscribe(f func()) (cancel func())
}

// enteredByHand stands for the id of an organization that the directory does
// not have.
const enteredByHand = "entered-by-hand"

// maxHits is how many organizations a search shows.
const maxHits = 50

// organizationForm is a person's organization, at sign-up and in Settings: the
// membership type, the country and the directory, or an entry of one's own.
type organizationForm struct {
	env       Env
	area      string
	directory Directory
	onChange  func()

	membership, country, organization                *parts.Picker
	membershipField, countryField, organizationField *parts.Field
	own                                              bool // the organization is not in the directory
	name, city, website                              *parts.Entry
	nameField                                        *parts.Field
	ownPanel                                         *fyne.Container
	hits                                             map[string]api.Organization
	kept                                             string // the id under which set has filled one in
	fields                                           *fyne.Container
}

// newOrganizationForm returns a form whose inputs are named after an area.
func newOrganizationForm(env Env, area string, directory Directory, onChange func()) *organizationForm {
	f := &organizationForm{env: env, area: area, directory: directory, onChange: onChange, hits: map[string]api.Organization{}}
	f.membership = parts.NewPicker(f.id("membership"), "", env.T("signup.no-match"), f.memberships()).WithRows(11)
	f.membership.SetID(string(rules.PleaseChoose))
	f.membership.OnChange = func(parts.Item) { f.membershipChanged() }
	f.country = parts.NewPicker(f.id("country"), env.T("signup.country-placeholder"), env.T("signup.no-country"), f.countries())
	f.country.OnChange = func(parts.Item) { f.countryChanged() }
	f.organization = parts.NewSearch(f.id("organization"), env.T("signup.organization-placeholder"), "", f.search)
	f.organization.OnChange = func(parts.Item) { f.organizationChanged() }
	f.organization.OnQuery = func(string) { f.onChange() }
	f.DirectoryChanged()

	f.membershipField = parts.NewField(f.id("membership.field"), env.T("signup.membership"), true, f.membership).CheckWith(f.membershipMissing)
	f.countryField = parts.NewField(f.id("country.field"), env.T("signup.country"), true, f.country).CheckWith(f.countryMissing).
		WithHint(link(env.T("signup.own"), f.id("own"), func() { f.setOwn(true, true) })...)
	f.organizationField = parts.NewField(f.id("organization.field"), env.T("signup.organization"), true, f.organization).CheckWith(f.organizationMissing)
	f.buildOwn()
	f.fields = parts.Stack(parts.Gap12, f.membershipField, f.countryField, f.organizationField, f.ownPanel)
	return f
}

func (f *organizationForm) id(name string) parts.ID { return parts.ID(f.area + "." + name) }

func (f *organizationForm) buildOwn() {
	entry := func(id parts.ID) *parts.Entry {
		e := parts.NewEntry(id)
		e.OnChanged = func(string) {
			if f.organizationMissing() == "" {
				f.nameField.SetError("")
			}
			f.onChange()
		}
		return e
	}
	f.name, f.city, f.website = entry(f.id("own.name")), entry(f.id("own.city")), entry(f.id("own.website"))
	f.nameField = parts.NewField(f.id("own.name.field"), f.env.T("signup.own-name"), true, f.name).CheckWith(f.organizationMissing).
		WithHint(link(f.env.T("signup.own-back"), f.id("own.back"), func() { f.setOwn(false, true) })...)
	f.ownPanel = parts.Stack(parts.Gap12, f.nameField,
		parts.Row(14,
			parts.Cell{Object: parts.NewField(f.id("own.city.field"), f.env.T("signup.own-city"), false, f.city), Min: 140, Weight: 1},
			parts.Cell{Object: parts.NewField(f.id("own.website.field"), f.env.T("signup.own-website"), false, f.website), Min: 180, Weight: 1}))
	f.ownPanel.Hide()
}

func (f *organizationForm) memberships() []parts.Item {
	var items []parts.Item
	for _, m := range rules.Memberships() {
		items = append(items, parts.Item{ID: string(m), Text: f.env.T("membership." + string(m))})
	}
	return items
}

func (f *organizationForm) countries() []parts.Item {
	var items []parts.Item
	for _, c := range f.env.Words.Countries() {
		items = append(items, parts.Item{ID: c.Code, Text: c.Name, Keys: words.CountryNames(c.Code)})
	}
	return items
}

// DirectoryChanged is called when the directory has arrived or changed.
func (f *organizationForm) DirectoryChanged() {
	key := "signup.no-organization"
	if !f.directory.Ready() {
		key = "signup.directory-loading"
	}
	f.organization.SetEmpty(f.env.T(key))
}

// filter is the membership type to search in; "I don't know" looks through all.
func (f *organizationForm) filter() string {
	if m := rules.Membership(f.membership.PickedID()); m.Real() {
		return string(m)
	}
	return ""
}

func (f *organizationForm) search(query string) []parts.Item {
	found := f.directory.Search(query, f.filter(), f.country.PickedID(), maxHits)
	items := make([]parts.Item, len(found))
	for i, o := range found {
		f.hits[o.ID] = o
		detail := f.env.Words.Country(o.Country) + " · " + f.env.T("membership."+o.Membership)
		items[i] = parts.Item{ID: o.ID, Text: o.Name, Detail: detail}
	}
	return items
}

// chosen is the organization that was picked.
func (f *organizationForm) chosen() (api.Organization, bool) {
	o, ok := f.hits[f.organization.PickedID()]
	return o, ok
}

func (f *organizationForm) organizationChanged() {
	if o, ok := f.chosen(); ok {
		f.country.SetID(o.Country)
		f.countryField.SetError("")
		if f.filter() == "" {
			f.membership.SetID(o.Membership)
			f.membershipField.SetError("")
		}
		f.organizationField.SetError("")
	}
	f.signs()
}

func (f *organizationForm) membershipChanged() {
	f.membershipField.SetError("")
	if o, ok := f.chosen(); ok && o.Membership != f.filter() {
		f.organization.Clear()
	}
	empty := f.filter() != "" && f.directory.Ready() && len(f.directory.Search("", f.filter(), "", 1)) == 0
	f.setOwn(empty || f.membership.PickedID() == string(rules.NonMember), false)
	f.organization.SearchAgain()
	f.signs()
}

func (f *organizationForm) countryChanged() {
	f.countryField.SetError("")
	if o, ok := f.chosen(); ok && o.Country != f.country.PickedID() {
		f.organization.Clear()
	}
	f.organization.SearchAgain()
	f.signs()
}

// setOwn changes between the directory and an entry of one's own. A person who
// asked for it is led to the first input.
func (f *organizationForm) setOwn(own, asked bool) {
	if f.own == own {
		return
	}
	if own && f.name.Text == "" && f.organization.PickedID() == "" {
		f.name.SetText(strings.TrimSpace(f.organization.Entry().Text))
	}
	f.own = own
	f.organizationField.Hidden = own
	f.ownPanel.Hidden = !own
	parts.Changed(f.ownPanel)
	if asked && own {
		parts.Focus(f.name)
	} else if asked {
		parts.Focus(f.organization.Entry())
	}
	f.signs()
}

func (f *organizationForm) signs() {
	f.membershipField.SetRight(f.membershipMissing() == "")
	f.countryField.SetRight(f.countryMissing() == "")
	f.organizationField.SetRight(f.organizationMissing() == "")
	f.onChange()
}

func (f *organizationForm) membershipMissing() string {
	if m := rules.Membership(f.membership.PickedID()); m.Real() || m == rules.UnknownMembership {
		return "" // "I don't know": the organization will tell
	}
	return f.env.T("signup.membership-missing")
}

func (f *organizationForm) countryMissing() string {
	if f.country.PickedID() == "" {
		return f.env.T("signup.country-missing")
	}
	return ""
}

func (f *organizationForm) organizationMissing() string {
	if f.own && strings.TrimSpace(f.name.Text) == "" {
		return f.env.T("signup.own-missing")
	}
	if !f.own && f.organization.PickedID() == "" {
		return f.env.T("signup.organization-missing")
	}
	return ""
}

func (f *organizationForm) missing() []string {
	var out []string
	add := func(missing bool, key string) {
		if missing {
			out = append(out, f.env.T(key))
		}
	}
	add(f.membershipMissing() != "", "signup.lacks-membership")
	add(f.countryMissing() != "", "signup.lacks-country")
	add(f.organizationMissing() != "", "signup.lacks-organization")
	return out
}

// check shows all mistakes and returns the first input that has one.
func (f *organizationForm) check() fyne.Focusable {
	var first fyne.Focusable
	take := func(right bool, input fyne.Focusable) {
		if !right && first == nil {
			first = input
		}
	}
	take(f.membershipField.Check(), f.membership.Entry())
	take(f.countryField.Check(), f.country.Entry())
	if f.own {
		take(f.nameField.Check(), f.name)
	} else {
		take(f.organizationField.Check(), f.organization.Entry())
	}
	return first
}

// entered is what was entered: the id of one in the directory, or an
// entry of one's own.
func (f *organizationForm) entered() (id string, own *api.NewOrganization) {
	if !f.own {
		return f.organization.PickedID(), nil
	}
	return "", &api.NewOrganization{
		Name: strings.TrimSpace(f.name.Text), City: strings.TrimSpace(f.city.Text), Website: strings.TrimSpace(f.website.Text),
	}
}

// called is the name of the organization that is chosen or entered, if there is one.
func (f *organizationForm) called() string {
	if f.own {
		return f.name.Text
	}
	picked, _ := f.organization.Picked()
	return picked.Text
}

// set fills in an organization. One that was entered by hand is shown like one
// of the directory: it can be kept as it is.
func (f *organizationForm) set(o api.Organization) {
	f.setOwn(false, false)
	f.name.SetText("")
	if f.kept = o.ID; f.kept == "" && o.Name != "" {
		f.kept = enteredByHand
		o.ID = f.kept
	}
	f.hits[o.ID] = o
	f.membership.SetID(o.Membership)
	f.country.SetID(o.Country)
	f.organization.Set(parts.Item{ID: o.ID, Text: o.Name})
}

// fieldOf returns the field for a JSON Pointer into the request.
func (f *organizationForm) fieldOf(pointer string) *parts.Field {
	switch {
	case pointer == "/membership":
		return f.membershipField
	case pointer == "/country":
		return f.countryField
	case f.own && strings.HasPrefix(pointer, "/new_organization"):
		return f.nameField
	case pointer == "/organization_id":
		return f.organizationField
	}
	return nil
}
