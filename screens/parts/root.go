package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Root is what a window shows: its content, and over it a layer for what lies over the
// page without taking the keyboard from it, such as the open list of a picker. (Fyne's
// own overlays take the keyboard.)
func Root(content fyne.CanvasObject) *fyne.Container {
	l := &rootLayout{content: content}
	l.layer = arranged(&layerLayout{root: l})
	return arranged(l, content, l.layer)
}

type rootLayout struct {
	content fyne.CanvasObject
	layer   *fyne.Container
}

func (l *rootLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.content.MinSize() }

func (l *rootLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.content.Resize(size)
	l.layer.Resize(size)
	if c := CanvasOf(l.content); c != nil {
		fitQuestion(c)
	}
}

// show puts a list on the layer, instead of any other.
func (l *rootLayout) show(list *pickList) {
	if len(l.layer.Objects) != 1 || l.layer.Objects[0] != fyne.CanvasObject(list) {
		l.layer.Objects = []fyne.CanvasObject{list}
		canvas.Refresh(l.layer)
	}
	list.place(l)
}

// remove takes a list off the layer.
func (l *rootLayout) remove(list *pickList) {
	if len(l.layer.Objects) == 1 && l.layer.Objects[0] == fyne.CanvasObject(list) {
		l.layer.Objects = nil
		canvas.Refresh(l.layer)
	}
}

// follow keeps what lies over the page with what it belongs to, after that has moved.
func (l *rootLayout) follow() {
	for _, o := range l.layer.Objects {
		o.(*pickList).place(l)
	}
}

// rootOf is the root of the window that an object is in; nil where there is none.
func rootOf(o fyne.CanvasObject) *rootLayout {
	c := CanvasOf(o)
	if c == nil {
		return nil
	}
	content, ok := c.Content().(*fyne.Container)
	if !ok {
		return nil
	}
	l, _ := content.Layout.(*rootLayout)
	return l
}

// layerLayout places what lies over the page by what it belongs to.
type layerLayout struct{ root *rootLayout }

func (*layerLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l *layerLayout) Layout([]fyne.CanvasObject, fyne.Size) { l.root.follow() }

// scrolled is told when a scroll has moved its content.
func scrolled(s *container.Scroll) {
	if root := rootOf(s); root != nil && len(root.layer.Objects) > 0 {
		s.Content.Move(fyne.NewPos(-s.Offset.X, -s.Offset.Y)) // physical: Fyne does it after it tells
		root.follow()
	}
}

// area is a rectangle of a window.
type area struct {
	pos  fyne.Position
	size fyne.Size
}

func (a area) bottom() float32 { return a.pos.Y + a.size.Height }

// within is what another area shows of this one.
func (a area) within(b area) area {
	pos := fyne.NewPos(max(a.pos.X, b.pos.X), max(a.pos.Y, b.pos.Y))
	right := min(a.pos.X+a.size.Width, b.pos.X+b.size.Width)
	return area{pos, fyne.NewSize(max(right-pos.X, 0), max(min(a.bottom(), b.bottom())-pos.Y, 0))}
}

// locate finds an object that is shown below another one: where it is, and what the
// scrolls around it show of it. The other one is at a place, in a view.
func locate(in, o fyne.CanvasObject, at fyne.Position, view area) (where, seen area, ok bool) {
	if in == nil || !in.Visible() {
		return area{}, area{}, false
	}
	here := area{at.Add(in.Position()), in.Size()}
	if in == o {
		return here, here.within(view), true
	}
	var children []fyne.CanvasObject
	switch in := in.(type) {
	case interface{ arrangement() *fyne.Container }:
		children = []fyne.CanvasObject{in.arrangement()}
	case *container.Scroll:
		children, view = []fyne.CanvasObject{in.Content}, here.within(view)
	case *fyne.Container:
		children = in.Objects
	}
	for _, child := range children {
		if where, seen, ok = locate(child, o, here.pos, view); ok {
			return where, seen, true
		}
	}
	return area{}, area{}, false
}
