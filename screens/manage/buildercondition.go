package manage

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// earlier is a question on which others can hang.
type earlier struct{ id, name, label string }

// asked are the questions before one.
func (b *builder) asked(section, question int) (all []earlier) {
	for s := range section + 1 {
		rows := questionRows(sectionName(s))
		n := b.of.typed.rows(rows)
		if s == section {
			n = question
		}
		for i := range n {
			name := rowName(rows, i)
			if kindOf(b.text(name + ".kind")).file {
				continue // nobody knows what it is called
			}
			all = append(all, earlier{b.text(name + ".id"), name, b.label(name+".label", b.number(s, i))})
		}
	}
	return all
}

// Items of a picker that are no questions.
const always = "always"

// condition are the inputs for what a question or section hangs on.
func (b *builder) condition(form *kit.Form, name string, before []earlier, wrong string) []fyne.CanvasObject {
	t, on := b.of.page.env.T, b.text(name+".if.question")
	if len(before) == 0 && on == "" {
		return nil
	}
	items := []parts.Item{{ID: always, Text: t("formbuilder.if.always")}}
	at := slices.IndexFunc(before, func(e earlier) bool { return e.id == on })
	for _, e := range before {
		items = append(items, parts.Item{ID: e.id, Text: e.label})
	}
	if on != "" && at < 0 {
		items = append(items, parts.Item{ID: on, Text: t("formbuilder.if.gone")})
	}
	form.Add(kit.Input{
		Name: "if.question", Label: t("formbuilder.if.question"), Pick: parts.NewChoices(items), NoMatch: t("formbuilder.none"),
		Wrong: unjudged,
		Changed: func(id string) {
			if id == "" || !b.current(name, form) {
				return
			}
			if id == always {
				id = ""
			}
			b.of.typeIn(name+".if.question", id, nil)
			b.of.typeIn(name+".if.answer", "", nil)
			b.again(func() fyne.Focusable { return b.forms[name].Focus("if.question") })
		},
	})
	form.Fill(map[string]string{"if.question": cmp.Or(on, always)})
	cells := []parts.Cell{{Object: form.Field("if.question"), Min: 200, Weight: 1}}
	shown := form.Field("if.question")
	if at >= 0 {
		in := kit.Input{Name: "if.answer", Label: t("formbuilder.if.answer"), NoMatch: t("formbuilder.none"), Pick: b.answers(before[at].name)}
		b.input(form, name, in, false)
		shown = form.Field("if.answer")
		cells = append(cells, parts.Cell{Object: shown, Min: 160, Weight: 1})
	}
	if wrong != "" && b.text(name+".if.answer") != "" || on != "" && at < 0 {
		shown.SetError(wrong)
	}
	return []fyne.CanvasObject{parts.Row(parts.Gap12, cells...)}
}

// answers are those that a question can have; nil where they are written.
func (b *builder) answers(name string) *parts.Choices {
	env := b.of.page.env
	switch kind := b.text(name + ".kind"); {
	case kind == api.KindYesNo:
		return parts.NewChoices([]parts.Item{{ID: "yes", Text: env.T("register.yes")}, {ID: "no", Text: env.T("register.no")}})
	case kind == api.KindCountry:
		return kit.Countries(env)
	case kindOf(kind).choices:
		var items []parts.Item
		rows := choiceRows(name)
		for i := range b.of.typed.rows(rows) {
			one := rowName(rows, i)
			items = append(items, parts.Item{ID: b.text(one + ".id"), Text: b.label(one+".label", env.T("formbuilder.choice.number", map[string]any{"Number": i + 1}))})
		}
		return parts.NewChoices(items)
	}
	return nil
}
