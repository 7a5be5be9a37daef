package parts

import "fyne.io/fyne/v2"

// together counts the changes under way for which the window is not laid out each time,
// and owed is whether it has to be after them. Like every widget they belong to the
// window's goroutine.
var (
	together int
	owed     bool
)

// Together makes many changes below an object and lays it out once, if any of them asks
// for that.
func Together(o fyne.CanvasObject, changes func()) {
	together++
	defer func() {
		if together--; together == 0 && owed {
			owed = false
			appeared(o)
		}
	}()
	changes()
}
