package parts

import (
	"fyne.io/fyne/v2"
)

// flow is what a part tells a layout beyond Fyne's MinSize: its height depends
// on the width that it gets, because its text wraps.
type flow interface {
	// HeightFor returns the height that the part needs at this width.
	HeightFor(width float32) float32
	// Natural returns the size that the part takes when nothing limits it.
	Natural() fyne.Size
}

// flowLayout is the same for a container's layout.
type flowLayout interface {
	heightFor(objects []fyne.CanvasObject, width float32) float32
	natural(objects []fyne.CanvasObject) fyne.Size
	// narrowest is the width of MinSize, for which no heights are needed.
	narrowest(objects []fyne.CanvasObject) float32
}

// All that tell a height by a width do so by all of flowLayout, and not by a part of it.
var _ = []flowLayout{
	&stackLayout{}, &padLayout{}, &rowLayout{}, &endsLayout{}, &centerLayout{}, &steadyLayout{}, &frameLayout{},
	&marginLayout{}, &scrollLayout{}, &columnsLayout{}, &besideLayout{}, &columnHeadsLayout{}, &signedLayout{}, &footLayout{}, &logoLayout{}, &chartLayout{},
}

// HeightFor returns the height that an object needs at a width: exactly for
// parts and their layouts, and Fyne's minimum for everything else.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case flow:
		return o.HeightFor(width)
	case *fyne.Container:
		if l, ok := o.Layout.(flowLayout); ok {
			return l.heightFor(o.Objects, width)
		}
	}
	return o.MinSize().Height
}

// Natural returns the size that an object takes when nothing limits it.
func Natural(o fyne.CanvasObject) fyne.Size {
	switch o := o.(type) {
	case flow:
		return o.Natural()
	case *fyne.Container:
		if l, ok := o.Layout.(flowLayout); ok {
			return l.natural(o.Objects)
		}
	}
	return o.MinSize()
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	shown := make([]fyne.CanvasObject, 0, len(objects))
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}

// narrowest is the smallest width of an object.
func narrowest(o fyne.CanvasObject) float32 {
	switch o := o.(type) {
	case interface{ narrowest() float32 }:
		return o.narrowest()
	case interface{ arrangement() *fyne.Container }:
		return narrowest(o.arrangement())
	case *fyne.Container:
		if l, ok := o.Layout.(flowLayout); ok {
			return l.narrowest(o.Objects)
		}
	}
	return o.MinSize().Width
}

// minWidth is the widest of the smallest widths.
func minWidth(objects []fyne.CanvasObject) float32 {
	var w float32
	for _, o := range visible(objects) {
		w = max(w, narrowest(o))
	}
	return w
}

// minSize is the MinSize of a layout that was last laid out at a width, 0 for never: its
// smallest width, and the height that it needs at the last one.
func minSize(l flowLayout, objects []fyne.CanvasObject, width float32) fyne.Size {
	w := l.narrowest(objects)
	if width == 0 {
		return fyne.NewSize(w, l.natural(objects).Height)
	}
	return fyne.NewSize(w, l.heightFor(objects, max(w, width)))
}

// Stack puts objects under each other over the full width, gap apart.
func Stack(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return arranged(&stackLayout{gap: gap}, objects...)
}

type stackLayout struct {
	gap, width float32
}

func (l *stackLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for i, o := range visible(objects) {
		if i > 0 {
			h += l.gap
		}
		h += HeightFor(o, width)
	}
	return h
}

func (l *stackLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for i, o := range visible(objects) {
		if i > 0 {
			s.Height += l.gap
		}
		n := Natural(o)
		s.Width = max(s.Width, n.Width)
		s.Height += n.Height
	}
	return s
}

func (l *stackLayout) narrowest(objects []fyne.CanvasObject) float32 { return minWidth(objects) }

func (l *stackLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minSize(l, objects, l.width)
}

func (l *stackLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return // it has no place yet, and is still being filled
	}
	l.width = size.Width
	var y float32
	for _, o := range visible(objects) {
		h := HeightFor(o, size.Width)
		Put(o, fyne.NewPos(0, y), fyne.NewSize(size.Width, h), size.Width)
		y += h + l.gap
	}
}

// Pad keeps a distance between an object and the edges.
func Pad(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return arranged(&padLayout{top: top, right: right, bottom: bottom, left: left}, o)
}

// PadAll keeps the same distance on all four sides.
func PadAll(pad float32, o fyne.CanvasObject) *fyne.Container { return Pad(pad, pad, pad, pad, o) }

type padLayout struct {
	top, right, bottom, left, width float32
}

func (l *padLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for _, o := range visible(objects) {
		h = max(h, HeightFor(o, width-l.left-l.right))
	}
	return h + l.top + l.bottom
}

func (l *padLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range visible(objects) {
		s = s.Max(Natural(o))
	}
	return s.AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

func (l *padLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minSize(l, objects, l.width)
}

func (l *padLayout) narrowest(objects []fyne.CanvasObject) float32 {
	return minWidth(objects) + l.left + l.right
}

func (l *padLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	for _, o := range visible(objects) {
		Put(o, fyne.NewPos(l.left, l.top), fyne.NewSize(size.Width-l.left-l.right, size.Height-l.top-l.bottom), size.Width)
	}
}

// Layers puts objects over each other; the last is on top.
func Layers(objects ...fyne.CanvasObject) *fyne.Container {
	return arranged(&padLayout{}, objects...)
}
