package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// wheel lies over an input of one line and gives the mouse wheel to what the
// input stands in: Fyne's input keeps it, and a form would stop scrolling as
// soon as an input comes under the mouse. It hears nothing else.
type wheel struct {
	widget.BaseWidget

	over fyne.CanvasObject
}

func newWheel(over fyne.CanvasObject) *wheel {
	w := &wheel{over: over}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled scrolls the innermost scroll around the input.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	for s := range around(w.over) {
		s.Scrolled(e)
		return
	}
}

func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
