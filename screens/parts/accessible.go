package parts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
)

// What each part says to who cannot see it: a label and a role, which is all that Fyne's
// interface has. What else there is to know, such as that an input is required or a box is
// ticked, is part of the label.

// Spoken are the words of states that are seen otherwise.
type Spoken struct {
	Required, Ticked, NotTicked, Chosen, Unavailable string
	Ascending, Descending                            string // of a column by which a table is sorted
	EmptyList                                        string
}

// spoken are the words in use; see SetSpoken.
var spoken Spoken

// SetSpoken sets the words of states. Like every widget they belong to the window's
// goroutine.
func SetSpoken(words Spoken) { spoken = words }

// wordsIf are the words where something is so.
func wordsIf(so bool, words string) string {
	if so {
		return words
	}
	return ""
}

// saying joins what there is to say.
func saying(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return strings.TrimSpace(s) == "" }), ", ")
}

// sayingOf is what stands in an object: its texts, one after the other.
func sayingOf(o fyne.CanvasObject) string {
	if !o.Visible() {
		return ""
	}
	switch o := o.(type) {
	case *Tag:
		return o.text
	case fmt.Stringer:
		return o.String()
	case interface{ arrangement() *fyne.Container }:
		return sayingOf(o.arrangement())
	case *fyne.Container:
		said := make([]string, len(o.Objects))
		for i, child := range o.Objects {
			said[i] = sayingOf(child)
		}
		return saying(said...)
	}
	return ""
}

// requiredStar is what the label of a required input ends in.
var requiredStar = Span{Text: " *", Color: ColorDanger, Bold: true}

// labelled is a label in words, without its star.
func labelled(label *Text) string {
	n := len(label.spans)
	if n > 0 && label.spans[n-1].Text == requiredStar.Text {
		words := ""
		for _, s := range label.spans[:n-1] {
			words += s.Text
		}
		return saying(words, spoken.Required)
	}
	return label.String()
}

// fieldsAround are the fields that a part of a form stands in: its own, and that of a row.
type fieldsAround []*Field

// labels are those over the part, the outer one first.
func (a fieldsAround) labels() string {
	var words []string
	for _, f := range a {
		words = append([]string{labelled(f.label)}, words...)
	}
	return saying(words...)
}

// mistakes are those below the part.
func (a fieldsAround) mistakes() string {
	var words []string
	for _, f := range a {
		words = append(words, f.Error())
	}
	return saying(words...)
}

// speakFor has the inputs below a field say its label and its mistake.
func (f *Field) speakFor(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *Entry:
		o.around = append(o.around, f)
	case *Picker:
		o.entry.around = append(o.entry.around, f)
	case *Radios:
		o.around = append(o.around, f)
	case *Check:
		o.around = append(o.around, f)
	case *fyne.Container:
		for _, child := range o.Objects {
			f.speakFor(child)
		}
	}
}

// AccessibilityLabel is the label over the input, what stands in it unless it is hidden,
// and the mistake below it; without a label it is what stands in the empty input.
func (e *Entry) AccessibilityLabel() string {
	label, text := e.around.labels(), e.Text
	if label == "" {
		label = e.PlaceHolder
	}
	if e.Password {
		text = ""
	}
	return saying(label, text, wordsIf(e.Disabled(), spoken.Unavailable), e.around.mistakes())
}

// AccessibilityRole is text: Fyne has no role of inputs.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel is that of the input that the arrow opens a list for.
func (a *arrow) AccessibilityLabel() string { return a.picker.entry.AccessibilityLabel() }

