package where

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// find looks for a widget in what a person can reach on a canvas: the topmost
// overlay (a dialog covers what is below it), or the content when there is none.
// The rectangle is in pixels of the window.
func find(c fyne.Canvas, id string) (fyne.CanvasObject, image.Rectangle, bool) {
	top := c.Overlays().Top()
	if top == nil {
		top = c.Content()
	}
	if top == nil {
		return nil, image.Rectangle{}, false
	}
	screen := area{size: c.Size()}
	o, seen, ok := search(top, fyne.Position{}, screen, id)
	if !ok {
		return nil, image.Rectangle{}, false
	}
	x, y := c.PixelCoordinateForPosition(seen.pos)
	right, bottom := c.PixelCoordinateForPosition(seen.pos.AddXY(seen.size.Width, seen.size.Height))
	return o, image.Rect(x, y, right, bottom), true
}

// texts are what can be read on a widget, in the order in which it is drawn.
func texts(o fyne.CanvasObject) []string {
	if o == nil || !o.Visible() {
		return nil
	}
	if t, ok := o.(*canvas.Text); ok && t.Text != "" {
		return []string{t.Text}
	}
	var all []string
	for _, child := range children(o) {
		all = append(all, texts(child)...)
	}
	return all
}

type area struct {
	pos  fyne.Position
	size fyne.Size
}

func (a area) within(b area) area {
	left, top := max(a.pos.X, b.pos.X), max(a.pos.Y, b.pos.Y)
	right := min(a.pos.X+a.size.Width, b.pos.X+b.size.Width)
	bottom := min(a.pos.Y+a.size.Height, b.pos.Y+b.size.Height)
	return area{fyne.NewPos(left, top), fyne.NewSize(right-left, bottom-top)}
}

func (a area) empty() bool { return a.size.Width < 1 || a.size.Height < 1 }

// search walks the visible tree below o, whose parent is at offset; clip is
// what the scrolled areas around it let through.
func search(o fyne.CanvasObject, offset fyne.Position, clip area, id string) (fyne.CanvasObject, area, bool) {
	if o == nil || !o.Visible() {
		return nil, area{}, false
	}
	here := area{offset.Add(o.Position()), o.Size()}
	seen := here.within(clip)
	if n, ok := o.(Named); ok && n.WidgetID() == id && !seen.empty() {
		return o, seen, true
	}
	if _, scrolls := o.(fyne.Scrollable); scrolls { // what Fyne itself takes for the mark of a clipped area
		clip = seen
	}
	for _, child := range children(o) {
		if found, seen, ok := search(child, here.pos, clip, id); ok {
			return found, seen, true
		}
	}
	return nil, area{}, false
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects() // the one that the window uses, not a new one
	}
	return nil
}
