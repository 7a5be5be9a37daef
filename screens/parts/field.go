package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Field is an input with its label above, and below it a hint or, once there
// is one, the mistake in words.
type Field struct {
	composite
	ID

	label *Text
	sign  *Text
	hint  *Text
	wrong *mistake
	input fyne.CanvasObject
	check func() string
}

// NewField puts a label on an input; an empty one is left out. A required input
// gets its star. An input
// with a SetWrong method is outlined while there is a mistake.
func NewField(id ID, label string, required bool, input fyne.CanvasObject) *Field {
	spans := []Span{{Text: label, Bold: true}}
	if required {
		spans = append(spans, Span{Text: " *", Bold: true, Color: ColorDanger})
	}
	f := &Field{
		ID: id, input: input, label: NewText(spans...).WithSize(SizeSmall),
		sign: NewText(Span{Text: "✓", Bold: true, Color: ColorSuccess}).WithSize(SizeSmall).WithOverflow(Whole),
		hint: Small(""), wrong: newMistake(id + ".error"),
	}
	f.sign.Hide()
	f.hint.Hide()
	f.wrong.Hide()
	head := Ends(f.label, f.sign)
	head.Hidden = label == ""
	f.content = Stack(Gap4, head, input, f.wrong, f.hint)
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
// in words, or nothing. An Entry or Picker as input calls it by itself.
func (f *Field) CheckWith(check func() string) *Field {
	f.check = check
	switch input := f.input.(type) {
	case *Entry:
		before := input.OnFocus
		input.OnFocus = func(focused bool) {
			if before != nil {
				before(focused)
			}
			if !focused {
				f.Check()
			}
		}
	case *Picker:
		input.onLeave = func() { f.Check() }
	}
	return f
}

// Check judges the input now, shows the mistake, and tells whether it is right.
func (f *Field) Check() bool {
	if f.check == nil {
		return true
	}
	f.SetError(f.check())
	return f.Error() == ""
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
	setVisible(f.wrong, words != "")
	if words != "" {
		f.sign.Hide()
	}
	if i, ok := f.input.(interface{ SetWrong(bool) }); ok {
		i.SetWrong(words != "")
	}
	Changed(f)
}

// SetRight shows or hides the sign that the input is right.
func (f *Field) SetRight(right bool) {
	setVisible(f.sign, right)
	Changed(f)
}

func setVisible(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
}

// mistake is a small line with a sign, so that it is not told by colour only.
type mistake struct {
	composite
	ID
	words *Text
}

func newMistake(id ID) *mistake {
	m := &mistake{ID: id, words: NewText(Span{Color: ColorDanger}).WithSize(SizeSmall)}
	sign := &alert{color: ColorDanger}
	sign.ExtendBaseWidget(sign)
	m.content = Pad(0, 0, 0, 0, signed(sign, m.words))
	m.ExtendBaseWidget(m)
	return m
}

// signed puts a sign of text height before a text that wraps.
func signed(sign fyne.CanvasObject, text fyne.CanvasObject) *fyne.Container {
	return container.New(&signedLayout{}, sign, text)
}

type signedLayout struct{ width float32 }

const signGap = 6

func (l *signedLayout) heightFor(o []fyne.CanvasObject, width float32) float32 {
	return max(HeightFor(o[1], width-o[0].MinSize().Width-signGap), o[0].MinSize().Height)
}

func (l *signedLayout) natural(o []fyne.CanvasObject) fyne.Size {
	n := Natural(o[1])
	return fyne.NewSize(n.Width+signGap+o[0].MinSize().Width, max(n.Height, o[0].MinSize().Height))
}

func (l *signedLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := o[0].MinSize().Width + signGap + o[1].MinSize().Width
	return fyne.NewSize(w, l.heightFor(o, max(w, l.width)))
}

func (l *signedLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	s := o[0].MinSize()
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(s)
	o[1].Move(fyne.NewPos(s.Width+signGap, 0))
	o[1].Resize(fyne.NewSize(size.Width-s.Width-signGap, size.Height))
}

// alert is a ring with an exclamation mark, as high as small text.
type alert struct {
	widget.BaseWidget
	color fyne.ThemeColorName
}

func (a *alert) CreateRenderer() fyne.WidgetRenderer {
	r := &alertRenderer{alert: a, ring: canvas.NewCircle(nil), mark: canvas.NewText("!", nil)}
	r.Refresh()
	return r
}

type alertRenderer struct {
	alert *alert
	ring  *canvas.Circle
	mark  *canvas.Text
}

func (r *alertRenderer) Destroy() {}

func (r *alertRenderer) side() float32 { return theme.Size(SizeSmall) + 1 }

func (r *alertRenderer) MinSize() fyne.Size {
	h := fyne.MeasureText("Mg", theme.Size(SizeSmall), fyne.TextStyle{}).Height
	return fyne.NewSize(r.side(), h)
}

func (r *alertRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.ring, r.mark} }

func (r *alertRenderer) Layout(size fyne.Size) {
	side := r.side()
	r.ring.Move(fyne.NewPos(0, (size.Height-side)/2))
	r.ring.Resize(fyne.NewSquareSize(side))
	m := r.mark.MinSize()
	r.mark.Move(fyne.NewPos((side-m.Width)/2, (size.Height-m.Height)/2))
	r.mark.Resize(m)
}

func (r *alertRenderer) Refresh() {
	c := theme.Color(r.alert.color)
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(colorTransparent), c, 1.2
	r.mark.Color, r.mark.TextSize, r.mark.TextStyle = c, theme.Size(SizeSmall)*0.8, fyne.TextStyle{Bold: true}
	r.Layout(r.alert.Size())
	r.ring.Refresh()
	r.mark.Refresh()
}
