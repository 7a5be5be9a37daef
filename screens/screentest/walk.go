package screentest

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// WentTo notes where a screen led.
type WentTo struct{ Places []string }

func (w *WentTo) To(place string) func() { return func() { w.Places = append(w.Places, place) } }
func (w *WentTo) With(place string) func(what string) {
	return func(what string) { w.Places = append(w.Places, place+" "+what) }
}

func (w *WentTo) Last() string {
	if len(w.Places) == 0 {
		return ""
	}
	return w.Places[len(w.Places)-1]
}

// FocusedID is the id of what has the keyboard.
func FocusedID(w fyne.Window) string {
	if o, ok := w.Canvas().Focused().(interface{ WidgetID() string }); ok {
		return o.WidgetID()
	}
	return ""
}

// TabTo presses Tab until a part has the keyboard, and fails if it never does.
func TabTo(t *testing.T, w fyne.Window, id string) {
	t.Helper()
	for range 60 {
		w.Canvas().FocusNext()
		if FocusedID(w) == id {
			return
		}
	}
	t.Fatalf("Tab never leads to %s", id)
}

// Press types one key into what has the keyboard.
func Press(t *testing.T, w fyne.Window, keys ...fyne.KeyName) {
	t.Helper()
	for _, k := range keys {
		f := w.Canvas().Focused()
		if f == nil {
			t.Fatal("nothing has the keyboard")
		}
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// Write types a text into what has the keyboard.
func Write(t *testing.T, w fyne.Window, text string) {
	t.Helper()
	f := w.Canvas().Focused()
	if f == nil {
		t.Fatal("nothing has the keyboard")
	}
	test.Type(f, text)
}

// Order walks through all stops of a screen with Tab.
func Order(w fyne.Window) []string {
	var out []string
	w.Canvas().FocusNext()
	first := w.Canvas().Focused()
	for f := first; f != nil; f = w.Canvas().Focused() {
		out = append(out, FocusedID(w))
		w.Canvas().FocusNext()
		if w.Canvas().Focused() == first || len(out) > 100 {
			break
		}
	}
	return out
}
