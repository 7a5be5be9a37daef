package parts

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// showIcon shows one of Fyne's icons in a colour of the theme.
func showIcon(image *canvas.Image, icon fyne.Resource, color fyne.ThemeColorName) {
	image.Resource = coloredIcon(icon, color)
	image.Refresh()
}

// coloredIcons are the icons that were shown, by their names. Like every widget they belong
// to the window's goroutine.
var coloredIcons = map[string]fyne.Resource{}

// coloredIcon is an icon in a colour of the theme that there is now. Fyne's own would be
// read, coloured and written at each refresh. The colour is part of its name, since Fyne
// keeps by that what it has drawn.
func coloredIcon(icon fyne.Resource, color fyne.ThemeColorName) fyne.Resource {
	name := fmt.Sprintf("%v-%s", theme.Color(color), icon.Name())
	known, ok := coloredIcons[name]
	if !ok {
		known = fyne.NewStaticResource(name, theme.NewColoredResource(icon, color).Content())
		coloredIcons[name] = known
	}
	return known
}
