package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Fyne lays a widget out again whenever its renderer shows new objects, and
// draws a window again whenever something in it asks for it: a text that made
// new objects at each layout kept a window with a link busy for good.
func TestText_keepsItsObjectsWhileItsSizeStays(t *testing.T) {
	text := NewText(Span{Text: "See the "}, Span{Text: "terms of use", ID: "terms", OnTapped: func() {}})
	test.NewTempWindow(t, text)
	r := test.WidgetRenderer(text)
	text.Resize(fyne.NewSize(300, 40))
	before := r.Objects()[0]
	r.Layout(fyne.NewSize(300, 40))
	if r.Objects()[0] != before {
		t.Error("new objects for the same size")
	}
	r.Layout(fyne.NewSize(200, 40))
	if r.Objects()[0] == before {
		t.Error("the same objects for another size")
	}
	before = r.Objects()[0]
	text.Refresh()
	if r.Objects()[0] == before {
		t.Error("the same objects after a refresh: colours may have changed")
	}
}
