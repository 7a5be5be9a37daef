package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Beside puts a side beside a main part, or below it where there is no room for both at
// these widths (at 100 % text size). Where the main part is longer, pair gives an object of
// each that are to begin at the same height, so that one sees both at once; nil for none.
func Beside(main, side fyne.CanvasObject, mainMin, sideMin float32, pair func() (inMain, inSide fyne.CanvasObject)) *fyne.Container {
	return arranged(&besideLayout{main: mainMin, side: sideMin, pair: pair}, main, side)
}

type besideLayout struct {
	main, side, width float32
	pair              func() (inMain, inSide fyne.CanvasObject)
}

// widths are those of both, and whether one stands below the other.
func (l *besideLayout) widths(width float32) (main, side float32, below bool) {
	if width < (l.main+l.side)*TextScale()+Gap22 {
		return width, width, true
	}
	main = (width - Gap22) * l.main / (l.main + l.side)
	return main, width - Gap22 - main, false
}

func (l *besideLayout) heightFor(o []fyne.CanvasObject, width float32) float32 {
	mw, sw, below := l.widths(width)
	a, b := HeightFor(o[0], mw), HeightFor(o[1], sw)
	if below {
		return a + Gap22 + b
	}
	return max(a, b)
}

func (l *besideLayout) natural(o []fyne.CanvasObject) fyne.Size {
	w := (l.main+l.side)*TextScale() + Gap22
	return fyne.NewSize(w, l.heightFor(o, w))
}

func (l *besideLayout) narrowest(o []fyne.CanvasObject) float32 { return minWidth(o) }

func (l *besideLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return minSize(l, o, l.width) }

func (l *besideLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	mw, sw, below := l.widths(size.Width)
	a, b := HeightFor(o[0], mw), HeightFor(o[1], sw)
	Put(o[0], fyne.NewPos(0, 0), fyne.NewSize(mw, a), size.Width)
	if below {
		Put(o[1], fyne.NewPos(0, a+Gap22), fyne.NewSize(sw, b), size.Width)
		return
	}
	at := fyne.NewPos(mw+Gap22, 0)
	Put(o[1], at, fyne.NewSize(sw, b), size.Width)
	if inMain, inSide := l.pair(); inMain != nil && inSide != nil && a > b {
		// Both know their places by now.
		at.Y = min(max(depth(o[0], inMain)-depth(o[1], inSide), 0), a-b)
		Put(o[1], at, fyne.NewSize(sw, b), size.Width)
	}
}

// depth is how far below the top of an object another one within it stands; 0 where it
// does not.
func depth(in, o fyne.CanvasObject) float32 {
	y, _ := depthOf(in, o)
	return y
}

func depthOf(in, o fyne.CanvasObject) (y float32, there bool) {
	if in == o {
		return 0, true
	}
	switch in := in.(type) {
	case interface{ arrangement() *fyne.Container }:
		return depthOf(in.arrangement(), o)
	case *container.Scroll:
		return depthOf(in.Content, o)
	case *fyne.Container:
		for _, child := range in.Objects {
			if y, there := depthOf(child, o); there {
				return child.Position().Y + y, true
			}
		}
	}
	return 0, false
}
