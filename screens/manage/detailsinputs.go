package manage

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// build makes the inputs; zone is one to choose beside those that everybody has.
func (d *details) build(zone string) {
	d.checks, d.groups, d.rows = map[string]*parts.Check{}, map[string]*parts.Field{}, map[string]*rows{}
	d.makeForm(zone)
	d.language = parts.NewRadios("managed.language", languages())
	d.language.OnChange = d.speak
	for name, kind := range rowKinds {
		d.rows[name] = newRows(d, name, kind)
	}
	d.builder = newBuilder(d)
	kit.Swap(d.content, d.layOut())
	kit.Swap(d.formTab, d.builder.content)
}

// makeForm makes the inputs that the description has once, by their places in the contract.
func (d *details) makeForm(zone string) {
	t := d.page.env.T
	d.form = kit.NewForm(d.page.env, "managed")
	d.form.Enter = d.save
	add := func(in kit.Input, value func() string) {
		in.Changed = func(text string) { d.typeIn(value(), text, d.form.Field(in.Name)) }
		d.form.Add(in)
	}
	lingual := func(in kit.Input) { add(in, func() string { return inLanguage(in.Name, d.lang) }) }
	plain := func(in kit.Input) {
		d.plain = append(d.plain, in.Name)
		add(in, func() string { return in.Name })
	}
	choice := func(name string, ids ...string) {
		var items []parts.Item
		for _, id := range ids {
			items = append(items, parts.Item{ID: id, Text: t("managed." + name + "." + id)})
		}
		plain(kit.Input{Name: name, Choose: items, Wrong: unjudged})
	}
	moment := t("managed.moment.placeholder")
	lingual(kit.Input{Name: "title", Required: true})
	lingual(kit.Input{Name: "place"})
	lingual(kit.Input{Name: "description", Lines: 5})
	plain(kit.Input{Name: "contact", Required: true})
	plain(kit.Input{Name: "zone", Required: true, Pick: zonesWith(zone), NoMatch: t("managed.zone.none"), Placeholder: t("managed.zone.placeholder")})
	plain(kit.Input{Name: "registration_from", Required: true, Placeholder: moment})
	plain(kit.Input{Name: "registration_until", Required: true, Placeholder: moment})
	plain(kit.Input{Name: "change_until", Placeholder: moment})
	plain(kit.Input{Name: "withdraw_until", Placeholder: moment})
	for _, name := range []string{"capacity", "companions", "offer_hours", "retention", "platform", "token.audience", "token.room", "token.subject"} {
		plain(kit.Input{Name: name})
	}
	choice("approval", api.ApprovalSecretariat, api.ApprovalFocalPoint, api.ApprovalNone)
	choice("participant_list", nobody, api.ListForParticipants, api.ListForAll)
}

// layOut puts the inputs into cards.
func (d *details) layOut() fyne.CanvasObject {
	t := d.page.env.T
	body := parts.Stack(parts.Gap16)
	card := func(name string, objects ...fyne.CanvasObject) {
		heading := parts.Stack(2, parts.Section(t("managed.section."+name)), parts.Muted(t("managed.section."+name+".what")))
		body.Add(parts.CardWith(20, parts.Stack(parts.Gap16, append([]fyne.CanvasObject{heading}, objects...)...)))
	}
	field := func(name string) fyne.CanvasObject { return d.form.Field(name) }
	box := func(name string) fyne.CanvasObject { return d.check(name, t("managed."+name), "") }
	pair := func(a, b string) fyne.CanvasObject {
		return parts.Row(parts.Gap16, parts.Cell{Object: field(a), Min: 240, Weight: 1}, parts.Cell{Object: field(b), Min: 240, Weight: 1})
	}
	card("texts", parts.NewField("managed.language.field", t("managed.language"), false, d.language), field("title"), field("place"), field("description"))
	card("when", field("zone"), d.rows[sessionRows].field, d.rows[listRows].field)
	card("registration", pair("registration_from", "registration_until"), pair("change_until", "withdraw_until"), pair("capacity", "companions"),
		box("waiting_list"), field("offer_hours"), box("visa"),
		d.group("participation", true, []string{api.OnSite, api.Remote}, "register.participation."), field("platform"),
		field("approval"), d.group("memberships", false, memberships(), "membership."), d.group("reapprove", false, reapprovable, "managed.reapprove."))
	card("consents", d.rows[consentRows].field, field("participant_list"))
	card("retention", field("retention"), box("retention_names"))
	card("token", pair("token.audience", "token.room"), field("token.subject"), box("token.email"))
	card("contact", field("contact"), d.rows[documentRows].field)
	return body
}

// languages are those that a meeting's texts can be in.
func languages() (items []parts.Item) {
	for _, l := range words.Letters() {
		items = append(items, parts.Item{ID: l.Code, Text: l.Name})
	}
	return items
}

// zonesWith are the time zones to choose from, and one more.
func zonesWith(zone string) *parts.Choices {
	names := rules.Zones()
	if zone != "" && !slices.Contains(names, zone) {
		names = append(names, zone)
	}
	items := make([]parts.Item, len(names))
	for i, name := range names {
		items[i] = parts.Item{ID: name, Text: strings.ReplaceAll(name, "_", " ")}
	}
	return parts.NewChoices(items)
}

// check is a box of the form; group is the name of those that it is one of, if any.
func (d *details) check(name, text, group string) *parts.Check {
	c := parts.NewCheck(parts.ID("managed."+name), parts.Span{Text: text})
	c.OnChange = func(on bool) { d.typeIn(name, boxValue(on), d.groups[group]) }
	d.checks[name] = c
	return c
}

// group is several boxes of which any may be ticked.
func (d *details) group(name string, required bool, ids []string, prefix string) *parts.Field {
	t := d.page.env.T
	boxes := parts.Stack(parts.Gap4)
	for _, id := range ids {
		boxes.Add(d.check(name+"."+id, t(prefix+id), name))
	}
	f := parts.NewField(parts.ID("managed."+name+".field"), t("managed."+name), required, boxes)
	if key := "managed." + name + ".hint"; d.page.env.Words.Has(key) {
		f.WithHint(parts.Span{Text: t(key)})
	}
	d.groups[name] = f
	return f
}
