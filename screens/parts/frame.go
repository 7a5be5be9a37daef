package parts

import (
	"fyne.io/fyne/v2"
)

// Frame puts one object at the top and one at the bottom, at the heights that
// they need, and gives the middle what is left. Top and bottom may be nil.
func Frame(top, middle, bottom fyne.CanvasObject) *fyne.Container {
	l := &frameLayout{top: top, middle: middle, bottom: bottom}
	var objects []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{top, middle, bottom} {
		if o != nil {
			objects = append(objects, o)
		}
	}
	return arranged(l, objects...)
}

type frameLayout struct {
	top, middle, bottom fyne.CanvasObject
	width               float32
}

// frameMiddle is the least height that the middle of a frame keeps.
const frameMiddle float32 = 80

func (l *frameLayout) edge(o fyne.CanvasObject, width float32) float32 {
	if o == nil || !o.Visible() {
		return 0
	}
	return HeightFor(o, width)
}

func (l *frameLayout) heightFor(_ []fyne.CanvasObject, width float32) float32 {
	return l.edge(l.top, width) + HeightFor(l.middle, width) + l.edge(l.bottom, width)
}

func (l *frameLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range visible(objects) {
		n := Natural(o)
		s.Width = max(s.Width, n.Width)
		s.Height += n.Height
	}
	return s
}

func (l *frameLayout) narrowest(objects []fyne.CanvasObject) float32 { return minWidth(objects) }

func (l *frameLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := minWidth(objects)
	edges := l.edge(l.top, max(w, l.width)) + l.edge(l.bottom, max(w, l.width))
	return fyne.NewSize(w, edges+min(l.middle.MinSize().Height, frameMiddle))
}

func (l *frameLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	top, bottom := l.edge(l.top, size.Width), l.edge(l.bottom, size.Width)
	if l.top != nil {
		Put(l.top, fyne.NewPos(0, 0), fyne.NewSize(size.Width, top), size.Width)
	}
	Put(l.middle, fyne.NewPos(0, top), fyne.NewSize(size.Width, max(size.Height-top-bottom, 0)), size.Width)
	if l.bottom != nil {
		Put(l.bottom, fyne.NewPos(0, size.Height-bottom), fyne.NewSize(size.Width, bottom), size.Width)
	}
}

// Margins keeps a screen's distance from the window's edges: 30 at the sides,
// 12 where there is little room.
func Margins(o fyne.CanvasObject) *fyne.Container {
	return arranged(&marginLayout{}, o)
}

type marginLayout struct{ width float32 }

func (l *marginLayout) margins(width float32) (side, top, bottom float32) {
	if width < 640*TextScale() {
		return Gap12, Gap12, Gap12
	}
	return Gap30, 26, Gap22
}

func (l *marginLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	side, top, bottom := l.margins(width)
	return HeightFor(objects[0], width-2*side) + top + bottom
}

func (l *marginLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	return Natural(objects[0]).AddWidthHeight(2*Gap30, 26+Gap22)
}

func (l *marginLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	_, top, bottom := l.margins(l.width)
	return objects[0].MinSize().AddWidthHeight(2*Gap12, top+bottom)
}

func (l *marginLayout) narrowest(objects []fyne.CanvasObject) float32 {
	return narrowest(objects[0]) + 2*Gap12
}

func (l *marginLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	side, top, bottom := l.margins(size.Width)
	Put(objects[0], fyne.NewPos(side, top), fyne.NewSize(max(size.Width-2*side, 0), max(size.Height-top-bottom, 0)), size.Width)
}

// Column puts an object in the middle, at most maxWidth wide (at 100 % text
// size), at the top of its place: a form, a page to read.
func Column(maxWidth float32, o fyne.CanvasObject) *fyne.Container {
	return arranged(&centerLayout{max: maxWidth, top: true}, o)
}

// Leading is Column where the page's title begins, below which it stands.
func Leading(maxWidth float32, o fyne.CanvasObject) *fyne.Container {
	return arranged(&centerLayout{max: maxWidth, top: true, leading: true}, o)
}

