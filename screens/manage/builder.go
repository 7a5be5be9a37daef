package manage

import (
	"cmp"
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
	parts.KeepFocus(b.list, func() {
		parts.Together(b.list, func() { b.fill(broken) })
	})
}

// fill puts all sections into the list.
func (b *builder) fill(broken map[string]string) {
	n := b.of.typed.rows(formRows)
	for s := range n {
		b.cards = append(b.cards, b.section(s, n, broken))
	}
	add := parts.Inline(parts.Gap8, b.button(formRows+".add", "formbuilder.section.add", b.addSection))
	parts.Fill(b.list, append(slices.Clone(b.cards), add)...)
	parts.Changed(b.list)
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
