package parts

import (
	"fyne.io/fyne/v2"
)

// Field is an input with its label above, and below it a hint or, once there
// is one, the mistake in words.
type Field struct {
	composite
	ID

	label *Text
	sign  *sign
	hint  *Text
	wrong *mistake
	note  *Text
	input fyne.CanvasObject
	check func() string
	noted func() string
	over  []*Entry
	began int // how often it was begun anew, see Reset
}

// NewField puts a label on an input; an empty one is left out. A required input
// gets its star. An input
// with a SetWrong method is outlined while there is a mistake.
func NewField(id ID, label string, required bool, input fyne.CanvasObject) *Field {
	spans := []Span{{Text: label, Bold: true}}
	if required {
		spans = append(spans, requiredStar)
	}
	f := &Field{
		ID: id, input: input, label: NewText(spans...).WithSize(SizeSmall),
		sign: newSign(signHook, ColorSuccess),
		hint: Small(""), wrong: newMistake(id + ".error"), note: Small("").WithID(id + ".note"),
	}
	f.sign.Hide()
	f.hint.Hide()
	f.wrong.Hide()
	f.note.Hide()
	if e, ok := input.(*Entry); ok {
		e.field = f
	}
	f.speakFor(input)
	head := Ends(f.label, f.sign)
	head.Hidden = label == ""
	f.content = Stack(Gap4, head, withRevealer(input), f.wrong, f.note, f.hint)
	f.ExtendBaseWidget(f)
	return f
}

// Label returns the words above the input.
func (f *Field) Label() string { return f.label.spans[0].Text }

// WithHint puts a standing hint below the input; it may hold links.
func (f *Field) WithHint(spans ...Span) *Field {
	for i := range spans {
		if spans[i].Color == "" && spans[i].OnTapped == nil {
			spans[i].Color = ColorMuted
		}
	}
	f.hint.SetSpans(spans...)
	f.hint.Show()
	return f
}

// CheckWith sets what judges the input when it is left: it returns the mistake
// in words, or nothing. An Entry or Picker as input calls it by itself, once a
// click elsewhere that may have taken the focus is over.
func (f *Field) CheckWith(check func() string) *Field {
	f.check = check
	switch input := f.input.(type) {
	case *Entry:
		f.whenLeft(input, func() { f.Check() })
	case *Picker:
		input.onLeave = func() { f.Check() }
	}
	return f
}

// NoteWith sets what is to be known of an Entry's text although it is no
// mistake: it is said when the input is left or something was pasted into it,
// and goes away as soon as it is not true any more.
func (f *Field) NoteWith(note func() string) *Field {
	f.noted = note
	input := f.input.(*Entry)
	input.edited = func(say bool) {
		if say || f.note.Visible() {
			f.ShowNote()
		}
	}
	f.whenLeft(input, func() { f.ShowNote() })
	return f
}

// ShowNote says what is to be known of the text now.
func (f *Field) ShowNote() { f.remark(f.noted()) }

// remark shows a note; an empty one takes it away.
func (f *Field) remark(words string) {
	if words == f.Note() {
		return
	}
	f.note.SetText(words)
	show(words != "", f.note)
	Changed(f)
}

// Note returns the note that is shown, or nothing.
func (f *Field) Note() string {
	if !f.note.Visible() {
		return ""
	}
	return f.note.String()
}

// Over makes the field one of several inputs, such as a row of them: all are
// outlined with a mistake, and leaving the last has them judged.
func (f *Field) Over(inputs ...*Entry) *Field {
	f.over = inputs
	for _, i := range inputs {
		i.around = append(i.around, f)
	}
	f.whenLeft(inputs[len(inputs)-1], func() { f.Check() })
	return f
}

// whenLeft does something once an input was left and has not got the keyboard back.
func (f *Field) whenLeft(input *Entry, do func()) {
	before, changes := input.OnFocus, 0
	input.OnFocus = func(focused bool) {
		if before != nil {
			before(focused)
		}
		changes++
		if now, began := changes, f.began; !focused {
			afterClick(func() {
				if changes == now && f.began == began { // it has not come back
					do()
				}
			})
		}
	}
}

// Check judges the input now, shows the mistake, and tells whether it is right.
func (f *Field) Check() bool {
	if f.check == nil {
		return true
	}
	f.SetError(f.check())
	return f.Error() == ""
}

// Reset begins anew after what was entered has been taken: no mistake, no sign,
// and nothing that is about to be judged.
func (f *Field) Reset() {
	f.began++
	f.SetError("")
	f.SetRight(false)
}

// Error returns the mistake that is shown, or nothing.
func (f *Field) Error() string {
	if !f.wrong.Visible() {
		return ""
	}
	return f.wrong.words.String()
}

// SetError shows a mistake below the input; an empty one takes it away.
func (f *Field) SetError(words string) {
	if words == f.Error() {
		return
	}
	f.wrong.words.SetText(words)
	show(words != "", f.wrong)
	if words != "" {
		f.sign.Hide()
		if f.noted != nil {
			f.ShowNote() // it may be why
		}
	}
	if i, ok := f.input.(interface{ SetWrong(bool) }); ok {
		i.SetWrong(words != "")
	}
	for _, i := range f.over {
		i.SetWrong(words != "")
	}
	Changed(f)
}

// SetRight shows or hides the sign that the input is right.
func (f *Field) SetRight(right bool) {
	SetVisible(right, f.sign)
}

// mistake is a small line with a sign, so that it is not told by colour only.
type mistake struct {
	composite
	ID
	words *Text
}

func newMistake(id ID) *mistake {
	m := &mistake{ID: id, words: NewText(Span{Color: ColorDanger}).WithSize(SizeSmall)}
	m.content = Layers(signed(newSign(signAlert, ColorDanger), m.words))
	m.ExtendBaseWidget(m)
	return m
}
