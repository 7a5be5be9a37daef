package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Fyne keeps by names what it has drawn of icons: in another look they need another one.
func TestShowIcon_isAnotherInAnotherColour(t *testing.T) {
	setUp(t, 1)
	image := canvas.NewImageFromResource(nil)
	shown := func(color fyne.ThemeColorName) fyne.Resource {
		showIcon(image, theme.ConfirmIcon(), color)
		return image.Resource
	}
	light, danger := shown(ColorSuccess), shown(ColorDanger)
	if light.Name() == danger.Name() || string(light.Content()) == string(danger.Content()) {
		t.Errorf("%s is as %s", light.Name(), danger.Name())
	}
	if again := shown(ColorSuccess); again != light {
		t.Error("it is coloured anew")
	}
	fyne.CurrentApp().Settings().Theme().(*Theme).Become(NewTheme(AppearanceDark, 1))
	if dark := shown(ColorSuccess); dark.Name() == light.Name() || string(dark.Content()) == string(light.Content()) {
		t.Error("it has its old colour in another look")
	}
}
