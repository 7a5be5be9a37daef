package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
)

// The facts of an e-mail's text are rows; what else is indented or has spaces is text.
func TestLetter(t *testing.T) {
	letter := kit.Letter("letter", "Dear A,\n\nBring   this:\n    one\n\n    Place          Geneva, room   C\n    Meeting code   C-00016512\n\nThank you.\n")
	var got []string
	var collect func(o fyne.CanvasObject)
	collect = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				collect(child)
			}
		case *parts.Text:
			got = append(got, o.String())
		}
	}
	collect(letter)
	want := []string{"Dear A,\n\nBring   this:\n    one", "Place", "Geneva, room   C", "Meeting code", "C-00016512", "Thank you."}
	if !slices.Equal(got, want) {
		t.Errorf("shown is %q, want %q", got, want)
	}
}
