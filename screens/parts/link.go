package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// link is a span that one can follow. Its first line takes the focus; when it
// wraps, the other lines can be clicked as well.
type link struct {
	linkTail
	ID
	focused bool
}

// linkTail draws a piece of a link, and is all of it on its second line.
type linkTail struct {
	widget.BaseWidget
	span Span
	text string
	size float32
	head *link
}

func newLink(s Span, _ *Text) *link {
	l := &link{ID: s.ID}
	l.span, l.head = s, l
	l.ExtendBaseWidget(l)
	return l
}

// fragment returns the object for one line of the link.
func (l *link) fragment(text string, first bool, size float32) fyne.CanvasObject {
	if first {
		if l.text != text || l.size != size {
			l.text, l.size = text, size
			l.Refresh()
		}
		return l
	}
	tail := &linkTail{span: l.span, text: text, size: size, head: l}
	tail.ExtendBaseWidget(tail)
	return tail
}

// Link returns a link that stands alone: one line, ending in an ellipsis.
func Link(id ID, text string, onTapped func()) *Text {
	return NewText(Span{Text: text, ID: id, OnTapped: onTapped, Plain: true}).WithOverflow(Ellipsis)
}

func (l *linkTail) CreateRenderer() fyne.WidgetRenderer {
	r := &linkRenderer{link: l, text: canvas.NewText("", nil), line: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	r.ring.StrokeWidth = 2
	r.ring.CornerRadius = 3
	r.Refresh()
	return r
}

// Cursor is a hand.
func (l *linkTail) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Tapped follows the link.
func (l *linkTail) Tapped(*fyne.PointEvent) { l.span.OnTapped() }

func (l *link) FocusGained() { l.focused = true; l.Refresh(); IntoView(l) }
func (l *link) FocusLost()   { l.focused = false; l.Refresh() }

func (l *link) TypedRune(rune) {}

func (l *link) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		l.span.OnTapped()
	default:
		forwardKey(l, key)
	}
}

type linkRenderer struct {
	link *linkTail
	text *canvas.Text
	line *canvas.Rectangle // a canvas.Line would need a shader of its own in the first picture
	ring *canvas.Rectangle
}

func (r *linkRenderer) Destroy() {}

func (r *linkRenderer) Layout(size fyne.Size) {
	r.text.Resize(size)
	Put(r.line, fyne.NewPos(0, size.Height*0.88-0.5), fyne.NewSize(size.Width, 1), size.Width)
	Put(r.ring, fyne.NewPos(-3, -1), size.AddWidthHeight(6, 2), size.Width)
}

func (r *linkRenderer) MinSize() fyne.Size { return r.text.MinSize() }

func (r *linkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.text, r.line}
}

func (r *linkRenderer) Refresh() {
	l := r.link
	name := l.span.Color
	if name == "" {
		name = theme.ColorNameHyperlink
	}
	c := theme.Color(name)
	r.text.Text, r.text.TextSize, r.text.Color = l.text, l.size, c
	r.text.TextStyle = fyne.TextStyle{Bold: l.span.Bold}
	r.line.FillColor = c
	r.line.Hidden = l.span.Plain
	r.ring.FillColor = theme.Color(colorTransparent)
	r.ring.StrokeColor = theme.Color(ColorPrimary)
	r.ring.Hidden = l.head != nil && (!l.head.focused || l != &l.head.linkTail)
	r.text.Refresh()
	r.line.Refresh()
	r.ring.Refresh()
}
