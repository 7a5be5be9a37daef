package screens

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// focusedID is the id of what has the keyboard.
func focusedID(w fyne.Window) string {
	if o, ok := w.Canvas().Focused().(interface{ WidgetID() string }); ok {
		return o.WidgetID()
	}
	return ""
}

// tabTo presses Tab until a part has the keyboard, and fails if it never does.
func tabTo(t *testing.T, w fyne.Window, id string) {
	t.Helper()
	for range 60 {
		w.Canvas().FocusNext()
		if focusedID(w) == id {
			return
		}
	}
	t.Fatalf("Tab never leads to %s", id)
}

// press types one key into what has the keyboard.
func press(t *testing.T, w fyne.Window, keys ...fyne.KeyName) {
	t.Helper()
	for _, k := range keys {
		f := w.Canvas().Focused()
		if f == nil {
			t.Fatal("nothing has the keyboard")
		}
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// write types a text into what has the keyboard.
func write(t *testing.T, w fyne.Window, text string) {
	t.Helper()
	f := w.Canvas().Focused()
	if f == nil {
		t.Fatal("nothing has the keyboard")
	}
	test.Type(f, text)
}

// order walks through all stops of a screen with Tab.
func order(w fyne.Window) []string {
	var out []string
	w.Canvas().FocusNext()
	first := w.Canvas().Focused()
	for f := first; f != nil; f = w.Canvas().Focused() {
		out = append(out, focusedID(w))
		w.Canvas().FocusNext()
		if w.Canvas().Focused() == first || len(out) > 100 {
			break
		}
	}
	return out
}
