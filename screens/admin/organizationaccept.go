package admin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// accepting is the form with which an organization joins the directory, as it
// was entered or corrected.
func (d *organizationDetail) accepting() fyne.CanvasObject {
	env, t := d.list.screen.env, d.list.screen.env.T
	d.name = parts.NewEntry("organizations.name")
	d.name.SetText(d.chosen.Name)
	d.nameField = parts.NewField("organizations.name.field", t("organizations.name"), true, d.name).CheckWith(func() string {
		if strings.TrimSpace(d.name.Text) == "" {
			return t("organizations.wrong.name")
		}
		return ""
	})
	var countries, memberships []parts.Item
	for _, c := range env.Words.Countries() {
		countries = append(countries, parts.Item{ID: c.Code, Text: c.Name, Keys: words.CountryNames(c.Code)})
	}
	for _, m := range rules.Memberships() {
		if m.Real() {
			memberships = append(memberships, parts.Item{ID: string(m), Text: t("membership." + string(m))})
		}
	}
	d.country = parts.NewPicker("organizations.country", t("organizations.pick"), t("organizations.pick.none"), countries)
	d.country.SetID(d.chosen.Country)
	d.membership = parts.NewPicker("organizations.membership", t("organizations.pick"), t("organizations.pick.none"), memberships)
	d.membership.SetID(d.chosen.Membership)
	picked := func(p *parts.Picker) func() string {
		return func() string {
			if p.PickedID() == "" {
				return t("organizations.wrong.pick")
			}
			return ""
		}
	}
	d.countryField = parts.NewField("organizations.country.field", t("organizations.country"), true, d.country).CheckWith(picked(d.country))
	d.membershipField = parts.NewField("organizations.membership.field", t("organizations.membership"), true, d.membership).CheckWith(picked(d.membership))
	return parts.Stack(parts.Gap12,
		parts.Stack(2, parts.Section(t("organizations.accept.title")), parts.Muted(t("organizations.accept.what"))),
		d.nameField, d.countryField, d.membershipField,
		parts.Inline(parts.Gap12, parts.NewButton("organizations.accept", t("organizations.accept"), parts.Primary, d.accept)))
}

func (d *organizationDetail) accept() {
	if !kit.CheckAll(kit.FieldInput{Field: d.nameField, Input: d.name}, kit.FieldInput{Field: d.countryField, Input: d.country.Entry()},
		kit.FieldInput{Field: d.membershipField, Input: d.membership.Entry()}) {
		return
	}
	m, id := d.list.screen, d.chosen.ID
	in := api.AcceptOrganization{Name: strings.TrimSpace(d.name.Text), Country: d.country.PickedID(), Membership: d.membership.PickedID()}
	d.work(func(ctx context.Context) error { return m.office.AcceptOrganization(ctx, id, in) },
		m.env.T("organizations.accepted", map[string]any{"Name": in.Name}))
}

// failed says what went wrong, at its field where there is one.
func (d *organizationDetail) failed(err error) {
	env := d.list.screen.env
	at := map[string]*parts.Field{"/name": d.nameField, "/country": d.countryField, "/membership": d.membershipField}
	said := false
	for _, wrong := range env.Explain(err).Fields {
		if f := at[wrong.Pointer]; f != nil {
			key := "organizations.wrong.pick"
			if f == d.nameField {
				key = "organizations.wrong.name"
			}
			f.SetError(env.T(key))
			said = true
		}
	}
	if !said {
		d.list.screen.failed(err)
	}
}