// AccessibilityRole is that of a button.
func (a *arrow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is what stands in the row of a picker's list.
func (r *pickRow) AccessibilityLabel() string {
	return saying(r.name.String(), r.detail.String(), wordsIf(r.chosen, spoken.Chosen))
}

// AccessibilityRole is that of a button where there is something to pick.
func (r *pickRow) AccessibilityRole() fyne.AccessibleRole { return pressed(r.real) }

// pressed is the role of a button, or of text where nothing can be pressed.
func pressed(can bool) fyne.AccessibleRole {
	if can {
		return fyne.AccessibleRoleButton
	}
	return fyne.AccessibleRoleText
}

// AccessibilityLabel is the word, and what it shows or hides.
func (r *revealer) AccessibilityLabel() string {
	return saying(r.text.Text, r.entry.around.labels())
}

// AccessibilityRole is that of a button.
func (r *revealer) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is the label beside the box, and whether it is ticked.
func (c *Check) AccessibilityLabel() string {
	state := spoken.NotTicked
	if c.checked {
		state = spoken.Ticked
	}
	return saying(c.around.labels(), labelled(c.label), state, wordsIf(c.Disabled(), spoken.Unavailable), c.around.mistakes())
}

// AccessibilityRole is that of a button: Fyne has none of boxes.
func (c *Check) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is that of the Check, whose keyboard the box takes.
func (t *tick) AccessibilityLabel() string { return t.check.AccessibilityLabel() }

// AccessibilityRole is that of a button.
func (t *tick) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is the label over the choice, what is chosen, and the mistake below.
func (r *Radios) AccessibilityLabel() string {
	var chosen string
	if at := r.at(); at >= 0 {
		chosen = r.rows[at].AccessibilityLabel()
	}
	return saying(r.around.labels(), chosen, r.around.mistakes())
}

// AccessibilityRole is that of a button: Fyne has none of choices.
func (r *Radios) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is what can be chosen, and whether it is.
func (r *radio) AccessibilityLabel() string {
	return saying(r.item.Text, wordsIf(r.group.chosen == r.item.ID, spoken.Chosen))
}

// AccessibilityRole is that of a button.
func (r *radio) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is the word on the button.
func (b *Button) AccessibilityLabel() string {
	return saying(b.text, wordsIf(b.Disabled(), spoken.Unavailable))
}

// AccessibilityRole is that of a button.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is all of the link, on each of its lines.
func (l *linkTail) AccessibilityLabel() string {
	if l.span.Text != "" {
		return l.span.Text
	}
	return l.text
}

// AccessibilityRole is that of a link.
func (l *linkTail) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// AccessibilityLabel is the text.
func (t *Text) AccessibilityLabel() string { return t.String() }

// AccessibilityRole is that of a text.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel is the text that can be selected.
func (s *selection) AccessibilityLabel() string { return s.text.String() }

// AccessibilityRole is that of a text.
func (s *selection) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel is the words of the state.
func (t *Tag) AccessibilityLabel() string { return t.text }

// AccessibilityRole is that of a text.
func (t *Tag) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel is the notice, with its reference.
func (b *Bar) AccessibilityLabel() string { return saying(b.String(), b.said.Reference) }

// AccessibilityRole is that of a text.
func (b *Bar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel is what is waited for.
func (b *Busy) AccessibilityLabel() string { return b.String() }

// AccessibilityRole is that of a text.
func (b *Busy) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel is the words on the head, and whether its content is shown.
func (h *tabHead) AccessibilityLabel() string {
	return saying(h.text, wordsIf(h.chosen, spoken.Chosen))
}

// AccessibilityRole is that of a button: Fyne has none of tabs.
func (h *tabHead) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is the place, the number at it, and whether one is there.
func (i *navItem) AccessibilityLabel() string {
	return saying(i.entry.Text, i.count, wordsIf(i.chosen, spoken.Chosen))
}

// AccessibilityRole is that of a link: it leads elsewhere.
func (i *navItem) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// AccessibilityLabel is the name of the column, and its order.
func (c *columnHead) AccessibilityLabel() string {
	return saying(c.text, wordsIf(c.order == Ascending, spoken.Ascending), wordsIf(c.order == Descending, spoken.Descending))
}

// AccessibilityRole is that of a button where one can sort.
func (c *columnHead) AccessibilityRole() fyne.AccessibleRole { return pressed(!c.Disabled()) }

// AccessibilityLabel is the row that the keyboard acts on, and which of how many it is.
func (l *RowList) AccessibilityLabel() string {
	row := l.current()
	if row < 0 {
		return spoken.EmptyList
	}
	place := strconv.Itoa(row+1) + "/" + strconv.Itoa(l.length)
	if frame, ok := l.shown[row]; ok {
		return saying(frame.AccessibilityLabel(), place)
	}
	return place
}

// AccessibilityRole is that of a button: Enter opens the row.
func (l *RowList) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel is what stands in the row, and whether it is chosen and marked.
func (f *rowFrame) AccessibilityLabel() string {
	var mark string
	if f.list.OnMarked != nil && !f.list.isHeading(f.row) {
		mark = spoken.NotTicked
		if f.list.Marked(f.row) {
			mark = spoken.Ticked
		}
	}
	return saying(sayingOf(f.content), wordsIf(f.row == f.list.chosen, spoken.Chosen), mark)
}

// AccessibilityRole is that of a button, or of a text for a heading.
func (f *rowFrame) AccessibilityRole() fyne.AccessibleRole { return pressed(!f.list.isHeading(f.row)) }

var (
	_ fyne.Accessible = (*Entry)(nil)
	_ fyne.Accessible = (*Check)(nil)
	_ fyne.Accessible = (*Radios)(nil)
	_ fyne.Accessible = (*Button)(nil)
	_ fyne.Accessible = (*Text)(nil)
	_ fyne.Accessible = (*RowList)(nil)
)
