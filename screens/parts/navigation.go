package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Navigation is the dark column at the left: 208 wide with words, a little more
// where a place's name needs it, or, in a narrow window, a rail of signs with
// small words under them.
type Navigation struct {
	content *fyne.Container
	layout  *navLayout
	items   []*navItem
}

// Place is one place to go to.
type Place struct {
	ID     ID
	Text   string
	Icon   fyne.Resource
	Bottom bool // stands at the lower end
	Open   func()
}

// NewNavigation returns a navigation to places, the first on top.
func NewNavigation(places []Place) *Navigation {
	n := &Navigation{layout: &navLayout{}}
	brand := &navBrand{}
	brand.ExtendBaseWidget(brand)
	column := arranged(n.layout, brand)
	for _, e := range places {
		item := &navItem{ID: e.ID, entry: e}
		item.ExtendBaseWidget(item)
		n.items = append(n.items, item)
		column.Add(item)
	}
	scroll := container.NewVScroll(column)
	n.content = container.NewStack(NewBox(ColorNavigation, "", 0), scroll)
	return n
}

// Content is what is to be shown.
func (n *Navigation) Content() fyne.CanvasObject { return n.content }

// SetRail changes between words and signs.
func (n *Navigation) SetRail(rail bool) {
	if n.layout.rail == rail {
		return
	}
	n.layout.rail = rail
	for _, item := range n.items {
		item.rail = rail
		item.Refresh()
	}
}

// Width is what the column takes in its present form.
func (n *Navigation) Width() float32 {
	if !n.layout.rail {
		width := 208 * max(1, TextScale())
		for _, item := range n.items {
			if !item.entry.Bottom { // those may be names of people, of any length
				width = max(width, fyne.MeasureText(item.entry.Text, theme.Size(SizeBody), fyne.TextStyle{Bold: true}).Width+4*Gap12)
			}
		}
		return min(width, 240*max(1, TextScale()))
	}
	var widest float32 = 72
	for _, item := range n.items {
		widest = max(widest, fyne.MeasureText(item.entry.Text, item.smallSize(), fyne.TextStyle{Bold: true}).Width+Gap16)
	}
	return min(widest, 92*max(1, TextScale()))
}

// Choose lights up one place.
func (n *Navigation) Choose(id ID) {
	for _, item := range n.items {
		if chosen := item.ID == id; chosen != item.chosen {
			item.chosen = chosen
			item.Refresh()
		}
	}
}

// Count sets the number at a place; an empty one takes it away.
func (n *Navigation) Count(id ID, count string) {
	for _, item := range n.items {
		if item.ID == id && item.count != count {
			item.count = count
			item.Refresh()
		}
	}
}

type navLayout struct{ rail bool }

func (l *navLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := 2 * Gap12
	for _, o := range objects {
		h += o.MinSize().Height + 2
	}
	return fyne.NewSize(48, h)
}

func (l *navLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := Gap12
	if l.rail {
		side = Gap4
	}
	top, bottom := Gap12, size.Height-Gap12
	place := func(o fyne.CanvasObject, y float32) {
		Put(o, fyne.NewPos(side, y), fyne.NewSize(size.Width-2*side, o.MinSize().Height), size.Width)
	}
	for _, o := range objects {
		if item, ok := o.(*navItem); ok && item.entry.Bottom {
			continue
		}
		place(o, top)
		top += o.MinSize().Height + 2
	}
	for i := len(objects) - 1; i >= 0; i-- {
		if item, ok := objects[i].(*navItem); ok && item.entry.Bottom {
			bottom -= objects[i].MinSize().Height
			place(objects[i], bottom)
			bottom -= 2
		}
	}
}

// navItem is one place in the navigation.
type navItem struct {
	widget.BaseWidget
	ID
	entry            Place
	count            string
	chosen, rail     bool
	focused, hovered bool
}

func (i *navItem) smallSize() float32 { return theme.Size(SizeSmall) * 0.9 }

// Tapped goes there.
func (i *navItem) Tapped(*fyne.PointEvent) { i.entry.Open() }

