package manage

import (
	"cmp"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// registrationFilter is where a manager chooses some of a meeting's registrations: to look
// at, or to write to their people.
type registrationFilter struct {
	env           kit.Env
	area          string
	state         *parts.Radios
	participation *parts.Radios
	membership    *parts.Picker
	country       *parts.Picker
}

// anyOne is the choice of a filter that lets everything through.
const anyOne = "any"

// registrationStates are those of a registration, as a filter offers them.
var registrationStates = kit.Tagged{
	{api.WaitingSecretariat, parts.Warning},
	{api.WaitingFocalPoint, parts.Warning},
	{api.WaitingList, parts.Warning},
	{api.Offered, parts.Warning},
	{api.Confirmed, parts.Success},
	{api.Refused, parts.Bad},
	{api.Withdrawn, parts.Info},
}

// newRegistrationFilter returns one whose ids begin with an area; anyState is what it is
// called in words that no state is chosen.
func newRegistrationFilter(env kit.Env, area, anyState string, changed func()) *registrationFilter {
	t := env.T
	anything := func(text string) parts.Item { return parts.Item{ID: anyOne, Text: text} }
	states := []parts.Item{anything(anyState)}
	for _, s := range registrationStates {
		states = append(states, parts.Item{ID: s.State, Text: t("registrations.state." + s.State)})
	}
	ways := []parts.Item{anything(t("registrations.filter.any-participation"))}
	for _, way := range []string{api.OnSite, api.Remote} {
		ways = append(ways, parts.Item{ID: way, Text: t("register.participation." + way)})
	}
	memberships := append([]parts.Item{anything(t("registrations.filter.any-membership"))}, membershipItems(env)...)
	anyCountry, nothing := anything(t("registrations.filter.any-country")), t("registrations.filter.nothing")
	id := func(name string) parts.ID { return parts.ID(area + "." + name) }
	f := &registrationFilter{
		env: env, area: area,
		state:         parts.NewRadios(id("state"), states),
		participation: parts.NewRadios(id("participation"), ways),
		membership:    parts.NewPicker(id("membership"), memberships[0].Text, nothing, memberships),
		country:       parts.NewPickerOf(id("country"), anyCountry.Text, nothing, kit.Countries(env).After(anyCountry)),
	}
	f.set(api.Recipients{})
	f.state.OnChange = func(string) { changed() }
	f.participation.OnChange = func(string) { changed() }
	f.membership.OnChange = func(parts.Item) { changed() }
	f.country.OnChange = func(parts.Item) { changed() }
	return f
}

// membershipItems are the types of membership that somebody can have.
func membershipItems(env kit.Env) (items []parts.Item) {
	for _, m := range rules.Memberships() {
		if m != rules.PleaseChoose {
			items = append(items, parts.Item{ID: string(m), Text: env.T("membership." + string(m))})
		}
	}
	return items
}

// fields are the inputs with their labels.
func (f *registrationFilter) fields() (state, participation, country, membership *parts.Field) {
	t := f.env.T
	id := func(name string) parts.ID { return parts.ID(f.area + "." + name + ".field") }
	return parts.NewField(id("state"), t("registrations.filter.state"), false, f.state),
		parts.NewField(id("participation"), t("register.participation"), false, f.participation),
		parts.NewField(id("country"), t("signup.country"), false, f.country),
		parts.NewField(id("membership"), t("organizations.membership"), false, f.membership)
}

// set shows a choice.
func (f *registrationFilter) set(to api.Recipients) {
	f.state.Set(cmp.Or(to.State, anyOne))
	f.participation.Set(cmp.Or(to.Participation, anyOne))
	f.membership.Clear()
	f.membership.SetID(to.Membership)
	f.country.Clear()
	f.country.SetID(to.Country)
}

// chosen is what is chosen; of what may be anything it is empty.
func (f *registrationFilter) chosen() api.Recipients {
	some := func(id string) string {
		if id == anyOne {
			return ""
		}
		return id
	}
	return api.Recipients{
		State: some(f.state.Chosen()), Participation: some(f.participation.Chosen()),
		Membership: some(f.membership.PickedID()), Country: some(f.country.PickedID()),
	}
}

// chosenWords says which registrations are chosen, one thing each.
func chosenWords(env kit.Env, of api.Recipients) (list []string) {
	add := func(id string, word func(id string) string) {
		if id != "" {
			list = append(list, word(id))
		}
	}
	with := func(prefix string) func(string) string { return func(id string) string { return env.T(prefix + id) } }
	add(of.State, with("registrations.state."))
	add(of.Participation, with("register.participation."))
	add(of.Country, env.Words.Country)
	add(of.Membership, with("membership."))
	return list
}
