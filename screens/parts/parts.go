// Package parts holds the widgets that several screens use: every input with
// its label and its mistake, buttons, links, pickers with search, password
// rules, cards, tags, bars; and the theme that gives them their look.
//
// A part knows nothing of accounts or meetings, and no words but those that it
// is given. Parts whose text wraps tell their height for a width (HeightFor),
// so that a screen is laid out right at once; lay them out with Stack, Row,
// Ends, Center and Page of this package. Every position goes through Put, which
// mirrors it for languages that are written from the right. Start reading at field.go.
package parts

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// ID is the stable name of a part on a screen, such as "login.identifier":
// for tests, and for the tour that clicks where a person would.
type ID string

// WidgetID returns the name.
func (id ID) WidgetID() string { return string(id) }

// composite is a widget that is nothing but an arrangement of others.
type composite struct {
	widget.BaseWidget
	content *fyne.Container
}

func (c *composite) CreateRenderer() fyne.WidgetRenderer {
	return &compositeRenderer{content: c.content}
}

// HeightFor returns the height of the arrangement at a width.
func (c *composite) HeightFor(width float32) float32 { return HeightFor(c.content, width) }

// Natural returns the size of the arrangement when nothing limits it.
func (c *composite) Natural() fyne.Size { return Natural(c.content) }

func (c *composite) arrangement() *fyne.Container { return c.content }

type compositeRenderer struct{ content *fyne.Container }

func (r *compositeRenderer) Destroy() {}

func (r *compositeRenderer) Layout(size fyne.Size) {
	if r.content.Size() == size {
		r.content.Layout.Layout(r.content.Objects, size)
		return
	}
	r.content.Resize(size)
}

func (r *compositeRenderer) MinSize() fyne.Size           { return r.content.MinSize() }
func (r *compositeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.content} }
func (r *compositeRenderer) Refresh()                     { r.content.Refresh() }

// arranged is container.New for what has no size yet: laid out once it is given one.
// Fyne's lays out at once, at the smallest size, and so each part again for each that
// it becomes part of, its texts broken into letters.
func arranged(layout fyne.Layout, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: layout, Objects: objects}
}

// Fill makes objects all that a container holds. Its Refresh would lay them out also where
// it has no place yet, their texts broken into letters, and would draw twice what is new:
// only what was shown before may be in another look.
func Fill(holder *fyne.Container, objects ...fyne.CanvasObject) {
	holder.Objects = objects
	if holder.Size() == (fyne.Size{}) {
		return
	}
	var before []fyne.CanvasObject
	for _, o := range objects {
		if wasShown(o) {
			before = append(before, o)
		}
	}
	holder.Layout.Layout(objects, holder.Size())
	for _, o := range before {
		o.Refresh()
	}
	canvas.Refresh(holder)
}

// wasShown tells whether an object, or something within it, has had a place.
func wasShown(o fyne.CanvasObject) bool {
	if o.Size() != (fyne.Size{}) {
		return true
	}
	switch o := o.(type) {
	case interface{ arrangement() *fyne.Container }:
		return wasShown(o.arrangement())
	case *container.Scroll:
		return wasShown(o.Content)
	case *fyne.Container:
		return slices.ContainsFunc(o.Objects, wasShown)
	}
	return false
}

// Relayout lays out everything below an object again, from the top, after
// something in it has changed its height; but what has no place yet, such as a
// tab that was not shown before.
func Relayout(o fyne.CanvasObject) {
	if o.Size() == (fyne.Size{}) {
		return
	}
	switch o := o.(type) {
	case interface{ arrangement() *fyne.Container }:
		Relayout(o.arrangement())
	case interface{ relayout() }:
		o.relayout()
	case *container.Scroll:
		o.Content.Resize(o.Content.MinSize().Max(o.Size()))
		Relayout(o.Content)
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, child := range o.Objects {
			Relayout(child)
		}
	}
}

// Restyle shows an object, with all below it, in the look that there is now; nothing
// where it has not been shown yet.
func Restyle(o fyne.CanvasObject) {
	if o.Size() == (fyne.Size{}) {
		return
	}
	Relayout(o)
	o.Refresh() // behind it: the bars of what scrolls follow its height
}

// Changed lays the window out again because an object in it needs another
// height. Before the first frame there is no window, and nothing to do.
func Changed(o fyne.CanvasObject) {
	if together > 0 {
		owed = true
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.Content() != nil {
		Relayout(c.Content())
	}
}

// SetVisible shows or hides objects, and lays the window out again if that changes
// anything. Fyne draws a frame right after each event, so the layout cannot wait for the
// end of the event: it would be seen.
func SetVisible(shown bool, objects ...fyne.CanvasObject) {
	if show(shown, objects...) {
		appeared(objects[0])
	}
}

// ShowOne shows the first object in place of the second one, or the other way round.
func ShowOne(first bool, a, b fyne.CanvasObject) {
	changed := show(first, a)
	if show(!first, b) || changed {
		appeared(a)
	}
}

// show shows or hides objects, and tells whether that changes anything.
func show(shown bool, objects ...fyne.CanvasObject) (changed bool) {
	for _, o := range objects {
		if o.Visible() == shown {
			continue
		}
		changed = true
		if shown {
			o.Show()
		} else {
			o.Hide()
		}
	}
	return changed
}

// appeared is Changed for what may never have been drawn.
func appeared(o fyne.CanvasObject) {
	if together > 0 {
		owed = true
		return
	}
	if c := CanvasOf(o); c != nil {
		Relayout(c.Content())
	}
}

// CanvasOf returns the canvas that an object is on, also when it was not drawn
// yet: Fyne itself knows that of what was drawn only. It is nil for an object
// that is in no window.
func CanvasOf(o fyne.CanvasObject) fyne.Canvas {
	driver := fyne.CurrentApp().Driver()
	if c := driver.CanvasForObject(o); c != nil && c.Content() != nil {
		return c
	}
	for _, w := range driver.AllWindows() {
		if holds(w.Canvas().Content(), o) {
			return w.Canvas()
		}
	}
	return nil
}

// Focus gives an object the keyboard, if it is in a window; also when it was
// not drawn yet.
func Focus(o fyne.Focusable) {
	object, ok := o.(fyne.CanvasObject)
	if !ok {
		return
	}
	if c := CanvasOf(object); c != nil {
		c.Focus(o)
	}
}

// holds tells whether an object is another one, or somewhere within it.
func holds(in, o fyne.CanvasObject) bool {
	if in == o {
		return true
	}
	switch in := in.(type) {
	case interface{ arrangement() *fyne.Container }:
		return holds(in.arrangement(), o)
	case *container.Scroll:
		return holds(in.Content, o)
	case *fyne.Container:
		for _, child := range in.Objects {
			if holds(child, o) {
				return true
			}
		}
	}
	return false
}

// forwardKey hands the keys that must be heard everywhere (Escape, the function keys, and
// those that scroll a page) to the window: Fyne gives keys to the focused widget only.
func forwardKey(o fyne.CanvasObject, key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyPageUp, fyne.KeyPageDown:
		if e, ok := o.(*Entry); ok && e.MultiLine {
			return false
		}
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
	default:
		return false
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return false
	}
	heard := c.OnTypedKey()
	if heard == nil {
		return false
	}
	heard(key)
	return true
}
