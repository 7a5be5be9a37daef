package parts

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tab is one of several contents that share a place.
type Tab struct {
	ID      ID
	Text    string
	Content fyne.CanvasObject
}

// Tabs show one of several contents: a row of heads to choose with, and the
// chosen one's body.
type Tabs struct {
	// OnChoose is told which tab is shown from now on.
	OnChoose func(id ID)

	heads []*tabHead
	tabs  []Tab
	body  *fyne.Container
}

// NewTabs returns tabs with the first one chosen. Each head is named after the
// row and its tab: "mailbox.tab.waiting".
func NewTabs(id ID, tabs ...Tab) *Tabs {
	t := &Tabs{tabs: tabs, body: container.NewStack()}
	for i, tab := range tabs {
		h := &tabHead{ID: id + "." + tab.ID, tabs: t, index: i, text: tab.Text}
		h.ExtendBaseWidget(h)
		t.heads = append(t.heads, h)
	}
	t.Choose(0)
	return t
}

// Heads is the row to choose with.
func (t *Tabs) Heads() fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(t.heads))
	for i, h := range t.heads {
		objects[i] = h
	}
	return Inline(Gap8, objects...)
}

// Body is where the chosen content is shown.
func (t *Tabs) Body() fyne.CanvasObject { return t.body }

// Choose shows a tab.
func (t *Tabs) Choose(index int) {
	Fill(t.body, t.tabs[index].Content)
	for i, h := range t.heads {
		h.chosen = i == index
		h.Refresh()
	}
	if t.OnChoose != nil {
		t.OnChoose(t.tabs[index].ID)
	}
}

// Chosen returns the number of the tab that is shown.
func (t *Tabs) Chosen() int {
	return slices.IndexFunc(t.heads, func(h *tabHead) bool { return h.chosen })
}

// SetCount puts a number behind a head's words; 0 takes it away.
func (t *Tabs) SetCount(id ID, count int) {
	for i, h := range t.heads {
		if t.tabs[i].ID != id {
			continue
		}
		text := t.tabs[i].Text
		if count > 0 {
			text += " (" + strconv.Itoa(count) + ")"
		}
		if h.text != text {
			h.text = text
			h.Refresh()
			Changed(h)
		}
	}
}

type tabHead struct {
	widget.BaseWidget
	ID
	tabs            *Tabs
	index           int
	text            string
	chosen, hovered bool
	ring            focusRing
}

// Tapped chooses the tab.
func (h *tabHead) Tapped(*fyne.PointEvent) {
	h.ring.click(h)
	h.tabs.Choose(h.index)
}

// FocusGained shows where the keyboard is.
func (h *tabHead) FocusGained() { h.ring.gained(); h.Refresh() }

// FocusLost stops showing it.
func (h *tabHead) FocusLost() { h.ring.lost(); h.Refresh() }

// TypedRune does nothing.
func (h *tabHead) TypedRune(rune) {}

// TypedKey chooses the tab, or its neighbour.
func (h *tabHead) TypedKey(key *fyne.KeyEvent) {
	if h.ring.used() {
		h.Refresh()
	}
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		h.tabs.Choose(h.index)
	case fyne.KeyLeft, fyne.KeyRight:
		h.neighbour(forward(key.Name))
	default:
		forwardKey(h, key)
	}
}

func (h *tabHead) neighbour(step int) {
	if i := h.index + step; i >= 0 && i < len(h.tabs.heads) {
		h.tabs.Choose(i)
		Focus(h.tabs.heads[i])
	}
}

// MouseIn lights it up.
func (h *tabHead) MouseIn(*desktop.MouseEvent) { h.hovered = true; h.Refresh() }

// MouseMoved is not needed.
func (h *tabHead) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends that.
func (h *tabHead) MouseOut() { h.hovered = false; h.Refresh() }

// Cursor is a hand.
func (h *tabHead) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Natural is the size of the words with their room.
func (h *tabHead) Natural() fyne.Size {
	return fyne.MeasureText(h.text, theme.Size(SizeBody), fyne.TextStyle{Bold: true}).AddWidthHeight(2*Gap12, 12)
}

// HeightFor does not depend on the width.
func (h *tabHead) HeightFor(float32) float32 { return h.Natural().Height }

func (h *tabHead) CreateRenderer() fyne.WidgetRenderer {
	r := &tabHeadRenderer{head: h, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type tabHeadRenderer struct {
	head       *tabHead
	back, line *canvas.Rectangle
	text       *canvas.Text
}

func (r *tabHeadRenderer) Destroy() {}

func (r *tabHeadRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.line, r.text}
}

func (r *tabHeadRenderer) MinSize() fyne.Size {
	n := r.head.Natural()
	return fyne.NewSize(min(n.Width, 160*TextScale()), n.Height)
}

func (r *tabHeadRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	Put(r.line, fyne.NewPos(0, size.Height-3), fyne.NewSize(size.Width, 3), size.Width)
	r.text.Text = shorten(r.head.text, r.text.TextSize, r.text.TextStyle, size.Width-2*Gap8)
	m := r.text.MinSize()
	Put(r.text, fyne.NewPos((size.Width-m.Width)/2, (size.Height-m.Height)/2), m, size.Width)
}

func (r *tabHeadRenderer) Refresh() {
	h := r.head
	ink := ColorMuted
	if h.chosen {
		ink = ColorText
	}
	r.back.FillColor, r.back.CornerRadius, r.back.StrokeWidth = theme.Color(colorTransparent), 6, 0
	if h.hovered {
		r.back.FillColor = theme.Color(theme.ColorNameHover)
	}
	if h.ring.shown {
		r.back.StrokeColor, r.back.StrokeWidth = theme.Color(ColorPrimary), 2
	}
	r.line.FillColor, r.line.Hidden, r.line.CornerRadius = theme.Color(ColorPrimary), !h.chosen, 2
	r.text.Color, r.text.TextSize, r.text.TextStyle = theme.Color(ink), theme.Size(SizeBody), fyne.TextStyle{Bold: h.chosen}
	r.Layout(h.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
