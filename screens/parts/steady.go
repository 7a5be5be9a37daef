package parts

import (
	"fyne.io/fyne/v2"
)

// Steady puts an object in the middle of a place, at most maxWidth wide (at 100 %
// text size), and keeps its top there when it becomes higher or lower. It scrolls
// where there is not room enough.
func Steady(maxWidth float32, o fyne.CanvasObject) *fyne.Container {
	l := &steadyLayout{centerLayout: centerLayout{max: maxWidth, top: true}}
	view := Scroll(PadAll(Gap16, arranged(l, o)))
	l.view = view
	return view
}

type steadyLayout struct {
	centerLayout
	view fyne.CanvasObject // what the object is seen in
	kept steadyPlace
	y    float32
}

// steadyPlace is what the top is kept for: another window has another middle.
type steadyPlace struct {
	size  fyne.Size
	scale float32
}

// start is where the object begins. High ones begin where the middle of the place
// has them, low ones not far below, so that most of what comes later has room.
func (l *steadyLayout) start(objects []fyne.CanvasObject) float32 {
	place := steadyPlace{l.view.Size(), TextScale()}
	if l.kept != place && place.size.Height > 0 {
		l.kept = place
		room := place.size.SubtractWidthHeight(2*Gap16, 2*Gap16)
		height := l.centerLayout.heightFor(objects, room.Width)
		l.y = min(max((room.Height-height)/2, 0), room.Height*0.12)
	}
	return l.y
}

func (l *steadyLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.start(objects) + l.centerLayout.heightFor(objects, width)
}

func (l *steadyLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minSize(l, objects, l.width)
}

func (l *steadyLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.put(objects[0], l.start(objects), size.Width)
}
