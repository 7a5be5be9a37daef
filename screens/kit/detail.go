package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/screens/parts"
)

// Detail is the place beside a list for what was chosen in it.
type Detail struct {
	Content fyne.CanvasObject // for parts.Panes

	place  *fyne.Container // what is in it, or that nothing is
	body   *fyne.Container
	scroll *container.Scroll
	all    fyne.CanvasObject // body in its scroll
	of     string            // what the body is about
}

// NewDetail returns the place with nothing in it.
func NewDetail() *Detail {
	d := &Detail{place: container.NewStack(), body: container.NewStack()}
	all := parts.Scroll(parts.Pad(parts.Gap22, 24, parts.Gap22, 24, d.body))
	d.all, d.scroll = all, all.Objects[0].(*container.Scroll)
	d.Content = parts.Panel(d.place)
	return d
}

// Choose says that something is to be chosen first, or that there is nothing.
func (d *Detail) Choose(title, how string) {
	d.of = ""
	Swap(d.place, parts.Scroll(parts.Empty(title, how)))
}

// Show shows what there is about something, which of names. Made anew about the same it stays
// scrolled as it was, and the keyboard at the part of the same name; lost tells that this part
// is gone, and the keyboard nowhere.
func (d *Detail) Show(of string, body fyne.CanvasObject) (lost bool) {
	if of != d.of {
		d.of = of
		d.scroll.ScrollToTop()
	}
	return parts.KeepFocus(d.place, func() {
		Swap(d.body, body)
		Swap(d.place, d.all)
		parts.Changed(d.body)
		d.scroll.Refresh() // Fyne leaves its bars, and how far it is scrolled, as they were for a longer body
	})
}

// Canvas is that of the window, for questions about what is shown; nil where it is in none.
func (d *Detail) Canvas() fyne.Canvas { return parts.CanvasOf(d.place) }
