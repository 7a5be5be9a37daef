package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// arrow is the sign at the right of a choice.
type arrow struct {
	widget.BaseWidget
	picker *Picker
}

func newArrow(p *Picker) *arrow {
	a := &arrow{picker: p}
	a.ExtendBaseWidget(a)
	return a
}

func (a *arrow) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (a *arrow) Tapped(*fyne.PointEvent) { a.picker.toggle() }

func (a *arrow) CreateRenderer() fyne.WidgetRenderer {
	r := &arrowRenderer{arrow: a, left: canvas.NewLine(nil), right: canvas.NewLine(nil)}
	r.Refresh()
	return r
}

type arrowRenderer struct {
	arrow       *arrow
	left, right *canvas.Line
}

func (r *arrowRenderer) Destroy() {}

func (r *arrowRenderer) MinSize() fyne.Size { return fyne.NewSize(30*TextScale(), 12) }

func (r *arrowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.left, r.right}
}

func (r *arrowRenderer) Layout(size fyne.Size) {
	half := 4 * TextScale()
	x, y := size.Width/2, size.Height/2-half/2
	draw(r.left, fyne.NewPos(x-half, y), fyne.NewPos(x, y+half))
	draw(r.right, fyne.NewPos(x, y+half), fyne.NewPos(x+half, y))
}

func (r *arrowRenderer) Refresh() {
	for _, l := range []*canvas.Line{r.left, r.right} {
		l.StrokeColor, l.StrokeWidth = theme.Color(ColorMuted), 1.6
		l.Refresh()
	}
}
