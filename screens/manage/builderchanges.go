package manage

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
)

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
		d.refuseMore("/form/sections")
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
		b.of.refuseMore("/form/sections")
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
	other := d.typed.row(rows, i)
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
		b.of.refuseMore("/form/sections/0/questions/0/choices")
		return
	}
	b.newChoice(question)
	b.again(func() fyne.Focusable { return b.forms[rowName(rows, n)].First() })
}

func (b *builder) moveSection(from, to int, button string) {
	b.of.typed.moveRow(formRows, from, formRows, to)
	b.near = to
	b.again(b.moved(sectionName(to), button))
}

func (b *builder) moveChoice(question string, from, to int, button string) {
	rows := choiceRows(question)
	b.of.typed.moveRow(rows, from, rows, to)
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
	d.typed.moveRow(rows, i, to, place)
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