// FocusGained shows where the keyboard is.
func (i *navItem) FocusGained() { i.focused = true; i.Refresh(); IntoView(i) }

// FocusLost stops showing it.
func (i *navItem) FocusLost() { i.focused = false; i.Refresh() }

// TypedRune does nothing.
func (i *navItem) TypedRune(rune) {}

// TypedKey goes there on Enter and Space.
func (i *navItem) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		i.entry.Open()
	default:
		forwardKey(i, key)
	}
}

// MouseIn lights it up.
func (i *navItem) MouseIn(*desktop.MouseEvent) { i.hovered = true; i.Refresh() }

// MouseMoved is not needed.
func (i *navItem) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends that.
func (i *navItem) MouseOut() { i.hovered = false; i.Refresh() }

// Cursor is a hand.
func (i *navItem) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (i *navItem) CreateRenderer() fyne.WidgetRenderer {
	r := &navItemRenderer{
		item: i, back: canvas.NewRectangle(nil), pill: canvas.NewRectangle(nil),
		text: canvas.NewText("", nil), count: canvas.NewText("", nil), icon: canvas.NewImageFromResource(nil),
	}
	r.back.CornerRadius, r.pill.CornerRadius = 7, 6
	r.icon.FillMode = canvas.ImageFillContain
	r.Refresh()
	return r
}

type navItemRenderer struct {
	item        *navItem
	back, pill  *canvas.Rectangle
	text, count *canvas.Text
	icon        *canvas.Image
}

func (r *navItemRenderer) Destroy() {}

func (r *navItemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.icon, r.text, r.pill, r.count}
}

func (r *navItemRenderer) MinSize() fyne.Size {
	if r.item.rail {
		h := fyne.MeasureText("Mg", r.item.smallSize(), fyne.TextStyle{}).Height
		return fyne.NewSize(48, h+r.iconSide()+2*Gap8)
	}
	h := fyne.MeasureText("Mg", theme.Size(SizeBody), fyne.TextStyle{}).Height
	return fyne.NewSize(48, h+19)
}

func (r *navItemRenderer) iconSide() float32 { return 22 * max(1, TextScale()*0.8) }

func (r *navItemRenderer) Layout(size fyne.Size) {
	i := r.item
	r.back.Resize(size)
	var pillAt fyne.Position
	pill := r.count.MinSize().AddWidthHeight(2*Gap8, Gap4)
	if i.rail {
		side := r.iconSide()
		Put(r.icon, fyne.NewPos((size.Width-side)/2, Gap8), fyne.NewSquareSize(side), size.Width)
		r.text.Text = shorten(i.entry.Text, r.text.TextSize, r.text.TextStyle, size.Width-4)
		Put(r.text, fyne.NewPos(0, Gap8+side), fyne.NewSize(size.Width, r.text.MinSize().Height), size.Width)
		pillAt = fyne.NewPos((size.Width+side)/2-Gap4, Gap4)
	} else {
		room := size.Width - 2*Gap12
		if i.count != "" {
			room -= pill.Width + Gap8
		}
		r.text.Text = shorten(i.entry.Text, r.text.TextSize, r.text.TextStyle, room)
		m := r.text.MinSize()
		Put(r.text, fyne.NewPos(Gap12, (size.Height-m.Height)/2), m, size.Width)
		pillAt = fyne.NewPos(size.Width-Gap12-pill.Width, (size.Height-pill.Height)/2)
	}
	Put(r.pill, pillAt, pill, size.Width)
	Put(r.count, pillAt.AddXY(0, Gap4/2), fyne.NewSize(pill.Width, r.count.MinSize().Height), size.Width)
}

