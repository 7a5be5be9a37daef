package screentest

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// CheckSpoken checks that everything in a window that a person can act on says what it is
// to who cannot see it. Show does so at the end of each test, so that no page is left out.
func CheckSpoken(t testing.TB, w fyne.Window) {
	t.Helper()
	shown := []fyne.CanvasObject{w.Content()}
	for _, over := range w.Canvas().Overlays().List() {
		shown = append(shown, within(over)...) // itself it is Fyne's, and takes clicks beside the question
	}
	for _, o := range shown {
		for _, s := range Silent(o) {
			var id string
			if named, ok := s.(interface{ WidgetID() string }); ok {
				id = named.WidgetID()
			}
			t.Errorf("%T %q has no words for who cannot see it", s, id)
		}
	}
}

// Silent gives what is seen below an object, can be acted on, and has no label or no role.
// States, such as that a box is ticked, do not count: which box is to be said.
func Silent(o fyne.CanvasObject) []fyne.CanvasObject {
	parts.SetSpoken(parts.Spoken{EmptyList: "empty"})
	defer kit.TellParts(words.For("en"))
	return silent(o)
}

func silent(o fyne.CanvasObject) []fyne.CanvasObject {
	if o == nil || !o.Visible() {
		return nil
	}
	var found []fyne.CanvasObject
	if a, ok := o.(fyne.Accessible); acts(o) && (!ok || a.AccessibilityLabel() == "" || a.AccessibilityRole() == "") {
		found = append(found, o)
	}
	for _, child := range within(o) {
		found = append(found, silent(child)...)
	}
	return found
}

// within is what an object consists of; of an input what we put into Fyne's.
func within(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *parts.Entry:
		if o.ActionItem != nil {
			return []fyne.CanvasObject{o.ActionItem}
		}
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// acts tells whether a person can do something with an object.
func acts(o fyne.CanvasObject) bool {
	switch o := o.(type) {
	case interface{ SelectedText() string }: // a text to select, which may be empty, or an input
		_, input := o.(*parts.Entry)
		return input
	case *widget.PopUp: // the frame of a question
	case fyne.Focusable, fyne.Tappable, *parts.RowList:
		return true
	}
	return false
}
