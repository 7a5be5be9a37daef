package person

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
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

// MaxHits is how many organizations a search shows.
const MaxHits = 50

// OrganizationForm is a person's organization, at sign-up and in Settings: the
// membership type, the country and the directory, or an entry of one's own.
type OrganizationForm struct {
	env       kit.Env
	area      string
	directory Directory
	onChange  func()

	Membership, Country, Organization                *parts.Picker
	membershipField, countryField, organizationField *parts.Field
	own                                              bool // the organization is not in the directory
	Name, City, Website                              *parts.Entry
	nameField                                        *parts.Field
	ownPanel                                         *fyne.Container
	hits                                             map[string]api.Organization
	Kept                                             string // the id under which set has filled one in
	Fields                                           *fyne.Container
}

// NewOrganizationForm returns a form whose inputs are named after an area.
func NewOrganizationForm(env kit.Env, area string, directory Directory, onChange func()) *OrganizationForm {
	f := &OrganizationForm{env: env, area: area, directory: directory, onChange: onChange, hits: map[string]api.Organization{}}
	f.Membership = parts.NewPicker(f.id("membership"), "", env.T("signup.no-match"), f.memberships()).WithRows(11)
	f.Membership.SetID(string(rules.PleaseChoose))
	f.Membership.OnChange = func(parts.Item) { f.membershipChanged() }
	f.Country = parts.NewPickerOf(f.id("country"), env.T("signup.country-placeholder"), env.T("signup.no-country"), kit.Countries(env))
	f.Country.OnChange = func(parts.Item) { f.countryChanged() }
	f.Organization = parts.NewSearch(f.id("organization"), env.T("signup.organization-placeholder"), "", f.search).WithDetailBelow()
	f.Organization.OnChange = func(parts.Item) { f.organizationChanged() }
	f.Organization.OnQuery = func(string) { f.onChange() }
	f.DirectoryChanged()

	f.membershipField = parts.NewField(f.id("membership.field"), env.T("signup.membership"), true, f.Membership).CheckWith(f.membershipMissing)
	f.countryField = parts.NewField(f.id("country.field"), env.T("signup.country"), true, f.Country).CheckWith(f.countryMissing)
	f.organizationField = parts.NewField(f.id("organization.field"), env.T("signup.organization"), true, f.Organization).CheckWith(f.missingWhile(false)).
		WithHint(kit.Link(env.T("signup.own"), f.id("own"), func() { f.setOwn(true, true) })...)
	f.buildOwn()
	f.Fields = parts.Stack(parts.Gap12, f.membershipField, f.countryField, f.organizationField, f.ownPanel)
	return f
}

func (f *OrganizationForm) id(name string) parts.ID { return parts.ID(f.area + "." + name) }

func (f *OrganizationForm) buildOwn() {
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
	f.Name, f.City, f.Website = entry(f.id("own.name")), entry(f.id("own.city")), entry(f.id("own.website"))
	f.nameField = parts.NewField(f.id("own.name.field"), f.env.T("signup.own-name"), true, f.Name).CheckWith(f.missingWhile(true)).
		WithHint(kit.Link(f.env.T("signup.own-back"), f.id("own.back"), func() { f.setOwn(false, true) })...)
	f.ownPanel = parts.Stack(parts.Gap12, f.nameField,
		parts.Row(14,
			parts.Cell{Object: parts.NewField(f.id("own.city.field"), f.env.T("signup.own-city"), false, f.City), Min: 140, Weight: 1},
			parts.Cell{Object: parts.NewField(f.id("own.website.field"), f.env.T("signup.own-website"), false, f.Website), Min: 180, Weight: 1}))
	f.ownPanel.Hide()
}

func (f *OrganizationForm) memberships() []parts.Item {
	var items []parts.Item
	for _, m := range rules.Memberships() {
		items = append(items, parts.Item{ID: string(m), Text: f.env.T("membership." + string(m))})
	}
	return items
}

