package manage

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// builder puts a meeting's form together: its sections, with the questions in them, of
// which those that are open have their inputs in sight. What is typed stands among the
// description's values (formvalues.go), and is kept and saved with them. Names of inputs
// and buttons are those of the values.
type builder struct {
	of       *details
	content  fyne.CanvasObject
	language *parts.Picker
	list     *fyne.Container
	field    *parts.Field // around all sections
	preview  *preview

	open  map[string]bool // questions, by id
	near  int             // the section that was worked on last
	cards []fyne.CanvasObject
	stale bool // what is shown is to be made anew

	forms   map[string]*kit.Form    // of sections, open questions and their choices, by name
	groups  map[string]*parts.Field // choices of open questions, by name
	buttons map[string]*parts.Button
}

func newBuilder(d *details) *builder {
	b := &builder{of: d, open: map[string]bool{}, list: parts.Stack(parts.Gap16), stale: true}
	t := d.page.env.T
	b.language = parts.NewPicker("form.language", "", t("formbuilder.none"), languages())
	b.language.OnChange = func(l parts.Item) {
		if l.ID != "" {
			d.speak(l.ID)
		}
	}
	b.field = parts.NewField("form.field", "", false, b.list)
	b.preview = newPreview(d)
	left := parts.Stack(parts.Gap16,
		parts.CardWith(20, parts.Stack(parts.Gap16,
			parts.Stack(2, parts.Section(t("managed.form")), parts.Muted(t("formbuilder.what"))),
			parts.NewField("form.language.field", t("managed.language"), false, b.language))),
		b.field)
	b.content = parts.Beside(left, b.preview.content, 420, 340, b.pair)
	return b
}

func (b *builder) text(name string) string { return b.of.typed[name] }

// label is a text in the language that is shown, and in English where it has none.
func (b *builder) label(name, fallback string) string {
	return cmp.Or(b.text(inLanguage(name, b.of.lang)), b.text(inLanguage(name, "en")), fallback)
}

// refill shows what is typed, once it is in sight.
func (b *builder) refill() {
	b.language.SetID(b.of.lang)
	if b.stale = true; b.of.page.shown == tabForm {
		b.shown()
	}
}

// shown makes what has just come in sight up to date.
func (b *builder) shown() {
	if b.stale {
		b.show()
	}
	b.preview.follow()
}

// show makes all inputs anew.
func (b *builder) show() {
	d := b.of
	before := d.filling
	d.filling = true
	defer func() { d.filling = before }()
	b.stale, b.cards = false, nil
	b.forms, b.groups, b.buttons = map[string]*kit.Form{}, map[string]*parts.Field{}, map[string]*parts.Button{}
	form, _ := d.typed.form(func(string, string) int { return 0 })
	broken := map[string]string{} // conditions, by their places
	for _, e := range rules.CheckForm(&form) {
		if strings.Contains(e.Pointer, "/if/") {
			broken[e.Pointer[:strings.Index(e.Pointer, "/if/")]] = mistake(d.page.env, api.FieldError{Pointer: "/form" + e.Pointer, Code: e.Code})
		}
	}
	b.field.SetError("")
	parts.Together(b.list, func() {
		b.list.Objects = nil
		n := d.typed.rows(formRows)
		for s := range n {
			b.cards = append(b.cards, b.section(s, n, broken))
			b.list.Add(b.cards[s])
		}
		b.list.Add(parts.Inline(parts.Gap8, b.button(formRows+".add", "formbuilder.section.add", b.addSection)))
		b.list.Refresh()
		parts.Changed(b.list)
	})
}

// pair is the section that was worked on last, and what people see of it.
func (b *builder) pair() (here, there fyne.CanvasObject) {
	if b.near >= len(b.cards) || b.preview.form == nil {
		return nil, nil
	}
	for s := b.near; s >= 0; s-- {
		if card := b.preview.form.Section(s); card != nil && card.Visible() {
			return b.cards[b.near], card
		}
	}
	return nil, nil
}

// work remembers the section in which something is done.
func (b *builder) work(name string) {
	if of := strings.Split(name, "."); len(of) > 1 && of[1] != "add" {
		b.near, _ = strconv.Atoi(of[1])
	}
}

// button is one whose name stays with what it is for, so that it can have the keyboard
// again once all is made anew.
func (b *builder) button(name, key string, do func()) *parts.Button {
	btn := parts.NewButton(parts.ID(name), b.of.page.env.T(key), parts.Outlined, func() {
		b.work(name)
		do()
	}).Low()
	b.buttons[name] = btn
	return btn
}

