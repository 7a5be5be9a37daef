package parts

import (
	_ "embed" // for the logo

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

//go:embed logo.svg
var logo []byte

// LogoResource is the program's logo.
var LogoResource = fyne.NewStaticResource("plenary.svg", logo)

// icon is the logo for the window, drawn already (rsvg-convert -w 128): to draw it takes
// as long as the first screen.
//
//go:embed icon.png
var icon []byte

// IconResource is the window's icon.
var IconResource = fyne.NewStaticResource("plenary.png", icon)

// Logo returns the program's icon and name beside each other, in the middle.
func Logo(name string) *fyne.Container {
	image := canvas.NewImageFromResource(LogoResource)
	image.FillMode = canvas.ImageFillContain
	text := NewText(Span{Text: name, Bold: true}).WithSize(SizeTitle).WithOverflow(Whole)
	return arranged(&logoLayout{}, image, text)
}

type logoLayout struct{}

func (*logoLayout) side() float32 { return theme.Size(SizeTitle) * 1.7 }

func (l *logoLayout) heightFor([]fyne.CanvasObject, float32) float32 { return l.side() }

func (l *logoLayout) natural(o []fyne.CanvasObject) fyne.Size { return l.MinSize(o) }

func (l *logoLayout) narrowest(o []fyne.CanvasObject) float32 { return l.MinSize(o).Width }

func (l *logoLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.side()+Gap12+o[1].MinSize().Width, l.side())
}

func (l *logoLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	side, text := l.side(), o[1].MinSize()
	x := max((size.Width-side-Gap12-text.Width)/2, 0)
	Put(o[0], fyne.NewPos(x, 0), fyne.NewSquareSize(side), size.Width)
	Put(o[1], fyne.NewPos(x+side+Gap12, (side-text.Height)/2), text, size.Width)
}