// Narrow says whether a window of this width shows one thing at a time: under
// 900, and more where the text is larger.
func Narrow(width float32) bool { return width < NarrowBelow() }

// NarrowBelow is the width under which a window is narrow.
func NarrowBelow() float32 { return 900 * (1 + 0.7*(TextScale()-1)) }

// Panes are a list and the chosen thing beside it, or, where there is not room
// for both, one of them.
type Panes struct {
	container *fyne.Container
	layout    *panesLayout
	// OnNarrow is told when the panes begin or cease to replace each other.
	OnNarrow func(narrow bool)
	// OnAlone is told when the chosen thing begins or ceases to take the whole
	// place, beside which a screen leaves out its own heading.
	OnAlone func(alone bool)
}

// NewPanes returns panes that show the list first.
func NewPanes(list, detail fyne.CanvasObject) *Panes {
	p := &Panes{}
	p.layout = &panesLayout{panes: p}
	p.container = arranged(p.layout, list, detail)
	return p
}

// WithListWidth keeps the list at a width (at 100 % text size), for a short list
// of names.
func (p *Panes) WithListWidth(width float32) *Panes {
	p.layout.list = width
	return p
}

// WithTable gives the list all the room that the chosen thing does not need (at
// 100 % text size), so that its rows can have columns.
func (p *Panes) WithTable(detail float32) *Panes {
	p.layout.detailWidth = detail
	return p
}

// Content is what is to be shown.
func (p *Panes) Content() *fyne.Container { return p.container }

// Narrow says whether one pane replaces the other.
func (p *Panes) Narrow() bool { return p.layout.narrow }

// ShowDetail chooses which of the two is shown where there is room for one.
func (p *Panes) ShowDetail(detail bool) {
	p.layout.detail = detail
	p.layout.Layout(p.container.Objects, p.container.Size())
	p.container.Refresh()
}

// DetailShown says whether the chosen thing is on the screen.
func (p *Panes) DetailShown() bool { return !p.layout.narrow || p.layout.detail }

type panesLayout struct {
	panes          *Panes
	narrow, detail bool
	known, alone   bool
	list           float32 // the list's width at 100 %, 0 for about half
	detailWidth    float32 // the detail's, where the list takes the rest
}

// panesBelow is the width under which two panes do not stand side by side; it
// is that of a narrow window without its navigation.
func panesBelow() float32 { return 650 * (1 + 0.7*(TextScale()-1)) }

func (l *panesLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(minWidth(objects), frameMiddle)
}

func (l *panesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	narrow := size.Width < panesBelow()
	changed := narrow != l.narrow || !l.known
	l.narrow, l.known = narrow, true
	list, detail := objects[0], objects[1]
	if narrow {
		shown, hidden := list, detail
		if l.detail {
			shown, hidden = detail, list
		}
		hidden.Hide()
		shown.Show()
		Put(shown, fyne.NewPos(0, 0), size, size.Width)
	} else {
		list.Show()
		detail.Show()
		w := min((size.Width-Gap22)*0.48, 520*TextScale())
		if l.list > 0 {
			w = min(w, l.list*TextScale())
		}
		if l.detailWidth > 0 {
			w = max(w, size.Width-Gap22-l.detailWidth*TextScale())
		}
		Put(list, fyne.NewPos(0, 0), fyne.NewSize(w, size.Height), size.Width)
		Put(detail, fyne.NewPos(w+Gap22, 0), fyne.NewSize(size.Width-w-Gap22, size.Height), size.Width)
	}
	if changed && l.panes.OnNarrow != nil {
		l.panes.OnNarrow(narrow)
	}
	if alone := narrow && l.detail; alone != l.alone {
		l.alone = alone
		if l.panes.OnAlone != nil {
			l.panes.OnAlone(alone)
		}
	}
}

// Shorten cuts a line that is wider than its place and ends it in an ellipsis.
func Shorten(text string, size float32, style fyne.TextStyle, width float32) string {
	return shorten(text, size, style, width)
}
