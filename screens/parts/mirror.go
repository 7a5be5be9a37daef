package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Every position goes through this file, so that it is mirrored for languages that are
// written from the right. Layouts count x from the side where a line begins; whatever
// means the left or the right side of the screen says so in a comment beginning with
// "physical", and a test finds what does neither.

// mirrored tells whether lines begin at the right.
var mirrored bool

// SetMirrored has lines begin at the right, as the language does. Like every widget it
// belongs to the window's goroutine; what is shown is to be laid out after it.
func SetMirrored(fromRight bool) { mirrored = fromRight }

// Put places an object in a place of a width; at.X is how far from where lines begin.
func Put(o fyne.CanvasObject, at fyne.Position, size fyne.Size, within float32) {
	o.Move(fyne.NewPos(fromLeft(at.X, size.Width, within), at.Y))
	o.Resize(size)
}

// fromLeft turns the distance from where lines begin of something of a width into that from
// the left, and back.
func fromLeft(x, width, within float32) float32 {
	if mirrored {
		return within - x - width
	}
	return x
}

// draw draws a line of a sign, such as a hook: a sign looks the same in all languages, and
// from and to are counted from the left.
func draw(line *canvas.Line, from, to fyne.Position) {
	line.Position1, line.Position2 = from, to
}

// forward is the step that an arrow key leads along a line: 1 onward, -1 back, 0 for any
// other key.
func forward(key fyne.KeyName) int {
	step := 0
	switch key {
	case fyne.KeyRight:
		step = 1
	case fyne.KeyLeft:
		step = -1
	}
	if mirrored {
		return -step
	}
	return step
}
