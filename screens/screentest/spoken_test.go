package screentest_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// TestSilent_findsWhatSaysNothing: what a page shows is found however deep it stands in it.
func TestSilent_findsWhatSaysNothing(t *testing.T) {
	screentest.NewEnv(t)
	hidden := parts.NewEntry("hidden")
	hidden.Hide()
	example := parts.NewEntry("example")
	example.SetPlaceHolder("Meeting code")
	list := parts.NewRowList("list", func() fyne.CanvasObject { return parts.Body("") }, func(int, fyne.CanvasObject) {})
	list.SetLength(1)
	for _, c := range []struct {
		name   string
		o      fyne.CanvasObject
		silent bool
	}{
		{"an input without a label", parts.NewEntry("e"), true},
		{"one with an example", example, false},
		{"one with a label", parts.NewField("f", "Name", false, parts.NewEntry("e")), false},
		{"one without, in a row of a field", parts.NewField("f", "", false, parts.Row(1, parts.Cell{Object: parts.NewEntry("e")})), true},
		{"a choice without a label", parts.NewPicker("p", "", "", nil), true},
		{"a password without a label", parts.NewPassword("p", "", ""), true},
		{"a button without a word", parts.NewButton("b", "", parts.Primary, nil), true},
		{"one in a card in a scroll", parts.Scroll(parts.Card(parts.NewButton("b", "", parts.Primary, nil))), true},
		{"a box without a label", parts.NewCheck("c"), true},
		{"a tab without a word", parts.NewTabs("t", parts.Tab{ID: "a", Content: parts.Space(1)}).Heads(), true},
		{"a row without words", list, true},
		{"Fyne's own that says nothing", container.NewStack(widget.NewSlider(0, 1)), true},
		{"what is hidden", hidden, false},
	} {
		w := test.NewTempWindow(t, c.o) // not Show, which would find the same
		w.Resize(fyne.NewSize(400, 300))
		screentest.Settle(w)
		if found := len(screentest.Silent(w.Content())) > 0; found != c.silent {
			t.Errorf("%s: found %v", c.name, found)
		}
	}
}