// DirectoryChanged is called when the directory has arrived or changed.
func (f *OrganizationForm) DirectoryChanged() {
	key := "signup.no-organization"
	if !f.directory.Ready() {
		key = "signup.directory-loading"
	}
	f.Organization.SetEmpty(f.env.T(key))
}

// filter is the membership type to search in; "I don't know" looks through all.
func (f *OrganizationForm) filter() string {
	if m := rules.Membership(f.Membership.PickedID()); m.Real() {
		return string(m)
	}
	return ""
}

// search gives what fits; where nothing does, what can be done about it.
func (f *OrganizationForm) search(query string) []parts.Item {
	membership, country := f.filter(), f.Country.PickedID()
	found := f.directory.Search(query, membership, country, MaxHits)
	if len(found) == 0 && f.directory.Ready() {
		return f.elsewhere(query, membership, country)
	}
	items := make([]parts.Item, len(found))
	for i, o := range found {
		f.hits[o.ID] = o
		items[i] = parts.Item{ID: o.ID, Text: o.Name, Detail: func() string { return f.detail(o, membership, country) }}
	}
	return items
}

// detail tells an organization from others of its name: by what was not chosen already.
func (f *OrganizationForm) detail(o api.Organization, membership, country string) string {
	var about []string
	if country == "" {
		about = append(about, f.env.Words.Country(o.Country))
	}
	if o.Domain != "" {
		about = append(about, o.Domain)
	}
	if membership == "" {
		about = append(about, f.env.T("membership."+o.Membership))
	}
	return strings.Join(about, " · ")
}

// elsewhere is what is offered where nothing fits: to search in all countries or types,
// if something is there, and to enter the organization by hand.
func (f *OrganizationForm) elsewhere(query, membership, country string) []parts.Item {
	var items []parts.Item
	offer := func(name, withMembership, withCountry string) bool {
		if len(f.directory.Search(query, withMembership, withCountry, 1)) == 0 {
			return false
		}
		items = append(items, parts.Item{ID: name, Text: f.env.T("signup.search." + name), Do: func() { f.widen(withMembership == "", withCountry == "") }})
		return true
	}
	inCountries := country != "" && offer("all-countries", membership, "")
	inTypes := membership != "" && offer("all-types", "", country)
	if country != "" && membership != "" && !inCountries && !inTypes {
		offer("everywhere", "", "")
	}
	return append(items, parts.Item{ID: "own", Text: f.env.T("signup.search.own"), Do: func() { f.setOwn(true, true) }})
}

// widen gives up the membership type, the country, or both, and searches again.
func (f *OrganizationForm) widen(types, countries bool) {
	if types {
		f.Membership.SetID(string(rules.UnknownMembership))
		f.membershipField.SetError("")
	}
	if countries {
		f.Country.Clear()
	}
	f.Organization.SearchAgain()
	f.signs()
}

// chosen is the organization that was picked.
func (f *OrganizationForm) chosen() (api.Organization, bool) {
	o, ok := f.hits[f.Organization.PickedID()]
	return o, ok
}

func (f *OrganizationForm) organizationChanged() {
	if o, ok := f.chosen(); ok {
		f.Country.SetID(o.Country)
		f.countryField.SetError("")
		if f.filter() == "" {
			f.Membership.SetID(o.Membership)
			f.membershipField.SetError("")
		}
		f.organizationField.SetError("")
	}
	f.signs()
}

func (f *OrganizationForm) membershipChanged() {
	f.membershipField.SetError("")
	if o, ok := f.chosen(); ok && o.Membership != f.filter() {
		f.Organization.Clear()
	}
	empty := f.filter() != "" && f.directory.Ready() && len(f.directory.Search("", f.filter(), "", 1)) == 0
	f.setOwn(empty || f.Membership.PickedID() == string(rules.NonMember), false)
	f.Organization.SearchAgain()
	f.signs()
}

func (f *OrganizationForm) countryChanged() {
	f.countryField.SetError("")
	if o, ok := f.chosen(); ok && o.Country != f.Country.PickedID() {
		f.Organization.Clear()
	}
	f.Organization.SearchAgain()
	f.signs()
}

