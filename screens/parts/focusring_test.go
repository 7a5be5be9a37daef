package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestFocusRing_isSeenWithTheKeyboardOnly(t *testing.T) {
	setUp(t, 1)
	tabs := NewTabs("tabs", Tab{ID: "a", Text: "A", Content: Body("a")}, Tab{ID: "b", Text: "B", Content: Body("b")})
	radios := NewRadios("diet", []Item{{ID: "a", Text: "A"}, {ID: "b", Text: "B"}})
	check := NewCheck("check", Span{Text: "C"})
	w := test.NewTempWindow(t, Stack(Gap12, tabs.Heads(), tabs.Body(), radios, check))
	w.Resize(fyne.NewSize(300, 300))
	back := func() bool { return test.WidgetRenderer(tabs.heads[1]).(*tabHeadRenderer).back.StrokeWidth > 0 }
	circle := func() bool {
		return !test.WidgetRenderer(radios.rows[1]).(*radioRenderer).ring.Hidden
	}
	box := func() bool { return !test.WidgetRenderer(check.tick).(*tickRenderer).ring.Hidden }
	for _, c := range []struct {
		name  string
		click fyne.Tappable
		has   fyne.Focusable
		ring  func() bool
	}{
		{"tab", tabs.heads[1], tabs.heads[1], back},
		{"radio", radios.rows[1], radios, circle},
		{"check", check, check.tick, box},
	} {
		test.Tap(c.click)
		if w.Canvas().Focused() != c.has || c.ring() {
			t.Errorf("%s: after a click %T has the keyboard, its frame is seen: %v", c.name, w.Canvas().Focused(), c.ring())
		}
		c.has.TypedKey(key(fyne.KeyA))
		if !c.ring() {
			t.Errorf("%s: no frame once a key was used", c.name)
		}
		w.Canvas().FocusNext()
		w.Canvas().FocusPrevious()
		if w.Canvas().Focused() != c.has || !c.ring() {
			t.Errorf("%s: no frame after Tab", c.name)
		}
	}
}
