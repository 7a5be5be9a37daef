package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Check is a box to tick, with a label that may wrap and may hold links.
type Check struct {
	widget.DisableableWidget
	ID

	label    *Text
	checked  bool
	wrong    bool
	focused  bool
	OnChange func(bool)
}

// NewCheck returns a box with its label; links in the label are followed, the
// rest of it ticks the box.
func NewCheck(id ID, label ...Span) *Check {
	c := &Check{ID: id, label: NewText(label...)}
	c.ExtendBaseWidget(c)
	return c
}

// Required returns the spans of a label with the star of a required field.
func Required(label ...Span) []Span {
	return append(label, Span{Text: " *", Color: ColorDanger, Bold: true})
}

// Checked tells whether the box is ticked.
func (c *Check) Checked() bool { return c.checked }

// SetChecked ticks the box or empties it, and tells OnChange if that changed it.
func (c *Check) SetChecked(checked bool) {
	if c.checked == checked {
		return
	}
	c.checked = checked
	if checked {
		c.wrong = false
	}
	c.Refresh()
	if c.OnChange != nil {
		c.OnChange(checked)
	}
}

// SetWrong outlines the box as one that must still be ticked.
func (c *Check) SetWrong(wrong bool) {
	c.wrong = wrong
	c.Refresh()
}

// Tapped ticks the box or empties it.
func (c *Check) Tapped(*fyne.PointEvent) {
	if c.Disabled() {
		return
	}
	Focus(c)
	c.SetChecked(!c.checked)
}

func (c *Check) FocusGained() { c.focused = true; c.Refresh(); IntoView(c) }
func (c *Check) FocusLost()   { c.focused = false; c.Refresh() }

func (c *Check) TypedRune(rune) {}

// TypedKey hears Space and Enter.
func (c *Check) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if !c.Disabled() {
			c.SetChecked(!c.checked)
		}
	default:
		forwardKey(c, key)
	}
}

// Cursor is a hand.
func (c *Check) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (c *Check) side() float32   { return 16 * TextScale() }
func (c *Check) indent() float32 { return c.side() + Gap8 }

// HeightFor returns the height at a width.
func (c *Check) HeightFor(width float32) float32 {
	return max(c.label.HeightFor(width-c.indent()), c.side()) + Gap4
}

// Natural returns the size with the label in one line.
func (c *Check) Natural() fyne.Size {
	n := c.label.Natural()
	return fyne.NewSize(n.Width+c.indent(), max(n.Height, c.side())+Gap4)
}

// CreateRenderer is Fyne's way to ask how the box is drawn.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	r := &checkRenderer{check: c, box: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil), short: canvas.NewLine(nil), long: canvas.NewLine(nil)}
	r.Refresh()
	return r
}

type checkRenderer struct {
	check       *Check
	box, ring   *canvas.Rectangle
	short, long *canvas.Line
}

func (r *checkRenderer) Destroy() {}

func (r *checkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.box, r.short, r.long, r.check.label}
}

func (r *checkRenderer) MinSize() fyne.Size {
	m := r.check.label.MinSize()
	return fyne.NewSize(m.Width+r.check.indent(), max(m.Height, r.check.side())+Gap4)
}

func (r *checkRenderer) Layout(size fyne.Size) {
	c := r.check
	side, line := c.side(), c.label.lineHeight()
	top := Gap4/2 + max((line-side)/2, 0)
	r.box.Move(fyne.NewPos(0, top))
	r.box.Resize(fyne.NewSquareSize(side))
	r.ring.Move(fyne.NewPos(-3, top-3))
	r.ring.Resize(fyne.NewSquareSize(side + 6))
	at := func(x, y float32) fyne.Position { return fyne.NewPos(side*x, top+side*y) }
	r.short.Position1, r.short.Position2 = at(0.22, 0.52), at(0.42, 0.72)
	r.long.Position1, r.long.Position2 = at(0.42, 0.72), at(0.80, 0.30)
	c.label.Move(fyne.NewPos(c.indent(), Gap4/2+max((side-line)/2, 0)))
	c.label.Resize(fyne.NewSize(size.Width-c.indent(), size.Height-Gap4))
}

func (r *checkRenderer) Refresh() {
	c := r.check
	fill, stroke := ColorSurface, ColorFieldBorder
	if c.checked {
		fill, stroke = ColorPrimary, ColorPrimary
	} else if c.wrong {
		stroke = ColorDanger
	}
	r.box.FillColor, r.box.StrokeColor = theme.Color(fill), theme.Color(stroke)
	r.box.StrokeWidth, r.box.CornerRadius = 1.5, 3
	r.ring.FillColor, r.ring.StrokeColor = theme.Color(colorTransparent), theme.Color(ColorPrimary)
	r.ring.StrokeWidth, r.ring.CornerRadius = 2, 5
	r.ring.Hidden = !c.focused
	for _, l := range []*canvas.Line{r.short, r.long} {
		l.StrokeColor, l.StrokeWidth, l.Hidden = theme.Color(ColorOnPrimary), 2*TextScale(), !c.checked
	}
	r.Layout(c.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