// again shows what was changed, and gives the keyboard to an input or button.
func (b *builder) again(focus func() fyne.Focusable) {
	b.show()
	b.of.changed()
	b.preview.follow()
	if f := focus(); f != nil {
		if o, ok := f.(fyne.CanvasObject); ok {
			parts.IntoView(o)
		}
		parts.Focus(f)
	}
}

func (b *builder) focusButton(name string) func() fyne.Focusable {
	return func() fyne.Focusable {
		if btn := b.buttons[name]; btn != nil {
			return btn
		}
		return b.buttons[formRows+".add"]
	}
}

// input is one of a form whose value has the form's name and its own.
func (b *builder) input(form *kit.Form, name string, in kit.Input, lingual bool) {
	d := b.of
	value := name + "." + in.Name
	if lingual {
		value = inLanguage(value, d.lang)
	}
	in.Wrong = func(string) string { return "" }
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
	c.OnChange = func(on bool) {
		value := ""
		if on {
			value = yes
		}
		b.of.typeIn(name, value, nil)
	}
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

func (b *builder) number(s, i int) string {
	return b.of.page.env.T("formbuilder.question.number", map[string]any{"Section": s + 1, "Number": i + 1})
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
		Wrong: func(string) string { return "" },
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
		Wrong: func(string) string { return "" },
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

// toggle opens a question, or closes it.
func (b *builder) toggle(name string) {
	id := b.text(name + ".id")
	if b.open[id] = !b.open[id]; !b.open[id] {
		delete(b.open, id)
	}
	b.again(func() fyne.Focusable {
		if form := b.forms[name]; form != nil {
			return form.First()
		}
		return b.buttons[name+".edit"]
	})
}

func (b *builder) addSection() {
	d := b.of
	n := d.typed.rows(formRows)
	if n >= rules.MaxSections {
		return
	}
	d.typed.insertRow(formRows, n, map[string]string{"questions": "0"})
	b.near = n
	b.again(func() fyne.Focusable { return b.forms[sectionName(n)].First() })
}

// asksMore tells whether the form can have one more question.
func (b *builder) asksMore() bool {
	n := 0
	for s := range b.of.typed.rows(formRows) {
		n += b.of.typed.rows(questionRows(sectionName(s)))
	}
	if n >= rules.MaxQuestions {
		b.of.refuse(b.of.page.env.T("formbuilder.question.many", map[string]any{"Max": rules.MaxQuestions}))
	}
	return n < rules.MaxQuestions
}

func (b *builder) addQuestion(s int) {
	if !b.asksMore() {
		return
	}
	rows, id := questionRows(sectionName(s)), newID("q")
	n := b.of.typed.rows(rows)
	b.of.typed.insertRow(rows, n, map[string]string{"id": id, "kind": api.KindText})
	b.open[id] = true
	b.again(func() fyne.Focusable { return b.forms[rowName(rows, n)].First() })
}

// duplicate puts another question like this one behind it.
func (b *builder) duplicate(s, i int) {
	if !b.asksMore() {
		return
	}
	d, rows := b.of, questionRows(sectionName(s))
	row := d.typed.takeRow(rows, i)
	d.typed.insertRow(rows, i, row)
	other := maps.Clone(row)
	other["id"] = newID("q")
	b.open[other["id"]] = true
	d.typed.insertRow(rows, i+1, other)
	b.again(func() fyne.Focusable { return b.forms[rowName(rows, i+1)].First() })
}

func (b *builder) newChoice(question string) {
	rows := choiceRows(question)
	b.of.typed.insertRow(rows, b.of.typed.rows(rows), map[string]string{"id": newID("c")})
}

func (b *builder) addChoice(question string) {
	rows := choiceRows(question)
	n := b.of.typed.rows(rows)
	if n >= rules.MaxChoices {
		return
	}
	b.newChoice(question)
	b.again(func() fyne.Focusable { return b.forms[rowName(rows, n)].First() })
}

func (b *builder) move(rows string, from, to int) {
	b.of.typed.insertRow(rows, to, b.of.typed.takeRow(rows, from))
}

func (b *builder) moveSection(from, to int, button string) {
	b.move(formRows, from, to)
	b.near = to
	b.again(b.moved(sectionName(to), button))
}

func (b *builder) moveChoice(question string, from, to int, button string) {
	rows := choiceRows(question)
	b.move(rows, from, to)
	b.again(b.moved(rowName(rows, to), button))
}

// moveQuestion moves one up or down, at the ends of a section into the next one.
func (b *builder) moveQuestion(s, i int, up bool) {
	d := b.of
	rows := questionRows(sectionName(s))
	to, place, button := rows, i+1, ".down"
	switch {
	case up && i > 0:
		place, button = i-1, ".up"
	case up:
		to, button = questionRows(sectionName(s-1)), ".up"
		place = d.typed.rows(to)
	case i == d.typed.rows(rows)-1:
		to, place = questionRows(sectionName(s+1)), 0
	}
	d.typed.insertRow(to, place, d.typed.takeRow(rows, i))
	b.work(to)
	b.again(b.moved(rowName(to, place), button))
}

// moved is the button with which something was moved, or, where it can go no further, the
// one for the way back.
func (b *builder) moved(name, button string) func() fyne.Focusable {
	return func() fyne.Focusable {
		for _, one := range []string{button, ".up", ".down"} {
			if btn := b.buttons[name+one]; btn != nil {
				return btn
			}
		}
		return nil
	}
}

// hanging counts what hangs on a question.
func (b *builder) hanging(id string) (n int) {
	for name, value := range b.of.typed {
		if strings.HasPrefix(name, formRows+".") && strings.HasSuffix(name, ".if.question") && value == id {
			n++
		}
	}
	return n
}

func (b *builder) askRemoveQuestion(s, i int) {
	t, w := b.of.page.env.T, b.of.page.env.Words
	rows := questionRows(sectionName(s))
	name := rowName(rows, i)
	text := []string{t("formbuilder.question.remove.text")}
	if n := b.of.typed.rows(choiceRows(name)); n > 0 && kindOf(b.text(name+".kind")).choices {
		text = append(text, w.N("formbuilder.remove.choices", n))
	}
	if n := b.hanging(b.text(name + ".id")); n > 0 {
		text = append(text, w.N("formbuilder.remove.hanging", n))
	}
	b.askRemove(b.label(name+".label", b.number(s, i)), strings.Join(text, " "), func() {
		b.of.typed.removeRow(rows, i)
		b.again(b.focusButton(rows + ".add"))
	})
}

func (b *builder) askRemoveSection(s int) {
	t, w := b.of.page.env.T, b.of.page.env.Words
	name := sectionName(s)
	remove := func() {
		b.of.typed.removeRow(formRows, s)
		b.again(b.focusButton(formRows + ".add"))
	}
	n := b.of.typed.rows(questionRows(name))
	if n == 0 && b.label(name+".title", "") == "" {
		remove()
		return
	}
	text := w.N("formbuilder.section.remove.text", n)
	b.askRemove(b.label(name+".title", t("formbuilder.section.number", map[string]any{"Number": s + 1})), text, remove)
}

// askRemove names what is removed, and what is lost by it.
func (b *builder) askRemove(what, text string, do func()) {
	t := b.of.page.env.T
	parts.Ask(parts.CanvasOf(b.list), t("formbuilder.remove.ask", map[string]any{"What": what}), text,
		parts.Answer{ID: "form.remove.yes", Text: t("managed.row.remove"), Kind: parts.Primary, Do: do},
		parts.Answer{ID: "form.remove.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

// removeChoice removes one, after a question where something stands in it.
func (b *builder) removeChoice(question string, i int) {
	t, rows := b.of.page.env.T, choiceRows(question)
	remove := func() {
		b.of.typed.removeRow(rows, i)
		b.again(b.focusButton(rows + ".add"))
	}
	label := b.label(rowName(rows, i)+".label", "")
	if label == "" {
		remove()
		return
	}
	b.askRemove(label, t("formbuilder.choice.remove.text"), remove)
}

// nameOf is the name of what a pointer into the form leads to, by sections, questions and
// choices, and what is left of it.
func nameOf(at []string) (name string, rest []string) {
	name = formRows
	for i, one := range []string{"", ".questions", ".choices"} {
		if len(at) < 2 || at[0] != []string{"sections", "questions", "choices"}[i] {
			break
		}
		name += one + "." + at[1]
		at = at[2:]
	}
	return name, at
}

// reveal opens the questions in which something is wrong.
func (b *builder) reveal(wrong []api.FieldError) {
	some := false
	for _, e := range wrong {
		at := strings.Split(e.Pointer, "/")
		if len(at) < 6 || at[1] != formRows {
			continue
		}
		question, _ := nameOf(at[2:6])
		b.open[b.text(question+".id")], some = true, true
	}
	if some {
		b.show()
	}
}

// at is the input of a place in the form.
func (b *builder) at(place []string) *parts.Field {
	if b.stale {
		b.show()
	}
	name, rest := nameOf(place)
	form := b.forms[name]
	switch {
	case form == nil:
		return b.field
	case len(rest) == 1 && rest[0] == "choices":
		return b.groups[choiceRows(name)]
	case len(rest) == 0:
		return nil
	}
	for _, input := range []string{strings.Join(rest, "."), rest[0], rest[0] + ".question"} {
		if form.Has(input) {
			return form.Field(input)
		}
	}
	if form.Has("label") {
		return form.Field("label")
	}
	return b.field
}
