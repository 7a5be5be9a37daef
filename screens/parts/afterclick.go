package parts

import (
	"time"

	"fyne.io/fyne/v2"
)

// clickTime is longer than a mouse button stays down in a click.
const clickTime = 200 * time.Millisecond

// afterClick does something a little later, when a click that is under way has
// ended. Fyne takes the focus from an input at the press: what moves other
// widgets then, such as a mistake that appears below the input, would have the
// release land beside the widget that was pressed, and the click would be lost.
func afterClick(do func()) {
	fyne.NewAnimation(clickTime, func(progress float32) {
		if progress == 1 {
			do()
		}
	}).Start()
}