// setOwn changes between the directory and an entry of one's own. A person who
// asked for it is led to the first input.
func (f *OrganizationForm) setOwn(own, asked bool) {
	if f.own == own {
		return
	}
	if own && f.Name.Text == "" && f.Organization.PickedID() == "" {
		f.Name.SetText(strings.TrimSpace(f.Organization.Entry().Text))
	}
	f.own = own
	parts.ShowOne(own, f.ownPanel, f.organizationField)
	if asked && own {
		parts.Focus(f.Name)
	} else if asked {
		parts.Focus(f.Organization.Entry())
	}
	f.signs()
}

func (f *OrganizationForm) signs() {
	f.membershipField.SetRight(f.membershipMissing() == "")
	f.countryField.SetRight(f.countryMissing() == "")
	f.organizationField.SetRight(f.organizationMissing() == "")
	f.onChange()
}

func (f *OrganizationForm) membershipMissing() string {
	if m := rules.Membership(f.Membership.PickedID()); m.Real() || m == rules.UnknownMembership {
		return "" // "I don't know": the organization will tell
	}
	return f.env.T("signup.membership-missing")
}

func (f *OrganizationForm) countryMissing() string {
	if f.Country.PickedID() == "" {
		return f.env.T("signup.country-missing")
	}
	return ""
}

func (f *OrganizationForm) organizationMissing() string {
	if f.own && strings.TrimSpace(f.Name.Text) == "" {
		return f.env.T("signup.own-missing")
	}
	if !f.own && f.Organization.PickedID() == "" {
		return f.env.T("signup.organization-missing")
	}
	return ""
}

// missingWhile is organizationMissing for an input that is there only while an own entry
// is made, or only while none is.
func (f *OrganizationForm) missingWhile(own bool) func() string {
	return func() string {
		if f.own != own {
			return ""
		}
		return f.organizationMissing()
	}
}

func (f *OrganizationForm) Missing() []string {
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

// Check shows all mistakes and returns the first input that has one.
func (f *OrganizationForm) Check() fyne.Focusable {
	var first fyne.Focusable
	take := func(right bool, input fyne.Focusable) {
		if !right && first == nil {
			first = input
		}
	}
	take(f.membershipField.Check(), f.Membership.Entry())
	take(f.countryField.Check(), f.Country.Entry())
	if f.own {
		take(f.nameField.Check(), f.Name)
	} else {
		take(f.organizationField.Check(), f.Organization.Entry())
	}
	return first
}

// Entered is what was entered: the id of one in the directory, or an
// entry of one's own.
func (f *OrganizationForm) Entered() (id string, own *api.NewOrganization) {
	if !f.own {
		return f.Organization.PickedID(), nil
	}
	return "", &api.NewOrganization{
		Name: strings.TrimSpace(f.Name.Text), City: strings.TrimSpace(f.City.Text), Website: strings.TrimSpace(f.Website.Text),
	}
}

// Called is the name of the organization that is chosen or entered, if there is one.
func (f *OrganizationForm) Called() string {
	if f.own {
		return f.Name.Text
	}
	picked, _ := f.Organization.Picked()
	return picked.Text
}

// Set fills in an organization. One that was entered by hand is shown like one
// of the directory: it can be kept as it is.
func (f *OrganizationForm) Set(o api.Organization) {
	f.setOwn(false, false)
	f.Name.SetText("")
	if f.Kept = o.ID; f.Kept == "" && o.Name != "" {
		f.Kept = enteredByHand
		o.ID = f.Kept
	}
	f.hits[o.ID] = o
	f.Membership.SetID(o.Membership)
	f.Country.SetID(o.Country)
	f.Organization.Set(parts.Item{ID: o.ID, Text: o.Name})
}

// FieldOf returns the field for a JSON Pointer into the request.
func (f *OrganizationForm) FieldOf(pointer string) *parts.Field {
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
