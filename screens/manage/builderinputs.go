package manage

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// input is one of a form whose value has the form's name and its own.
func (b *builder) input(form *kit.Form, name string, in kit.Input, lingual bool) {
	d := b.of
	value := name + "." + in.Name
	if lingual {
		value = inLanguage(value, d.lang)
	}
	in.Wrong = unjudged
	in.Changed = func(text string) {
		if b.current(name, form) {
			b.work(name)
			d.typeIn(value, text, form.Field(in.Name))
		}
	}
	form.Add(in)
	form.Fill(map[string]string{in.Name: d.typed[value]})
}

// current tells whether inputs are those that are shown, and typed in: a picker that has
// been left tells a little later of what it takes for picked, when its name may already be
// that of another question.
func (b *builder) current(name string, form *kit.Form) bool {
	return !b.of.filling && b.forms[name] == form
}

func (b *builder) newForm(name string) *kit.Form {
	form := kit.NewForm(b.of.page.env, name)
	form.Enter = b.of.save
	b.forms[name] = form
	return form
}

// box is one to tick.
func (b *builder) box(name, key string) *parts.Check {
	c := parts.NewCheck(parts.ID(name), parts.Span{Text: b.of.page.env.T(key)})
	c.SetChecked(b.text(name) != "")
	c.OnChange = func(on bool) { b.of.typeIn(name, boxValue(on), nil) }
	return c
}

func (b *builder) section(s, of int, broken map[string]string) fyne.CanvasObject {
	d, t, name := b.of, b.of.page.env.T, sectionName(s)
	form := b.newForm(name)
	b.input(form, name, kit.Input{Name: "title", Label: t("formbuilder.section.title")}, true)
	buttons := []fyne.CanvasObject{}
	if s > 0 {
		buttons = append(buttons, b.button(name+".up", "formbuilder.up", func() { b.moveSection(s, s-1, ".up") }))
	}
	if s < of-1 {
		buttons = append(buttons, b.button(name+".down", "formbuilder.down", func() { b.moveSection(s, s+1, ".down") }))
	}
	buttons = append(buttons, b.button(name+".remove", "managed.row.remove", func() { b.askRemoveSection(s) }))
	card := parts.Stack(parts.Gap16,
		parts.MiddleRow(parts.Gap8,
			parts.Cell{Object: parts.Bold(t("formbuilder.section.number", map[string]any{"Number": s + 1})), Min: 120, Weight: 1},
			parts.Cell{Object: parts.Inline(parts.Gap8, buttons...)}),
		form.Field("title"))
	for _, o := range b.condition(form, name, b.asked(s, 0), broken["/sections/"+strconv.Itoa(s)]) {
		card.Add(o)
	}
	rows := questionRows(name)
	for i := range d.typed.rows(rows) {
		card.Add(parts.Divider())
		card.Add(b.question(s, i, broken))
	}
	card.Add(parts.Inline(parts.Gap8, b.button(rows+".add", "formbuilder.question.add", func() { b.addQuestion(s) })))
	return parts.CardWith(20, card)
}

func (b *builder) number(s, i int) string {
	return b.of.page.env.T("formbuilder.question.number", map[string]any{"Section": s + 1, "Number": i + 1})
}

// question is one as a line, or with its inputs.
func (b *builder) question(s, i int, broken map[string]string) fyne.CanvasObject {
	rows := questionRows(sectionName(s))
	name := rowName(rows, i)
	wrong := broken["/sections/"+strconv.Itoa(s)+"/questions/"+strconv.Itoa(i)]
	id := b.text(name + ".id")
	key := "formbuilder.edit"
	if b.open[id] {
		key = "formbuilder.done"
	}
	buttons := []fyne.CanvasObject{b.button(name+".edit", key, func() { b.toggle(name) })}
	if i > 0 || s > 0 {
		buttons = append(buttons, b.button(name+".up", "formbuilder.up", func() { b.moveQuestion(s, i, true) }))
	}
	if i < b.of.typed.rows(rows)-1 || s < b.of.typed.rows(formRows)-1 {
		buttons = append(buttons, b.button(name+".down", "formbuilder.down", func() { b.moveQuestion(s, i, false) }))
	}
	if b.open[id] {
		buttons = append(buttons,
			b.button(name+".copy", "formbuilder.copy", func() { b.duplicate(s, i) }),
			b.button(name+".remove", "managed.row.remove", func() { b.askRemoveQuestion(s, i) }))
		return parts.Stack(parts.Gap12, parts.Bold(b.number(s, i)), parts.Inline(parts.Gap8, buttons...), b.inputs(s, i, wrong))
	}
	head := parts.Bold(strconv.Itoa(i+1) + ". " + b.label(name+".label", b.of.page.env.T("formbuilder.question.unnamed")))
	about := []parts.Span{{Text: b.facts(name), Color: parts.ColorMuted}}
	if wrong != "" {
		about = append(about, parts.Span{Text: " " + wrong, Color: parts.ColorDanger})
	}
	return parts.MiddleRow(parts.Gap8,
		parts.Cell{Object: parts.Stack(0, head, parts.NewText(about...).WithSize(parts.SizeSmall).WithID(parts.ID(name+".about"))), Min: 200, Weight: 1},
		parts.Cell{Object: parts.Inline(parts.Gap8, buttons...)})
}

