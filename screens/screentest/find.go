package screentest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Find finds a visible part by its id, in the window or in a question over it.
func Find(w fyne.Window, id string) fyne.CanvasObject {
	roots := append([]fyne.CanvasObject{w.Content()}, w.Canvas().Overlays().List()...)
	for i := len(roots) - 1; i >= 0; i-- {
		if o := findBelow(roots[i], id); o != nil {
			return o
		}
	}
	return nil
}

func findBelow(o fyne.CanvasObject, id string) fyne.CanvasObject {
	if o == nil || !o.Visible() {
		return nil
	}
	if named, ok := o.(interface{ WidgetID() string }); ok && named.WidgetID() == id {
		return o
	}
	for _, child := range below(o) {
		if found := findBelow(child, id); found != nil {
			return found
		}
	}
	return nil
}

// below are the objects that make up another one.
func below(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// SaidIn is all that the texts say that an object is made of, as far as they are shown.
func SaidIn(o fyne.CanvasObject) string {
	if !o.Visible() {
		return ""
	}
	if text, ok := o.(*parts.Text); ok {
		return text.String()
	}
	var said []string
	for _, child := range below(o) {
		if text := SaidIn(child); text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, "\n")
}

// Widget is findByID for what must be there.
func Widget(t testing.TB, w fyne.Window, id string) fyne.CanvasObject {
	t.Helper()
	Settle(w)
	o := Find(w, id)
	if o == nil {
		t.Fatalf("there is no %s on the screen", id)
	}
	return o
}

// Said is what a notice or a text on the screen says; nothing where there is none.
func Said(w fyne.Window, id string) string {
	if o, ok := Find(w, id).(fmt.Stringer); ok {
		return o.String()
	}
	return ""
}

// Mistake is what is wrong by a field on the screen.
func Mistake(w fyne.Window, id string) string {
	if f, ok := Find(w, id).(*parts.Field); ok {
		return f.Error()
	}
	return ""
}

// Input is an input on the screen.
func Input(t *testing.T, w fyne.Window, id string) *parts.Entry {
	t.Helper()
	e, ok := Widget(t, w, id).(*parts.Entry)
	if !ok {
		t.Fatalf("%s is no input", id)
	}
	return e
}

// Pick chooses from a list, as a click does.
func Pick(p *parts.Picker, id string) {
	p.SetID(id)
	i, _ := p.Picked()
	p.OnChange(i)
}

// Tap clicks a part.
func Tap(t testing.TB, w fyne.Window, id string) {
	t.Helper()
	o, ok := Widget(t, w, id).(fyne.Tappable)
	if !ok {
		t.Fatalf("%s cannot be clicked", id)
	}
	o.Tapped(&fyne.PointEvent{})
}

// Paste pastes a text into an input, as Ctrl+V does.
func Paste(e *parts.Entry, text string) {
	c := test.NewClipboard()
	c.SetContent(text)
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
}

// RecordOpened notes what an environment opens outside of Plenary.
func RecordOpened(e *kit.Env) *[]string {
	opened := &[]string{}
	e.OpenURL = func(u *url.URL) error {
		*opened = append(*opened, u.String())
		return nil
	}
	return opened
}
