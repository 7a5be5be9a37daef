package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Scroll shows an object of any height in the place there is. Its width is
// that of the place: it never scrolls sideways.
func Scroll(o fyne.CanvasObject) *fyne.Container {
	scroll := container.NewVScroll(arranged(&scrolledLayout{}, o))
	scroll.OnScrolled = func(fyne.Position) { scrolled(scroll) }
	return arranged(&scrollLayout{}, scroll)
}

// scrolledLayout is that of the object within a scroll: at least as high as it
// needs, with the width that scrollLayout has set.
type scrolledLayout struct{ width float32 }

func (l *scrolledLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := minWidth(o)
	return fyne.NewSize(w, HeightFor(o[0], max(w, l.width)))
}

func (l *scrolledLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	Put(o[0], fyne.NewPos(0, 0), size, size.Width)
}

type scrollLayout struct{}

func (*scrollLayout) heightFor(o []fyne.CanvasObject, width float32) float32 {
	return o[0].MinSize().Height
}

func (*scrollLayout) natural(o []fyne.CanvasObject) fyne.Size {
	return Natural(o[0].(*container.Scroll).Content.(*fyne.Container).Objects[0])
}

func (*scrollLayout) narrowest(o []fyne.CanvasObject) float32 {
	return narrowest(o[0].(*container.Scroll).Content.(*fyne.Container).Objects[0])
}

func (*scrollLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (*scrollLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	scroll := o[0].(*container.Scroll)
	inner := scroll.Content.(*fyne.Container)
	inner.Layout.(*scrolledLayout).width = size.Width
	if scroll.Size() == size {
		inner.Resize(inner.MinSize().Max(size))
		return
	}
	Put(scroll, fyne.Position{}, size, size.Width)
}

// Page is a screen whose body scrolls while its foot, with the primary button,
// stays in sight.
func Page(body, foot fyne.CanvasObject) *fyne.Container {
	return arranged(&pageLayout{}, Scroll(body), foot)
}

type pageLayout struct{ width float32 }

func (l *pageLayout) foot(o []fyne.CanvasObject, width float32) float32 {
	if !o[1].Visible() {
		return 0
	}
	return HeightFor(o[1], width)
}

func (l *pageLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := minWidth(o)
	return fyne.NewSize(w, o[0].MinSize().Height+l.foot(o, max(w, l.width)))
}

func (l *pageLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	h := l.foot(o, size.Width)
	Put(o[0], fyne.NewPos(0, 0), fyne.NewSize(size.Width, max(size.Height-h, 0)), size.Width)
	Put(o[1], fyne.NewPos(0, size.Height-h), fyne.NewSize(size.Width, h), size.Width)
}

// Columns puts two panels side by side, or under each other where the place is
// under 900 wide. leftShare is the left one's part of the width, from 0 to 1.
func Columns(leftShare float32, left, right fyne.CanvasObject) *fyne.Container {
	return arranged(&columnsLayout{share: leftShare}, left, right)
}

type columnsLayout struct{ share, width float32 }

// narrow tells whether the window is, from the width that is left between its margins.
func narrow(width float32) bool { return Narrow(width + 2*Gap30) }

func (l *columnsLayout) widths(width float32) (left, right float32) {
	if narrow(width) {
		return width, width
	}
	left = (width - Gap22) * l.share
	return left, width - Gap22 - left
}

func (l *columnsLayout) heightFor(o []fyne.CanvasObject, width float32) float32 {
	lw, rw := l.widths(width)
	a, b := HeightFor(o[0], lw), HeightFor(o[1], rw)
	if narrow(width) {
		return a + Gap22 + b
	}
	return max(a, b)
}

func (l *columnsLayout) natural(o []fyne.CanvasObject) fyne.Size {
	w := NarrowBelow()
	return fyne.NewSize(w, l.heightFor(o, w))
}

func (l *columnsLayout) narrowest(o []fyne.CanvasObject) float32 { return minWidth(o) }

func (l *columnsLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return minSize(l, o, l.width) }

func (l *columnsLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	lw, rw := l.widths(size.Width)
	a, b := HeightFor(o[0], lw), HeightFor(o[1], rw)
	Put(o[0], fyne.NewPos(0, 0), fyne.NewSize(lw, a), size.Width)
	at := fyne.NewPos(lw+Gap22, 0)
	if narrow(size.Width) {
		at = fyne.NewPos(0, a+Gap22)
	}
	Put(o[1], at, fyne.NewSize(rw, b), size.Width)
}
