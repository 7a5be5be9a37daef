package parts

import "fyne.io/fyne/v2"

// together counts the changes under way for which the window is not laid out
// each time. Like every widget it belongs to the window's goroutine.
var together int

// Together makes many changes below an object and lays it out once.
func Together(o fyne.CanvasObject, changes func()) {
	together++
	defer func() {
		together--
		Changed(o)
	}()
	changes()
}
