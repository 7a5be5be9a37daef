package parts_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestKeepFocus(t *testing.T) {
	for _, c := range []struct {
		name string
		make func() fyne.CanvasObject // what is made anew each time
		has  bool                     // it is there again
	}{
		{"an input", func() fyne.CanvasObject { return parts.NewField("name.field", "Name", true, parts.NewEntry("name")) }, true},
		{"a choice", func() fyne.CanvasObject {
			return parts.NewField("country.field", "Country", true, parts.NewPicker("country", "", "", nil))
		}, true},
		{"a button", func() fyne.CanvasObject { return parts.Inline(0, parts.NewButton("go", "Go", parts.Primary, nil)) }, true},
		{"a link", func() fyne.CanvasObject { return parts.Link("more", "More", func() {}) }, true},
		{"what is gone", once(func() fyne.CanvasObject { return parts.NewButton("go", "Go", parts.Primary, nil) }), false},
		{"what has no name", func() fyne.CanvasObject { return parts.NewButton("", "Go", parts.Primary, nil) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			screentest.NewApp(t)
			holder := parts.Stack(0, c.make())
			w := screentest.Show(t, holder, 400, 300)
			w.Canvas().FocusNext()
			had := w.Canvas().Focused()
			if had == nil {
				t.Fatal("nothing takes the keyboard")
			}
			lost := parts.KeepFocus(holder, func() {
				holder.Objects = []fyne.CanvasObject{c.make()}
				holder.Refresh()
			})
			now := w.Canvas().Focused()
			if lost == c.has || c.has && (now == had || now == nil) {
				t.Errorf("lost %t, the keyboard is at %v", lost, now)
			}
		})
	}
}

// once gives what is made the first time, and then nothing that takes the keyboard.
func once(first func() fyne.CanvasObject) func() fyne.CanvasObject {
	made := false
	return func() fyne.CanvasObject {
		if made {
			return parts.Space(1)
		}
		made = true
		return first()
	}
}
