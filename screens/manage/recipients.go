package manage

import (
	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// recipients is where a manager chooses to whom an e-mail goes.
type recipients struct {
	env           kit.Env
	state         *parts.Radios
	participation *parts.Radios
	membership    *parts.Picker
	country       *parts.Picker
}

func newRecipients(env kit.Env, changed func()) *recipients {
	t := env.T
	states := []parts.Item{{ID: anyOne, Text: t("mails.to.any-state")}}
	for _, s := range registrationStates {
		states = append(states, parts.Item{ID: s.State, Text: t("registrations.state." + s.State)})
	}
	memberships := []parts.Item{{ID: anyOne, Text: t("registrations.filter.any-membership")}}
	for _, m := range rules.Memberships() {
		memberships = append(memberships, parts.Item{ID: string(m), Text: t("membership." + string(m))})
	}
	r := &recipients{
		env: env, state: parts.NewRadios("mails.to.state", states),
		participation: parts.NewRadios("mails.to.participation", []parts.Item{
			{ID: anyOne, Text: t("registrations.filter.any-participation")},
			{ID: api.OnSite, Text: t("register.participation." + api.OnSite)},
			{ID: api.Remote, Text: t("register.participation." + api.Remote)},
		}),
		membership: parts.NewPicker("mails.to.membership", t("registrations.filter.any-membership"), t("registrations.filter.nothing"), memberships),
		country:    parts.NewPickerOf("mails.to.country", t("registrations.filter.any-country"), t("registrations.filter.nothing"), kit.Countries(env)),
	}
	r.set(api.Recipients{})
	r.state.OnChange = func(string) { changed() }
	r.participation.OnChange = func(string) { changed() }
	r.membership.OnChange = func(parts.Item) { changed() }
	r.country.OnChange = func(parts.Item) { changed() }
	return r
}

func (r *recipients) content() fyne.CanvasObject {
	t := r.env.T
	return parts.Row(parts.Gap16,
		parts.Cell{Object: parts.NewField("mails.to.state.field", t("registrations.filter.state"), false, r.state), Min: 240, Weight: 1},
		parts.Cell{Object: parts.Stack(parts.Gap16,
			parts.NewField("mails.to.participation.field", t("register.participation"), false, r.participation),
			parts.NewField("mails.to.country.field", t("signup.country"), false, r.country),
			parts.NewField("mails.to.membership.field", t("organizations.membership"), false, r.membership)), Min: 240, Weight: 1})
}

// set shows a choice.
func (r *recipients) set(to api.Recipients) {
	or := func(id string) string {
		if id == "" {
			return anyOne
		}
		return id
	}
	r.state.Set(or(to.State))
	r.participation.Set(or(to.Participation))
	r.membership.Clear()
	r.country.Clear()
	if to.Membership != "" {
		r.membership.SetID(to.Membership)
	}
	if to.Country != "" {
		r.country.SetID(to.Country)
	}
}

// chosen is what is chosen.
func (r *recipients) chosen() (to api.Recipients) {
	some := func(id string) string {
		if id == anyOne {
			return ""
		}
		return id
	}
	return api.Recipients{
		State: some(r.state.Chosen()), Participation: some(r.participation.Chosen()),
		Membership: some(r.membership.PickedID()), Country: r.country.PickedID(),
	}
}

// recipientsWords says to whom something went.
func recipientsWords(env kit.Env, to api.Recipients) (list []string) {
	t := env.T
	list = []string{t("mails.to.any-state")}
	if to.State != "" {
		list[0] = t("registrations.state." + to.State)
	}
	if to.Participation != "" {
		list = append(list, t("register.participation."+to.Participation))
	}
	if to.Country != "" {
		list = append(list, env.Words.Country(to.Country))
	}
	if to.Membership != "" {
		list = append(list, t("membership."+to.Membership))
	}
	return list
}
