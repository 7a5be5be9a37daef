package parts

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// KeepFocus makes anew what an object consists of, and gives the keyboard to the part of the
// same name as the one that had it. It tells whether the keyboard was there and that part is
// gone: then whoever works without a mouse is nowhere, unless something else takes it.
func KeepFocus(in fyne.CanvasObject, change func()) (lost bool) {
	c := CanvasOf(in)
	if c == nil {
		change()
		return false
	}
	had := c.Focused()
	there := had != nil && slices.Contains(takers(in), had)
	change()
	if !there {
		return false
	}
	now := takers(in)
	if slices.Contains(now, had) {
		return false
	}
	i := slices.IndexFunc(now, func(f fyne.Focusable) bool { return nameOf(f) != "" && nameOf(f) == nameOf(had) })
	if i < 0 {
		return true
	}
	before, typed := had.(*Entry)
	if after, ok := now[i].(*Entry); ok && typed {
		after.CursorRow, after.CursorColumn = before.CursorRow, before.CursorColumn
	}
	c.Focus(now[i])
	return false
}

func nameOf(f fyne.Focusable) string {
	if named, ok := f.(interface{ WidgetID() string }); ok {
		return named.WidgetID()
	}
	return ""
}

// takers are the visible parts below an object that can have the keyboard.
func takers(in fyne.CanvasObject) (all []fyne.Focusable) {
	if in == nil || !in.Visible() {
		return nil
	}
	if f, ok := in.(fyne.Focusable); ok {
		all = append(all, f)
	}
	var below []fyne.CanvasObject
	switch in := in.(type) {
	case *Text:
		for _, l := range in.links {
			if l != nil {
				all = append(all, l)
			}
		}
	case interface{ arrangement() *fyne.Container }:
		below = in.arrangement().Objects
	case *container.Scroll:
		below = []fyne.CanvasObject{in.Content}
	case *fyne.Container:
		below = in.Objects
	}
	for _, o := range below {
		all = append(all, takers(o)...)
	}
	return all
}
