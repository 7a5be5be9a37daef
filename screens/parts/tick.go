package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tick is the box of a Check. It takes the keyboard in place of the Check, which
// holds links: Fyne's Shift+Tab comes to what holds something before it comes to
// what is held.
type tick struct {
	widget.BaseWidget
	ID
	check *Check
	ring  focusRing
}

func newTick(c *Check) *tick {
	t := &tick{ID: c.ID, check: c}
	t.ExtendBaseWidget(t)
	return t
}

// Disabled reports whether the box cannot be ticked at present; then it does not
// take the keyboard either.
func (t *tick) Disabled() bool { return t.check.Disabled() }

// Enable is the Check's.
func (t *tick) Enable() { t.check.Enable() }

// Disable is the Check's.
func (t *tick) Disable() { t.check.Disable() }

func (t *tick) FocusGained() { t.ring.gained(); t.Refresh(); IntoView(t.check) }
func (t *tick) FocusLost()   { t.ring.lost(); t.Refresh() }

func (t *tick) TypedRune(rune) {}

// TypedKey hears Space and Enter.
func (t *tick) TypedKey(key *fyne.KeyEvent) {
	if t.ring.used() {
		t.Refresh()
	}
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if !t.Disabled() {
			t.check.SetChecked(!t.check.checked)
		}
	default:
		forwardKey(t, key)
	}
}

func (t *tick) CreateRenderer() fyne.WidgetRenderer {
	r := &tickRenderer{tick: t, box: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil), hook: newHook()}
	r.Refresh()
	return r
}

type tickRenderer struct {
	tick      *tick
	box, ring *canvas.Rectangle
	hook      *canvas.Image
}

func (r *tickRenderer) Destroy() {}

func (r *tickRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.box, r.hook}
}

func (r *tickRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(r.tick.check.side()) }

func (r *tickRenderer) Layout(size fyne.Size) {
	side := size.Width
	r.box.Resize(fyne.NewSquareSize(side))
	Put(r.ring, fyne.NewPos(-3, -3), fyne.NewSquareSize(side+6), size.Width)
	r.hook.Resize(fyne.NewSquareSize(side))
}

func (r *tickRenderer) Refresh() {
	c := r.tick.check
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
	r.ring.Hidden = !r.tick.ring.shown
	showHook(r.hook, c.checked, ColorOnPrimary)
	r.ring.Refresh()
	r.box.Refresh()
}