func (r *navItemRenderer) Refresh() {
	i := r.item
	ink := ColorNavigationText
	if i.chosen {
		ink = ColorNavigationOn
	}
	r.back.FillColor = theme.Color(colorTransparent)
	if i.chosen || i.hovered {
		r.back.FillColor = theme.Color(ColorNavigationChosen)
	}
	r.back.StrokeWidth = 0
	if i.focused {
		r.back.StrokeWidth, r.back.StrokeColor = 2, theme.Color(ColorNavigationOn)
	}
	r.text.Color, r.text.TextStyle = theme.Color(ink), fyne.TextStyle{Bold: i.chosen}
	r.text.TextSize, r.text.Alignment = theme.Size(SizeBody), fyne.TextAlignLeading // physical: the text is as wide as its words
	if i.rail {
		r.text.TextSize, r.text.Alignment = i.smallSize(), fyne.TextAlignCenter
	}
	if r.icon.Hidden = !i.rail; i.rail {
		showIcon(r.icon, i.entry.Icon, ink)
	}
	r.count.Text, r.count.Alignment = i.count, fyne.TextAlignCenter
	r.count.TextStyle, r.count.TextSize = fyne.TextStyle{Bold: true}, i.smallSize()
	r.count.Color = theme.Color(ColorPrimary)
	r.pill.FillColor = theme.Color(ColorTint)
	r.pill.StrokeColor, r.pill.StrokeWidth = theme.Color(ColorPrimary), 1
	r.pill.Hidden, r.count.Hidden = i.count == "", i.count == ""
	r.Layout(i.Size())
	for _, o := range []fyne.CanvasObject{r.back, r.text, r.pill, r.count} {
		o.Refresh()
	}
}

// navBrand is the program's sign and name; on a rail, the sign alone.
type navBrand struct{ widget.BaseWidget }

func (b *navBrand) CreateRenderer() fyne.WidgetRenderer {
	r := &navBrandRenderer{brand: b, sign: canvas.NewImageFromResource(arcs), name: canvas.NewText("Plenary", nil)}
	r.sign.FillMode = canvas.ImageFillContain
	r.Refresh()
	return r
}

type navBrandRenderer struct {
	brand *navBrand
	sign  *canvas.Image
	name  *canvas.Text
}

func (r *navBrandRenderer) Destroy() {}

func (r *navBrandRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.sign, r.name} }

func (r *navBrandRenderer) side() float32 { return 26 * max(1, TextScale()*0.8) }

func (r *navBrandRenderer) MinSize() fyne.Size { return fyne.NewSize(48, r.side()+Gap22) }

func (r *navBrandRenderer) Layout(size fyne.Size) {
	side := r.side()
	name := r.name.MinSize()
	at := fyne.NewPos(Gap8, Gap8)
	r.name.Hidden = size.Width < Gap8+side+Gap8+name.Width
	if r.name.Hidden {
		at.X = (size.Width - side) / 2
	}
	Put(r.sign, at, fyne.NewSquareSize(side), size.Width)
	Put(r.name, fyne.NewPos(Gap8+side+Gap8, Gap8+(side-name.Height)/2), name, size.Width)
}

func (r *navBrandRenderer) Refresh() {
	r.name.Color, r.name.TextSize, r.name.TextStyle = theme.Color(ColorNavigationOn), 16*TextScale(), fyne.TextStyle{Bold: true}
	r.Layout(r.brand.Size())
	r.sign.Refresh()
	r.name.Refresh()
}

// arcs is the sign of Plenary without its ground: logo.svg, moved.
var arcs = fyne.NewStaticResource("arcs.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 664 664">
<path d="M 14 445 C 14 269.4 156.4 127 332 127 C 507.6 127 650 269.4 650 445 C 650 468.2 631.2 487 608 487 C 584.8 487 566 468.2 566 445 C 566 315.8 461.2 211 332 211 C 202.8 211 98 315.8 98 445 C 98 468.2 79.2 487 56 487 C 32.8 487 14 468.2 14 445 Z" fill="#6DB3FF"/>
<path d="M 162 445 C 162 351.1 238.1 275 332 275 C 425.9 275 502 351.1 502 445 C 502 468.2 483.2 487 460 487 C 436.8 487 418 468.2 418 445 C 418 397.5 379.5 359 332 359 C 284.5 359 246 397.5 246 445 C 246 468.2 227.2 487 204 487 C 180.8 487 162 468.2 162 445 Z" fill="#FFFFFF"/>
<circle cx="332" cy="445" r="52" fill="#FFFFFF"/>
</svg>`))
