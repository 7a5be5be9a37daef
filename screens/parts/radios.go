package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Radios is a choice of one among a few, all of them in sight. It takes the
// focus as a whole; the arrow keys choose, and so does a click on a row. Each
// row is named after the choice and its item: "register.diet.vegan".
type Radios struct {
	composite
	ID

	// OnChange is told what was chosen.
	OnChange func(id string)
	// OnFocus is told when the choice gets and loses the keyboard.
	OnFocus func(focused bool)

	rows   []*radio
	around fieldsAround
	chosen string
	ring   focusRing
	wrong  bool
}

// NewRadios returns a choice among items; none is chosen.
func NewRadios(id ID, items []Item) *Radios {
	r := &Radios{ID: id}
	stack := Stack(Gap4)
	for _, item := range items {
		row := &radio{ID: id + "." + ID(item.ID), group: r, item: item, label: NewText(Span{Text: item.Text})}
		row.ExtendBaseWidget(row)
		r.rows = append(r.rows, row)
		stack.Add(row)
	}
	r.content = stack
	r.ExtendBaseWidget(r)
	return r
}

// Chosen returns the id of what is chosen, or nothing.
func (r *Radios) Chosen() string { return r.chosen }

// Set chooses without telling OnChange.
func (r *Radios) Set(id string) {
	r.chosen = id
	r.refreshRows()
}

// SetWrong outlines the choice as one that must still be made.
func (r *Radios) SetWrong(wrong bool) {
	r.wrong = wrong
	r.refreshRows()
}

func (r *Radios) refreshRows() {
	for _, row := range r.rows {
		row.Refresh()
	}
}

func (r *Radios) choose(id string) {
	if r.chosen == id {
		return
	}
	r.Set(id)
	if r.OnChange != nil {
		r.OnChange(id)
	}
}

// FocusGained shows where the keyboard is.
func (r *Radios) FocusGained() {
	r.ring.gained()
	r.refreshRows()
	IntoView(r)
	if r.OnFocus != nil {
		r.OnFocus(true)
	}
}

// FocusLost stops showing it.
func (r *Radios) FocusLost() {
	r.ring.lost()
	r.refreshRows()
	if r.OnFocus != nil {
		r.OnFocus(false)
	}
}

// TypedRune does nothing.
func (r *Radios) TypedRune(rune) {}

// TypedKey chooses with the arrow keys; Space and Enter choose the first where
// nothing is chosen yet.
func (r *Radios) TypedKey(key *fyne.KeyEvent) {
	if r.ring.used() {
		r.refreshRows()
	}
	at := r.at()
	step := forward(key.Name)
	switch key.Name {
	case fyne.KeyDown:
		step = 1
	case fyne.KeyUp:
		step = -1
	}
	if step != 0 {
		r.choose(r.rows[min(max(at+step, 0), len(r.rows)-1)].item.ID)
		return
	}
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if at < 0 {
			r.choose(r.rows[0].item.ID)
		}
	default:
		forwardKey(r, key)
	}
}

// at is the place of what is chosen, -1 for none.
func (r *Radios) at() int {
	for i, row := range r.rows {
		if row.item.ID == r.chosen {
			return i
		}
	}
	return -1
}

// radio is one row.
type radio struct {
	widget.BaseWidget
	ID
	group *Radios
	item  Item
	label *Text
}

// Tapped chooses the row.
func (r *radio) Tapped(*fyne.PointEvent) {
	r.group.ring.click(r.group)
	r.group.choose(r.item.ID)
}

// Cursor is a hand.
func (r *radio) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (r *radio) side() float32   { return 16 * TextScale() }
func (r *radio) indent() float32 { return r.side() + Gap8 }

// HeightFor returns the height at a width.
func (r *radio) HeightFor(width float32) float32 {
	return max(r.label.HeightFor(width-r.indent()), r.side()) + Gap4
}

// Natural returns the size with the label in one line.
func (r *radio) Natural() fyne.Size {
	n := r.label.Natural()
	return fyne.NewSize(n.Width+r.indent(), max(n.Height, r.side())+Gap4)
}

func (r *radio) CreateRenderer() fyne.WidgetRenderer {
	out := &radioRenderer{radio: r, outer: canvas.NewCircle(nil), dot: canvas.NewCircle(nil), ring: canvas.NewCircle(nil)}
	out.Refresh()
	return out
}

type radioRenderer struct {
	radio            *radio
	outer, dot, ring *canvas.Circle
}

func (r *radioRenderer) Destroy() {}

func (r *radioRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.outer, r.dot, r.radio.label}
}

func (r *radioRenderer) MinSize() fyne.Size {
	m := r.radio.label.MinSize()
	return fyne.NewSize(m.Width+r.radio.indent(), max(m.Height, r.radio.side())+Gap4)
}

func (r *radioRenderer) Layout(size fyne.Size) {
	side, line := r.radio.side(), r.radio.label.lineHeight()
	top := Gap4/2 + max((line-side)/2, 0)
	Put(r.outer, fyne.NewPos(0, top), fyne.NewSquareSize(side), size.Width)
	Put(r.dot, fyne.NewPos(side*0.27, top+side*0.27), fyne.NewSquareSize(side*0.46), size.Width)
	Put(r.ring, fyne.NewPos(-3, top-3), fyne.NewSquareSize(side+6), size.Width)
	Put(r.radio.label, fyne.NewPos(r.radio.indent(), Gap4/2+max((side-line)/2, 0)), fyne.NewSize(size.Width-r.radio.indent(), size.Height-Gap4), size.Width)
}

func (r *radioRenderer) Refresh() {
	g := r.radio.group
	chosen := g.chosen == r.radio.item.ID
	stroke := ColorFieldBorder
	switch {
	case chosen:
		stroke = ColorPrimary
	case g.wrong:
		stroke = ColorDanger
	}
	r.outer.FillColor, r.outer.StrokeColor, r.outer.StrokeWidth = theme.Color(ColorSurface), theme.Color(stroke), 1.5
	r.dot.FillColor, r.dot.Hidden = theme.Color(ColorPrimary), !chosen
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(colorTransparent), theme.Color(ColorPrimary), 2
	first := g.at() < 0 && g.rows[0] == r.radio
	r.ring.Hidden = !g.ring.shown || !chosen && !first
	r.Layout(r.radio.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

var (
	_ fyne.Focusable = (*Radios)(nil)
	_ fyne.Tappable  = (*radio)(nil)
)