// facts say what there is to know of a question that is not open.
func (b *builder) facts(name string) string {
	t := b.of.page.env.T
	facts := []string{t("formbuilder.kind." + b.text(name+".kind"))}
	if kindOf(b.text(name + ".kind")).choices {
		facts = append(facts, b.of.page.env.Words.N("formbuilder.choices.count", b.of.typed.rows(choiceRows(name))))
	}
	if b.text(name+".required") == yes {
		facts = append(facts, t("formbuilder.required.short"))
	}
	if b.text(name+".if.question") != "" {
		facts = append(facts, t("formbuilder.if.short"))
	}
	return strings.Join(facts, " · ")
}

// inputs are those of an open question.
func (b *builder) inputs(s, i int, wrong string) fyne.CanvasObject {
	d, t := b.of, b.of.page.env.T
	name := rowName(questionRows(sectionName(s)), i)
	form := b.newForm(name)
	b.input(form, name, kit.Input{Name: "label", Label: t("formbuilder.label"), Required: true, Lines: 2}, true)
	b.input(form, name, kit.Input{Name: "help", Label: t("formbuilder.help"), Lines: 2}, true)
	var items []parts.Item
	for _, k := range kinds {
		items = append(items, parts.Item{ID: k.id, Text: t("formbuilder.kind." + k.id)})
	}
	form.Add(kit.Input{
		Name: "kind", Label: t("formbuilder.kind"), Required: true, Pick: parts.NewChoices(items), NoMatch: t("formbuilder.none"),
		Wrong: unjudged,
		Changed: func(id string) {
			if id == "" || !b.current(name, form) {
				return
			}
			d.typeIn(name+".kind", id, nil)
			if kindOf(id).choices && d.typed.rows(choiceRows(name)) == 0 {
				b.newChoice(name)
				b.newChoice(name)
			}
			b.again(func() fyne.Focusable { return b.forms[name].Focus("kind") })
		},
	})
	form.Fill(map[string]string{"kind": b.text(name + ".kind")})
	k := kindOf(b.text(name + ".kind"))
	cells := []parts.Cell{{Object: form.Field("kind"), Min: 200, Weight: 1}}
	if k.long {
		limit := rules.MaxText
		if k.id == api.KindLong {
			limit = rules.MaxLong
		}
		b.input(form, name, kit.Input{Name: "max", Label: t("formbuilder.max"), Hint: t("formbuilder.max.hint", map[string]any{"Max": limit})}, false)
		cells = append(cells, parts.Cell{Object: form.Field("max"), Min: 160, Weight: 1})
	}
	if k.file {
		b.input(form, name, kit.Input{Name: "max_bytes", Label: t("formbuilder.max_bytes"), Hint: t("formbuilder.max_bytes.hint", map[string]any{"Max": rules.MaxFileBytes >> 20})}, false)
		cells = append(cells, parts.Cell{Object: form.Field("max_bytes"), Min: 160, Weight: 1})
	}
	card := parts.Stack(parts.Gap12, form.Field("label"), form.Field("help"), parts.Row(parts.Gap12, cells...))
	if k.choices {
		card.Add(b.choices(name))
	}
	card.Add(b.box(name+".required", "formbuilder.required"))
	if k.known {
		card.Add(b.box(name+".known", "formbuilder.known"))
	}
	card.Add(b.box(name+".reapprove", "formbuilder.reapprove"))
	for _, o := range b.condition(form, name, b.asked(s, i), wrong) {
		card.Add(o)
	}
	b.input(form, name, kit.Input{Name: "retention", Label: t("formbuilder.retention"), Hint: t("formbuilder.retention.hint")}, false)
	card.Add(form.Field("retention"))
	return card
}

// choices are what a question has to choose from.
func (b *builder) choices(name string) fyne.CanvasObject {
	t := b.of.page.env.T
	rows, list := choiceRows(name), parts.Stack(parts.Gap12)
	n := b.of.typed.rows(rows)
	for i := range n {
		one := rowName(rows, i)
		form := b.newForm(one)
		form.Enter = func() { b.addChoice(name) }
		b.input(form, one, kit.Input{Name: "label", Label: t("formbuilder.choice.number", map[string]any{"Number": i + 1}), Required: true}, true)
		b.input(form, one, kit.Input{Name: "places", Label: t("formbuilder.places")}, false)
		buttons := []fyne.CanvasObject{}
		if i > 0 {
			buttons = append(buttons, b.button(one+".up", "formbuilder.up", func() { b.moveChoice(name, i, i-1, ".up") }))
		}
		if i < n-1 {
			buttons = append(buttons, b.button(one+".down", "formbuilder.down", func() { b.moveChoice(name, i, i+1, ".down") }))
		}
		buttons = append(buttons, b.button(one+".remove", "managed.row.remove", func() { b.removeChoice(name, i) }))
		list.Add(parts.Stack(parts.Gap4,
			parts.Row(parts.Gap12, parts.Cell{Object: form.Field("label"), Min: 180, Weight: 2}, parts.Cell{Object: form.Field("places"), Min: 120, Weight: 1}),
			parts.Inline(parts.Gap8, buttons...)))
	}
	list.Add(parts.Inline(parts.Gap8, b.button(rows+".add", "formbuilder.choice.add", func() { b.addChoice(name) })))
	f := parts.NewField(parts.ID(rows+".field"), t("formbuilder.choices"), true, list)
	f.WithHint(parts.Span{Text: t("formbuilder.choices.hint")})
	b.groups[rows] = f
	return f
}
