package parts

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// rowFrame is what surrounds the content of one row.
type rowFrame struct {
	widget.BaseWidget
	ID
	list    *RowList
	row     int
	content fyne.CanvasObject
	hovered bool
	held    fyne.KeyModifier // when the mouse was pressed
	filled  bool             // anew: what it holds is to be laid out
	looks   rowLooks         // as drawn last
}

// rowLooks are what a row's frame shows besides its content.
type rowLooks struct {
	fill        fyne.ThemeColorName
	ring        bool
	box, marked bool
}

func (l *RowList) frame() *rowFrame {
	if n := len(l.spare); n > 0 {
		frame := l.spare[n-1]
		l.spare = l.spare[:n-1]
		return frame
	}
	frame := &rowFrame{list: l, content: l.create()}
	frame.ExtendBaseWidget(frame)
	return frame
}

// heightFor is the height that the row needs, in whole pixels.
func (f *rowFrame) heightFor(width float32) int {
	return int(math.Ceil(float64(HeightFor(f.content, width-f.left()-rowPadSide) + 2*rowPadTop + 1)))
}

// left is where the content begins.
func (f *rowFrame) left() float32 {
	if f.list.OnMarked != nil && !f.list.isHeading(f.row) {
		return rowPadSide + markIndent()
	}
	return rowPadSide
}

// fit lays out what was filled in, and shows whether the row is chosen.
func (f *rowFrame) fit() {
	if f.filled {
		f.filled = false
		Relayout(f.content)
	}
	if f.looks != f.look() {
		f.Refresh()
	}
}

func (f *rowFrame) look() rowLooks {
	l := rowLooks{fill: colorTransparent}
	switch {
	case f.row == f.list.chosen:
		l.fill = ColorTint
	case f.hovered && !f.list.isHeading(f.row):
		l.fill = theme.ColorNameHover
	}
	l.ring = f.list.focused && f.row == f.list.current()
	l.box = f.list.OnMarked != nil && !f.list.isHeading(f.row)
	l.marked = l.box && f.list.Marked(f.row)
	return l
}

// MouseDown notes the keys that are held down: Tapped is not told of them.
func (f *rowFrame) MouseDown(e *desktop.MouseEvent) { f.held = e.Modifier }

// MouseUp is not needed.
func (f *rowFrame) MouseUp(*desktop.MouseEvent) {}

// Tapped chooses and opens the row, or marks it.
func (f *rowFrame) Tapped(e *fyne.PointEvent) {
	held := f.held
	f.held = 0
	f.list.clicked(f.row, fromLeft(e.Position.X, 0, f.Size().Width) < f.left()-Gap4, held)
}

// MouseIn lights the row up.
func (f *rowFrame) MouseIn(*desktop.MouseEvent) { f.hovered = true; f.Refresh() }

// MouseMoved is not needed.
func (f *rowFrame) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends it.
func (f *rowFrame) MouseOut() { f.hovered = false; f.Refresh() }

func (f *rowFrame) CreateRenderer() fyne.WidgetRenderer {
	r := &rowFrameRenderer{
		frame: f, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil),
		box: canvas.NewRectangle(nil), hook: newHook(),
	}
	r.Refresh()
	return r
}

type rowFrameRenderer struct {
	frame      *rowFrame
	back, line *canvas.Rectangle
	box        *canvas.Rectangle // to mark the row
	hook       *canvas.Image     // in it
}

func (r *rowFrameRenderer) Destroy() {}

func (r *rowFrameRenderer) Layout(size fyne.Size) {
	inset := float32(0)
	if r.back.StrokeWidth > 0 {
		inset = 2
	}
	Put(r.back, fyne.NewPos(inset, inset), fyne.NewSize(size.Width-2*inset, size.Height-1-2*inset), size.Width)
	Put(r.line, fyne.NewPos(0, size.Height-1), fyne.NewSize(size.Width, 1), size.Width)
	side := markSide()
	Put(r.box, fyne.NewPos(rowPadSide, (size.Height-1-side)/2), fyne.NewSquareSize(side), size.Width)
	Put(r.hook, fyne.NewPos(rowPadSide, (size.Height-1-side)/2), fyne.NewSquareSize(side), size.Width)
	inner := size.Width - r.frame.left() - rowPadSide
	Put(r.frame.content, fyne.NewPos(r.frame.left(), rowPadTop), fyne.NewSize(inner, HeightFor(r.frame.content, inner)), size.Width)
}

func (r *rowFrameRenderer) MinSize() fyne.Size {
	return r.frame.content.MinSize().AddWidthHeight(2*rowPadSide, 2*rowPadTop+1)
}

func (r *rowFrameRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.line, r.box, r.hook, r.frame.content}
}

func (r *rowFrameRenderer) Refresh() {
	look := r.frame.look()
	r.frame.looks = look
	r.back.FillColor = theme.Color(look.fill)
	r.back.StrokeWidth, r.back.CornerRadius = 0, 0
	if look.ring {
		r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = theme.Color(ColorPrimary), 2, 5
	}
	r.line.FillColor = theme.Color(ColorHairline)
	r.box.Hidden = !look.box
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth, r.box.CornerRadius = theme.Color(ColorSurface), theme.Color(ColorFieldBorder), 1, 3
	if look.marked {
		r.box.FillColor, r.box.StrokeColor = theme.Color(ColorPrimary), theme.Color(ColorPrimary)
	}
	showHook(r.hook, look.marked, ColorOnPrimary)
	for _, o := range []*canvas.Rectangle{r.back, r.line, r.box} {
		o.Refresh()
	}
	r.Layout(r.frame.Size())
}
