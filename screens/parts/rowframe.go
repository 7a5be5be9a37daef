package parts

import (
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
	f := r.frame
	fill := colorTransparent
	heading := f.list.isHeading(f.row)
	switch {
	case f.row == f.list.chosen:
		fill = ColorTint
	case f.hovered && !heading:
		fill = theme.ColorNameHover
	}
	r.back.FillColor = theme.Color(fill)
	r.back.StrokeWidth, r.back.CornerRadius = 0, 0
	if f.list.focused && (f.row == f.list.chosen || f.list.chosen < 0 && f.row == f.list.first()) {
		r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = theme.Color(ColorPrimary), 2, 5
	}
	r.line.FillColor = theme.Color(ColorHairline)
	r.back.Refresh()
	r.line.Refresh()
	r.Layout(f.Size())
	f.content.Refresh()
}
