// Command hello is the bare Fyne window with one label that `make bench`
// measures Plenary against: same toolkit, same flags, nothing of ours.
package main

import (
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	w := app.NewWithID("int.plenary.hello").NewWindow("Hello")
	w.SetContent(widget.NewLabel("Hello"))
	w.ShowAndRun()
}
