package parts

import (
	"fyne.io/fyne/v2"
)

// Arranged is what a widget embeds that is nothing but an arrangement of parts.
type Arranged struct{ composite }

// Arrange sets what the widget, which is self, consists of.
func (a *Arranged) Arrange(self fyne.Widget, content *fyne.Container) {
	a.content = content
	a.ExtendBaseWidget(self)
}

// Panel is a surface with a hairline and round corners around an object that
// fills it, such as a list; unlike a Card it takes the place that it is given.
func Panel(o fyne.CanvasObject) *fyne.Container {
	return arranged(&panelLayout{}, NewBox(ColorSurface, ColorHairline, 10), o)
}

type panelLayout struct{}

func (*panelLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[1].MinSize().AddWidthHeight(2, 2)
}

func (*panelLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	Put(o[0], fyne.NewPos(0, 0), size, size.Width)
	Put(o[1], fyne.NewPos(1, 1), size.SubtractWidthHeight(2, 2), size.Width)
}
