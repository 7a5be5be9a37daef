package manage

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// rows are such as sessions or documents, one below the other.
type rows struct {
	rowKind
	of     *details
	name   string // in the contract
	box    *fyne.Container
	field  *parts.Field
	add    *parts.Button
	forms  []*kit.Form
	checks []map[string]*parts.Check
}

// rowKind is what rows are like.
type rowKind struct {
	most   int // rows
	inputs []rowInput
}

// rowInput is one input of each row.
type rowInput struct {
	name     string
	lingual  bool
	moment   bool
	required bool
	box      bool // to tick
	lines    int
}

var rowKinds = map[string]rowKind{
	sessionRows:  {rules.MaxMeetingSessions, []rowInput{{name: "title", lingual: true}, {name: "start", moment: true, required: true}, {name: "end", moment: true, required: true}}},
	documentRows: {rules.MaxDocuments, []rowInput{{name: "title", lingual: true, required: true}, {name: "url", required: true}}},
	listRows:     {rules.MaxMeetingLists, []rowInput{{name: "title", lingual: true, required: true}, {name: "session"}}},
	consentRows:  {rules.MaxConsents, []rowInput{{name: "text", lingual: true, required: true, lines: 3}, {name: "required", box: true}}},
}

func newRows(d *details, name string, kind rowKind) *rows {
	t := d.page.env.T
	r := &rows{rowKind: kind, of: d, name: name, box: parts.Stack(parts.Gap12)}
	r.add = parts.NewButton(parts.ID("managed."+name+".add"), t("managed."+name+".add"), parts.Outlined, r.append)
	r.field = parts.NewField(parts.ID("managed."+name+".field"), t("managed."+name), name == sessionRows, r.box)
	if key := "managed." + name + ".hint"; d.page.env.Words.Has(key) {
		r.field.WithHint(parts.Span{Text: t(key)})
	}
	return r
}

func (r *rows) valueName(n int, in rowInput) string {
	name := ofRow(r.name, n, in.name)
	if in.lingual {
		return inLanguage(name, r.of.lang)
	}
	return name
}

// show shows what is typed in as many rows as there are.
func (r *rows) show() {
	d := r.of
	if n := d.typed.rows(r.name); n != len(r.forms) || len(r.box.Objects) == 0 {
		r.forms, r.checks = nil, nil
		var all []fyne.CanvasObject
		for i := range n {
			all = append(all, r.row(i))
		}
		parts.Fill(r.box, append(all, parts.Inline(parts.Gap8, r.add))...)
	}
	r.field.SetError("")
	for i, form := range r.forms {
		fill := map[string]string{}
		for _, in := range r.inputs {
			value := d.typed[r.valueName(i, in)]
			if c := r.checks[i][in.name]; c != nil {
				c.SetChecked(value == yes)
				continue
			}
			fill[in.name] = value
		}
		form.Fill(fill)
	}
}

// row makes the inputs of one.
func (r *rows) row(n int) fyne.CanvasObject {
	d, t := r.of, r.of.page.env.T
	area := "managed." + r.name
	form := kit.NewForm(d.page.env, area+"."+strconv.Itoa(n))
	form.Enter = d.save
	var (
		cells []parts.Cell
		boxes []fyne.CanvasObject
	)
	checks := map[string]*parts.Check{}
	for _, in := range r.inputs {
		label := t(area + "." + in.name)
		if in.box {
			c := parts.NewCheck(parts.ID(area+"."+strconv.Itoa(n)+"."+in.name), parts.Span{Text: label})
			c.OnChange = func(on bool) { d.typeIn(r.valueName(n, in), boxValue(on), nil) }
			checks[in.name], boxes = c, append(boxes, c)
			continue
		}
		input := kit.Input{Name: in.name, Label: label, Required: in.required, Lines: in.lines}
		if in.moment {
			input.Placeholder = t("managed.moment.placeholder")
		}
		input.Wrong = unjudged
		input.Changed = func(value string) { d.typeIn(r.valueName(n, in), value, form.Field(in.name)) }
		form.Add(input)
		cells = append(cells, parts.Cell{Object: form.Field(in.name), Min: 170, Weight: 1})
	}
	r.checks = append(r.checks, checks)
	r.forms = append(r.forms, form)
	remove := parts.NewButton(parts.ID(area+".remove."+strconv.Itoa(n)), t("managed.row.remove"), parts.Outlined, func() { r.askRemove(n) })
	all := append([]fyne.CanvasObject{
		parts.Ends(parts.Bold(t(area+".number", map[string]any{"Number": n + 1})), remove), parts.Row(parts.Gap12, cells...),
	}, boxes...)
	return parts.CardWith(12, parts.Stack(parts.Gap8, all...))
}

// append adds a row, or says that there can be no more.
func (r *rows) append() {
	d := r.of
	n := d.typed.rows(r.name)
	if n >= r.most {
		d.refuseMore("/" + r.name)
		return
	}
	d.typed[r.name] = strconv.Itoa(n + 1)
	d.refill()
	d.changed()
	parts.IntoView(r.forms[n].Field(r.inputs[0].name))
	parts.Focus(r.forms[n].First())
}

// askRemove asks before something that stands in a row is gone.
func (r *rows) askRemove(n int) {
	d, t := r.of, r.of.page.env.T
	remove := func() { r.remove(n) }
	for name := range d.typed {
		if rest, ok := strings.CutPrefix(name, rowName(r.name, n)+"."); ok && rest != "id" { // which nobody sees
			what := map[string]any{"What": t("managed."+r.name+".number", map[string]any{"Number": n + 1})}
			parts.Ask(parts.CanvasOf(d.content), t("managed.row.ask", what), t("managed.row.text"),
				parts.Answer{ID: "managed.row.yes", Text: t("managed.row.remove"), Kind: parts.Primary, Do: remove},
				parts.Answer{ID: "managed.row.no", Text: t("shell.cancel"), Kind: parts.Outlined})
			return
		}
	}
	remove()
}

func (r *rows) remove(n int) {
	d := r.of
	d.typed.removeRow(r.name, n)
	if r.name == sessionRows {
		d.typed.sessionGone(n)
	}
	r.forms, r.checks, r.box.Objects = nil, nil, nil // their numbers are others
	d.refill()
	d.changed()
	if len(r.forms) > 0 {
		parts.Focus(r.forms[min(n, len(r.forms)-1)].First())
	} else {
		parts.Focus(r.add)
	}
}

// at is the input of a place in the rows: NUMBER, NAME and perhaps a language; all of them
// for nothing.
func (r *rows) at(place []string) *parts.Field {
	if len(place) < 2 {
		return r.field
	}
	n, err := strconv.Atoi(place[0])
	if err != nil || n >= len(r.forms) || !r.forms[n].Has(place[1]) {
		return nil
	}
	return r.forms[n].Field(place[1])
}
