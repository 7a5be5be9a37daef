package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Box is a plain area: filled, outlined, with round corners. It follows the
// theme when that changes.
type Box struct {
	widget.BaseWidget
	fill, stroke fyne.ThemeColorName
	radius       float32
	min          fyne.Size
}

// NewBox returns an area; an empty stroke means no outline.
func NewBox(fill, stroke fyne.ThemeColorName, radius float32) *Box {
	b := &Box{fill: fill, stroke: stroke, radius: radius}
	b.ExtendBaseWidget(b)
	return b
}

// SetColors changes the area's colours.
func (b *Box) SetColors(fill, stroke fyne.ThemeColorName) {
	b.fill, b.stroke = fill, stroke
	b.Refresh()
}

// CreateRenderer is Fyne's way to ask how the area is drawn.
func (b *Box) CreateRenderer() fyne.WidgetRenderer {
	r := &boxRenderer{box: b, rect: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type boxRenderer struct {
	box  *Box
	rect *canvas.Rectangle
}

func (r *boxRenderer) Destroy()                     {}
func (r *boxRenderer) Layout(size fyne.Size)        { r.rect.Resize(size) }
func (r *boxRenderer) MinSize() fyne.Size           { return r.box.min }
func (r *boxRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }

func (r *boxRenderer) Refresh() {
	fill := r.box.fill
	if fill == "" {
		fill = colorTransparent
	}
	r.rect.FillColor = theme.Color(fill)
	r.rect.CornerRadius = r.box.radius
	r.rect.StrokeWidth = 0
	if r.box.stroke != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = theme.Color(r.box.stroke), 1
	}
	r.rect.Refresh()
}

// Divider returns a hairline over the full width.
func Divider() fyne.CanvasObject {
	b := NewBox(ColorHairline, "", 0)
	b.min = fyne.NewSize(1, 1)
	return b
}

// Space returns an empty place of a height.
func Space(height float32) fyne.CanvasObject {
	b := NewBox("", "", 0)
	b.min = fyne.NewSize(1, height)
	return b
}

// Card puts objects under each other on a surface with a hairline and round
// corners, with 20 around and 12 between them.
func Card(objects ...fyne.CanvasObject) *fyne.Container {
	return CardWith(20, Stack(Gap12, objects...))
}

// CardWith is a card around one object, with its own distance from the edge.
func CardWith(pad float32, o fyne.CanvasObject) *fyne.Container {
	return arranged(&padLayout{}, NewBox(ColorSurface, ColorHairline, 10), PadAll(pad, o))
}
