package parts

import (
	"iter"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// viewMargin is kept above and below a part that comes into view, for its
// label and its mistake.
const viewMargin float32 = 44

// IntoView scrolls what an object stands in until the object can be seen:
// Fyne moves the focus with Tab, but leaves the new place out of sight. Of one that is shown
// for the first time Fyne knows the place a frame later only.
func IntoView(o fyne.CanvasObject) {
	if fyne.CurrentApp().Driver().CanvasForObject(o) == nil {
		afterClick(func() { scrollTo(o) })
		return
	}
	scrollTo(o)
}

func scrollTo(o fyne.CanvasObject) {
	for s, at := range around(o) {
		inner := at.Add(s.Offset)
		bottom := at.Y + min(o.Size().Height, s.Size().Height/2)
		switch {
		case at.Y < 0:
			s.ScrollToOffset(fyne.NewPos(s.Offset.X, max(inner.Y-viewMargin, 0)))
		case bottom > s.Size().Height:
			s.ScrollToOffset(fyne.NewPos(s.Offset.X, s.Offset.Y+bottom+viewMargin-s.Size().Height))
		}
	}
}

// around gives the scrolls that an object stands in, the innermost first, and
// where it is in their view.
func around(o fyne.CanvasObject) iter.Seq2[*container.Scroll, fyne.Position] {
	return func(yield func(*container.Scroll, fyne.Position) bool) {
		driver := fyne.CurrentApp().Driver()
		c := driver.CanvasForObject(o)
		if c == nil || c.Content() == nil {
			return
		}
		for _, s := range scrolls(c.Content()) {
			at := driver.AbsolutePositionForObject(o).Subtract(driver.AbsolutePositionForObject(s))
			inner, size := at.Add(s.Offset), s.Content.Size()
			if inner.X < 0 || inner.Y < 0 || inner.X > size.Width || inner.Y > size.Height {
				continue // it stands elsewhere
			}
			if !yield(s, at) {
				return
			}
		}
	}
}

// scrolls lists the visible scrolls below an object, the innermost first.
func scrolls(o fyne.CanvasObject) []*container.Scroll {
	if o == nil || !o.Visible() {
		return nil
	}
	var found []*container.Scroll
	switch o := o.(type) {
	case interface{ arrangement() *fyne.Container }:
		return scrolls(o.arrangement())
	case *container.Scroll:
		return append(scrolls(o.Content), o)
	case *fyne.Container:
		for _, child := range o.Objects {
			found = append(found, scrolls(child)...)
		}
	}
	return found
}
