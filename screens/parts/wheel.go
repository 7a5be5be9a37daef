package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// wheel lies over an input and gives the mouse wheel to what the input stands in, unless
// the input itself has more text than it shows: Fyne's input keeps it, and a form would
// stop scrolling as soon as an input comes under the mouse. It hears nothing else.
type wheel struct {
	widget.BaseWidget

	over   fyne.CanvasObject
	inside fyne.CanvasObject // what scrolls its lines
	lines  fyne.CanvasObject // nil for an input of one line
}

func newWheel(over fyne.CanvasObject) *wheel {
	w := &wheel{over: over}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled scrolls the input's own lines, or the innermost scroll around it.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	if w.lines != nil && w.lines.MinSize().Height > w.inside.Size().Height {
		w.inside.(fyne.Scrollable).Scrolled(e)
		return
	}
	for s := range around(w.over) {
		s.Scrolled(e)
		return
	}
}

func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
