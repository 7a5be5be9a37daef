package parts

import "fyne.io/fyne/v2"

// focusRing is whether the frame around what has the keyboard is seen: where one
// got with the keyboard, and not after a click until a key is used.
type focusRing struct{ shown, clicked bool }

// click gives the keyboard to what was clicked.
func (r *focusRing) click(o fyne.Focusable) {
	r.clicked = true
	Focus(o)
	r.clicked = false
}

func (r *focusRing) gained() { r.shown = !r.clicked }

func (r *focusRing) lost() { r.shown = false }

// used is for each key; it reports whether the frame has to be drawn.
func (r *focusRing) used() bool {
	before := r.shown
	r.shown = true
	return !before
}
