package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewPassword returns an input whose text is hidden until the person asks for
// it with the word at its right; the field around it (NewField) shows that word.
func NewPassword(id ID, show, hide string) *Entry {
	e := NewEntry(id)
	e.Password = true
	e.revealer = newRevealer(id+".show", show, hide, e)
	e.ActionItem = newRevealerRoom(e.revealer)
	return e
}

// revealer is the word at the right of a password: "Show" or "Hide". It lies over
// the input and not within it: Fyne's Shift+Tab comes to what holds something
// before it comes to what is held.
type revealer struct {
	widget.BaseWidget
	ID

	show, hide string
	entry      *Entry
	text       *canvas.Text
	focused    bool
}

func newRevealer(id ID, show, hide string, e *Entry) *revealer {
	r := &revealer{ID: id, show: show, hide: hide, entry: e, text: canvas.NewText(show, nil)}
	r.ExtendBaseWidget(r)
	return r
}

// withRevealer puts its word over the end of an input, if it has one.
func withRevealer(o fyne.CanvasObject) fyne.CanvasObject {
	e, ok := o.(*Entry)
	if !ok || e.revealer == nil {
		return o
	}
	return Layers(e, arranged(endLayout{}, e.revealer))
}

// endLayout puts an object at the end of its place, as high as that is.
type endLayout struct{}

func (endLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (endLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := objects[0].MinSize().Width
	Put(objects[0], fyne.NewPos(size.Width-w, 0), fyne.NewSize(w, size.Height), size.Width)
}

func (r *revealer) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (r *revealer) Tapped(*fyne.PointEvent) {
	r.toggle()
	Focus(r.entry) // the click took it away
}

func (r *revealer) toggle() {
	r.entry.Password = !r.entry.Password
	r.entry.Refresh()
	r.Refresh()
}

func (r *revealer) FocusGained() {
	r.focused = true
	r.Refresh()
	IntoView(r.entry)
}

func (r *revealer) FocusLost() { r.focused = false; r.Refresh() }

func (r *revealer) TypedRune(rune) {}

func (r *revealer) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		r.toggle()
	default:
		forwardKey(r, key)
	}
}

func (r *revealer) CreateRenderer() fyne.WidgetRenderer {
	out := &revealerRenderer{revealer: r, ring: canvas.NewRectangle(nil)}
	out.Refresh()
	return out
}

type revealerRenderer struct {
	revealer *revealer
	ring     *canvas.Rectangle
}

func (r *revealerRenderer) Destroy() {}

func (r *revealerRenderer) widest() float32 {
	s := theme.Size(SizeBody)
	return max(fyne.MeasureText(r.revealer.show, s, fyne.TextStyle{}).Width, fyne.MeasureText(r.revealer.hide, s, fyne.TextStyle{}).Width)
}

func (r *revealerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.widest()+Gap12+Gap8, r.revealer.text.MinSize().Height)
}

func (r *revealerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.revealer.text}
}

func (r *revealerRenderer) Layout(size fyne.Size) {
	m := r.revealer.text.MinSize()
	y := (size.Height - m.Height) / 2
	Put(r.revealer.text, fyne.NewPos(size.Width-Gap12-m.Width, y), m, size.Width)
	Put(r.ring, fyne.NewPos(size.Width-Gap12-m.Width-4, y-1), m.AddWidthHeight(8, 2), size.Width)
}

func (r *revealerRenderer) Refresh() {
	t := r.revealer.text
	t.Text = r.revealer.show
	if !r.revealer.entry.Password {
		t.Text = r.revealer.hide
	}
	t.TextSize, t.Color = theme.Size(SizeBody), theme.Color(ColorMuted)
	r.ring.FillColor, r.ring.StrokeColor = theme.Color(colorTransparent), theme.Color(ColorPrimary)
	r.ring.StrokeWidth, r.ring.CornerRadius, r.ring.Hidden = 2, 3, !r.revealer.focused
	r.Layout(r.revealer.Size())
	t.Refresh()
	r.ring.Refresh()
}

// revealerRoom is what the input keeps free for the word.
type revealerRoom struct {
	widget.BaseWidget
	revealer *revealer
}

func newRevealerRoom(r *revealer) *revealerRoom {
	room := &revealerRoom{revealer: r}
	room.ExtendBaseWidget(room)
	return room
}

func (r *revealerRoom) MinSize() fyne.Size { return r.revealer.MinSize() }

func (r *revealerRoom) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
