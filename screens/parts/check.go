package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Check is a box to tick, with a label that may wrap and may hold links.
type Check struct {
	widget.DisableableWidget
	ID

	label    *Text
	around   fieldsAround
	tick     *tick
	checked  bool
	wrong    bool
	OnChange func(bool)
}

// NewCheck returns a box with its label; links in the label are followed, the
// rest of it ticks the box.
func NewCheck(id ID, label ...Span) *Check {
	c := &Check{ID: id, label: NewText(label...)}
	c.tick = newTick(c)
	c.ExtendBaseWidget(c)
	return c
}

// Input is what takes the keyboard: the box beside the label.
func (c *Check) Input() fyne.Focusable { return c.tick }

// Required returns the spans of a label with the star of a required field.
func Required(label ...Span) []Span {
	return append(label, requiredStar)
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
	c.tick.ring.click(c.tick)
	c.SetChecked(!c.checked)
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

// Refresh draws the box anew as well.
func (c *Check) Refresh() {
	c.tick.Refresh()
	c.DisableableWidget.Refresh()
}

// CreateRenderer is Fyne's way to ask how the box is drawn.
func (c *Check) CreateRenderer() fyne.WidgetRenderer { return &checkRenderer{check: c} }

type checkRenderer struct{ check *Check }

func (r *checkRenderer) Destroy() {}

func (r *checkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.check.tick, r.check.label}
}

func (r *checkRenderer) MinSize() fyne.Size {
	m := r.check.label.MinSize()
	return fyne.NewSize(m.Width+r.check.indent(), max(m.Height, r.check.side())+Gap4)
}

func (r *checkRenderer) Layout(size fyne.Size) {
	c := r.check
	side, line := c.side(), c.label.lineHeight()
	Put(c.tick, fyne.NewPos(0, Gap4/2+max((line-side)/2, 0)), fyne.NewSquareSize(side), size.Width)
	Put(c.label, fyne.NewPos(c.indent(), Gap4/2+max((side-line)/2, 0)), fyne.NewSize(size.Width-c.indent(), size.Height-Gap4), size.Width)
}

func (r *checkRenderer) Refresh() {
	r.Layout(r.check.Size())
	r.check.label.Refresh()
}
