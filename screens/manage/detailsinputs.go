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

// plainInputs are those that are the same in all languages, by their places in the contract.
var plainInputs = []string{
	"contact", "zone", "registration_from", "registration_until", "change_until", "withdraw_until", "capacity", "companions", "offer_hours", "retention", "platform",
	"approval", "participant_list", "token.audience", "token.room", "token.subject",
}

func (d *details) build(zone string) {
	env, t := d.page.env, d.page.env.T
	d.checks, d.groups = map[string]*parts.Check{}, map[string]*parts.Field{}
	d.form = kit.NewForm(env, "managed")
	d.form.Enter = d.save
	lingual := func(name string, lines int, required bool) {
		d.form.Add(kit.Input{Name: name, Lines: lines, Required: required, Changed: func(value string) {
			d.typeIn(inLanguage(name, d.lang), value, d.form.Field(name))
		}})
	}
	plain := func(in kit.Input) {
		name := in.Name
		in.Changed = func(value string) { d.typeIn(name, value, d.form.Field(name)) }
		d.form.Add(in)
	}
	lingual("title", 1, true)
	lingual("place", 1, false)
	lingual("description", 5, false)
	plain(kit.Input{Name: "contact", Required: true})
	plain(kit.Input{Name: "zone", Required: true, Pick: zonesWith(zone), NoMatch: t("managed.zone.none"), Placeholder: t("managed.zone.placeholder")})
	for _, name := range []string{"registration_from", "registration_until"} {
		plain(kit.Input{Name: name, Required: true, Placeholder: t("managed.moment.placeholder")})
	}
	for _, name := range []string{"change_until", "withdraw_until"} {
		plain(kit.Input{Name: name, Placeholder: t("managed.moment.placeholder")})
	}
	plain(kit.Input{Name: "capacity"})
	plain(kit.Input{Name: "companions"})
	plain(kit.Input{Name: "offer_hours"})
	plain(kit.Input{Name: "retention"})
	plain(kit.Input{Name: "platform"})
	var approvals []parts.Item
	for _, a := range []string{api.ApprovalSecretariat, api.ApprovalFocalPoint, api.ApprovalNone} {
		approvals = append(approvals, parts.Item{ID: a, Text: t("managed.approval." + a)})
	}
	plain(kit.Input{Name: "approval", Choose: approvals, Wrong: func(string) string { return "" }})

	d.language = parts.NewRadios("managed.language", languages())
	d.language.OnChange = d.speak
	for _, name := range []string{"token.audience", "token.room", "token.subject"} {
		plain(kit.Input{Name: name})
	}
	var lists []parts.Item
	for _, l := range []string{nobody, api.ListForParticipants, api.ListForAll} {
		lists = append(lists, parts.Item{ID: l, Text: t("managed.participant_list." + l)})
	}
	plain(kit.Input{Name: "participant_list", Choose: lists, Wrong: func(string) string { return "" }})
	d.builder = newBuilder(d)
	d.rows = map[string]*rows{}
	for name, inputs := range rowInputs {
		d.rows[name] = newRows(d, name, inputs)
	}
	heading := func(name string) fyne.CanvasObject {
		return parts.Stack(2, parts.Section(t("managed.section."+name)), parts.Muted(t("managed.section."+name+".what")))
	}
	field := func(name string) fyne.CanvasObject { return d.form.Field(name) }
	pair := func(a, b string) fyne.CanvasObject {
		return parts.Row(parts.Gap16, parts.Cell{Object: field(a), Min: 240, Weight: 1}, parts.Cell{Object: field(b), Min: 240, Weight: 1})
	}
	body := parts.Stack(parts.Gap16,
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("texts"),
			parts.NewField("managed.language.field", t("managed.language"), false, d.language),
			field("title"), field("place"), field("description"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("when"), field("zone"), d.rows[sessionRows].field, d.rows[listRows].field)),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("registration"), pair("registration_from", "registration_until"), pair("change_until", "withdraw_until"),
			pair("capacity", "companions"), d.check("waiting_list"), field("offer_hours"), d.check("visa"),
			d.group("participation", true, []string{api.OnSite, api.Remote}, "register.participation."), field("platform"),
			field("approval"), d.group("memberships", false, memberships(), "membership."),
			d.group("reapprove", false, reapprovable, "managed.reapprove."))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("consents"), d.rows[consentRows].field, field("participant_list"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("retention"), field("retention"), d.check("retention_names"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("token"), pair("token.audience", "token.room"), field("token.subject"), d.check("token.email"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("contact"), field("contact"), d.rows[documentRows].field)))
	kit.Swap(d.content, body)
	kit.Swap(d.formTab, d.builder.content)
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

// check is a box of the form.
func (d *details) check(name string) *parts.Check {
	return d.checkIn(name, d.page.env.T("managed."+name), nil)
}

func (d *details) checkIn(name, text string, field func() *parts.Field) *parts.Check {
	c := parts.NewCheck(parts.ID("managed."+name), parts.Span{Text: text})
	c.OnChange = func(on bool) {
		value := ""
		if on {
			value = yes
		}
		var f *parts.Field
		if field != nil {
			f = field()
		}
		d.typeIn(name, value, f)
	}
	d.checks[name] = c
	return c
}

// group is several boxes of which any may be ticked.
func (d *details) group(name string, required bool, ids []string, prefix string) *parts.Field {
	t := d.page.env.T
	boxes := parts.Stack(parts.Gap4)
	for _, id := range ids {
		boxes.Add(d.checkIn(name+"."+id, t(prefix+id), func() *parts.Field { return d.groups[name] }))
	}
	f := parts.NewField(parts.ID("managed."+name+".field"), t("managed."+name), required, boxes)
	if key := "managed." + name + ".hint"; d.page.env.Words.Has(key) {
		f.WithHint(parts.Span{Text: t(key)})
	}
	d.groups[name] = f
	return f
}
