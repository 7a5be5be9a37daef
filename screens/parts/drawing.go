package parts

import (
	"image"
	compose "image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/theme"
)

// Drawing makes a picture of an object that is shown nowhere, in the colours of now and twice
// as fine as on a plain screen. Fyne draws letters on the window's goroutine alone, and a
// chart of a hundred texts would hold that for several frames: it is drawn some at a time.
type Drawing struct {
	size   fyne.Size
	ground image.Image
	pieces []drawnPiece
	next   int
}

// drawnPiece is what is drawn as one: a text, or a bar.
type drawnPiece struct {
	object fyne.CanvasObject
	at     fyne.Position
	image  image.Image // once it is drawn
}

// place is the whole unit at which the piece begins: what is left of at is within its image,
// where Fyne rounds it as it does on a screen.
func (p *drawnPiece) place() image.Point { return image.Pt(int(p.at.X), int(p.at.Y)) }

const (
	drawingScale = 2
	piecesAtOnce = 3 // some milliseconds of work
)

// NewDrawing lays the object out at a width.
func NewDrawing(o fyne.CanvasObject, width float32) *Drawing {
	d := &Drawing{size: fyne.NewSize(width, HeightFor(o, width)), ground: image.NewUniform(theme.Color(theme.ColorNameBackground))}
	o.Resize(d.size)
	d.add(o, fyne.Position{})
	return d
}

func (d *Drawing) add(o fyne.CanvasObject, at fyne.Position) {
	if !o.Visible() {
		return
	}
	var below []fyne.CanvasObject
	switch o := o.(type) {
	case interface{ arrangement() *fyne.Container }:
		below = []fyne.CanvasObject{o.arrangement()}
	case *fyne.Container:
		below = o.Objects
	default:
		d.pieces = append(d.pieces, drawnPiece{object: o, at: at})
	}
	for _, child := range below {
		d.add(child, at.Add(child.Position()))
	}
}

// Next draws some more, on the window's goroutine; it tells whether there is more to draw.
func (d *Drawing) Next() bool {
	until := min(d.next+piecesAtOnce, len(d.pieces))
	for ; d.next < until; d.next++ {
		p := &d.pieces[d.next]
		size := p.object.Size()
		c := software.NewTransparentCanvas()
		c.SetPadded(false)
		c.SetScale(drawingScale)
		c.SetContent(p.object)
		c.Resize(size.AddWidthHeight(1, 1))
		p.object.Resize(size)
		p.object.Move(p.at.Subtract(fyne.NewPos(float32(p.place().X), float32(p.place().Y)))) // physical: it is laid out already
		p.image = c.Capture()
	}
	return d.next < len(d.pieces)
}

// Image is the picture, once all is drawn; on any goroutine.
func (d *Drawing) Image() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, onScreen(d.size.Width), onScreen(d.size.Height)))
	compose.Draw(img, img.Bounds(), d.ground, image.Point{}, compose.Src)
	for _, p := range d.pieces {
		compose.Draw(img, p.image.Bounds().Add(p.place().Mul(drawingScale)), p.image, p.image.Bounds().Min, compose.Over)
	}
	return img
}

// onScreen is a length in the picture.
func onScreen(length float32) int { return int(length*drawingScale + 0.5) }
