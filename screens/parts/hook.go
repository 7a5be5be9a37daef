package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// newHook returns the hook of what is ticked or in order. It is an image: the first
// canvas.Line of a program makes its first picture wait for a shader of its own, which
// takes 4 ms without a graphics card.
func newHook() *canvas.Image {
	hook := canvas.NewImageFromResource(nil)
	hook.FillMode = canvas.ImageFillContain
	return hook
}

// showHook shows it in a colour, or hides it.
func showHook(hook *canvas.Image, shown bool, color fyne.ThemeColorName) {
	hook.Hidden = !shown
	if shown {
		showIcon(hook, theme.ConfirmIcon(), color)
	}
}
