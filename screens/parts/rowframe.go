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
	filled  bool     // anew: what it holds is to be laid out
	looks   rowLooks // as drawn last
}

// rowLooks are what a row's frame shows besides its content.
type rowLooks struct {
	fill fyne.ThemeColorName
	ring bool
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
	return int(math.Ceil(float64(HeightFor(f.content, width-2*rowPadSide) + 2*rowPadTop + 1)))
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
	return l
}

// Tapped chooses and opens the row.
func (f *rowFrame) Tapped(*fyne.PointEvent) { f.list.tapped(f.row) }

// MouseIn lights the row up.
func (f *rowFrame) MouseIn(*desktop.MouseEvent) { f.hovered = true; f.Refresh() }

// MouseMoved is not needed.
func (f *rowFrame) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends it.
func (f *rowFrame) MouseOut() { f.hovered = false; f.Refresh() }

func (f *rowFrame) CreateRenderer() fyne.WidgetRenderer {
	r := &rowFrameRenderer{frame: f, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type rowFrameRenderer struct {
	frame      *rowFrame
	back, line *canvas.Rectangle
}

func (r *rowFrameRenderer) Destroy() {}

func (r *rowFrameRenderer) Layout(size fyne.Size) {
	inset := float32(0)
	if r.back.StrokeWidth > 0 {
		inset = 2
	}
	r.back.Move(fyne.NewPos(inset, inset))
	r.back.Resize(fyne.NewSize(size.Width-2*inset, size.Height-1-2*inset))
	r.line.Move(fyne.NewPos(0, size.Height-1))
	r.line.Resize(fyne.NewSize(size.Width, 1))
	inner := size.Width - 2*rowPadSide
	r.frame.content.Move(fyne.NewPos(rowPadSide, rowPadTop))
	r.frame.content.Resize(fyne.NewSize(inner, HeightFor(r.frame.content, inner)))
}

func (r *rowFrameRenderer) MinSize() fyne.Size {
	return r.frame.content.MinSize().AddWidthHeight(2*rowPadSide, 2*rowPadTop+1)
}

func (r *rowFrameRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.line, r.frame.content}
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
	r.back.Refresh()
	r.line.Refresh()
	r.Layout(r.frame.Size())
}
