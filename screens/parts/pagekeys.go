package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// PageKey scrolls what has the keyboard in it by nearly its height, or else the largest part
// of the window that scrolls, so that what holds texts only can be read without a mouse
// (WCAG 2.1.1). It reports whether the key is one for that.
func PageKey(c fyne.Canvas, key fyne.KeyName) bool {
	pages := float32(0.9)
	switch key {
	case fyne.KeyPageDown:
	case fyne.KeyPageUp:
		pages = -pages
	default:
		return false
	}
	if s := scrollFor(c); s != nil {
		most := s.Content.Size().Height - s.Size().Height
		s.ScrollToOffset(fyne.NewPos(s.Offset.X, max(min(s.Offset.Y+pages*s.Size().Height, most), 0)))
	}
	return true
}

// scrollFor is the scroll that a key of a page is for; nil where nothing scrolls.
func scrollFor(c fyne.Canvas) *container.Scroll {
	higher := func(s *container.Scroll) bool { return s.Content.Size().Height > s.Size().Height }
	if o, ok := c.Focused().(fyne.CanvasObject); ok {
		for s := range around(o) {
			if higher(s) {
				return s
			}
		}
	}
	var largest *container.Scroll
	area := func(s *container.Scroll) float32 { return s.Size().Width * s.Size().Height }
	for _, s := range scrolls(c.Content()) {
		if higher(s) && (largest == nil || area(s) > area(largest)) {
			largest = s
		}
	}
	return largest
}
