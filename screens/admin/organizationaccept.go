package admin

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// accepting is the form with which an organization joins the directory, as it
// was entered or corrected.
func (d *organizationDetail) accepting() fyne.CanvasObject {
	t := d.list.screen.env.T
	if d.form == nil {
		d.form = d.newForm()
	}
	rows := parts.Stack(parts.Gap12, parts.Stack(2, parts.Section(t("organizations.accept.title")), parts.Muted(t("organizations.accept.what"))))
	for _, field := range d.form.Fields() {
		rows.Add(field)
	}
	rows.Add(parts.Inline(parts.Gap12, parts.NewButton("organizations.accept", t("organizations.accept"), parts.Primary, d.accept)))
	return rows
}

// newForm has what was entered.
func (d *organizationDetail) newForm() *kit.Form {
	env, t := d.list.screen.env, d.list.screen.env.T
	var memberships []parts.Item
	for _, m := range rules.Memberships() {
		if m.Real() {
			memberships = append(memberships, parts.Item{ID: string(m), Text: t("membership." + string(m))})
		}
	}
	pick := func(name string, choices *parts.Choices) kit.Input {
		return kit.Input{
			Name: name, Required: true, Pick: choices, Placeholder: t("organizations.pick"), NoMatch: t("organizations.pick.none"),
			Wrong: func(id string) string {
				if id == "" {
					return t("organizations.wrong.pick")
				}
				return ""
			},
			Refused: func(api.FieldError) string { return t("organizations.wrong.pick") },
		}
	}
	name := kit.Input{Name: "name", Label: t("organizations.name"), Required: true, Refused: func(api.FieldError) string { return t("organizations.wrong.name") }}
	name.Wrong = func(text string) string {
		if text == "" {
			return t("organizations.wrong.name")
		}
		return ""
	}
	form := kit.NewForm(env, "organizations", name, pick("country", kit.Countries(env)), pick("membership", parts.NewChoices(memberships)))
	form.Fill(map[string]string{"name": d.chosen.Name, "country": d.chosen.Country, "membership": d.chosen.Membership})
	return form
}

func (d *organizationDetail) accept() {
	if !d.form.Check() {
		return
	}
	m, id := d.list.screen, d.chosen.ID
	in := api.AcceptOrganization{Name: d.form.Text("name"), Country: d.form.Text("country"), Membership: d.form.Text("membership")}
	d.work(func(ctx context.Context) error { return m.service.AcceptOrganization(ctx, id, in) },
		m.env.T("organizations.accepted", map[string]any{"Name": in.Name}), d.refused(d.form))
}

// refused says at its inputs what the service does not accept of a form, unless another
// organization is looked at by now.
func (d *organizationDetail) refused(form *kit.Form) kit.Failed {
	return func(err error) bool { return d.form == form && form.Refused(err) }
}
