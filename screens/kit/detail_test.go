package kit_test

import (
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// What is made anew about the same stays where one reads it; something else is read from its
// beginning.
func TestDetail(t *testing.T) {
	screentest.NewEnv(t)
	d := kit.NewDetail()
	w := screentest.Show(t, d.Content, 300, 200)
	body := func(word string) fyne.CanvasObject {
		all := parts.Stack(parts.Gap8)
		for n := range 30 {
			all.Add(parts.Body(word + " " + strconv.Itoa(n)))
		}
		all.Add(parts.Inline(0, parts.NewButton(parts.ID(word), word, parts.Primary, nil)))
		return all
	}
	var scroll func(o fyne.CanvasObject) *container.Scroll
	scroll = func(o fyne.CanvasObject) *container.Scroll {
		switch o := o.(type) {
		case *container.Scroll:
			return o
		case *fyne.Container:
			for _, child := range o.Objects {
				if s := scroll(child); s != nil {
					return s
				}
			}
		}
		return nil
	}
	d.Choose("Nothing", "Choose something")
	d.Show("a", body("approve"))
	screentest.Settle(w)
	s := scroll(d.Content)
	s.ScrollToOffset(fyne.NewPos(0, 120))
	parts.Focus(screentest.Widget(t, w, "approve").(fyne.Focusable))
	at := s.Offset.Y
	if lost := d.Show("a", body("approve")); lost || at < 120 {
		t.Error("the keyboard is nowhere")
	}
	screentest.Settle(w)
	if scroll(d.Content) != s || s.Offset.Y != at {
		t.Errorf("scrolled to %v, it was %v", s.Offset.Y, at)
	}
	if lost := d.Show("b", body("refuse")); !lost || s.Offset.Y != 0 {
		t.Errorf("lost %t, something else is read from %v on", lost, s.Offset.Y)
	}
	s.ScrollToOffset(fyne.NewPos(0, 200))
	d.Show("b", parts.Body("short"))
	if s.Offset.Y != 0 {
		t.Errorf("what is short is scrolled to %v", s.Offset.Y)
	}
}
