package parts

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestEntry_givesTheWheelToTheFormItStandsIn(t *testing.T) {
	test.NewTempApp(t)
	entry := NewEntry("form.name")
	form := Scroll(Stack(Gap8, entry, Space(2000)))
	w := test.NewTempWindow(t, form)
	w.Resize(fyne.NewSize(400, 300))
	test.Scroll(w.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(entry).AddXY(20, 10), 0, -60)
	if y := scrolls(w.Content())[0].Offset.Y; y != 60 {
		t.Errorf("scrolled by %v, want 60", y)
	}
}

// An input of several lines keeps the wheel only while it has more lines than it shows.
func TestEntry_ofSeveralLinesScrollsItsOwnFirst(t *testing.T) {
	test.NewTempApp(t)
	entry := NewMultiLine("form.why", 3)
	form := Scroll(Stack(Gap8, entry, Space(2000)))
	w := test.NewTempWindow(t, form)
	w.Resize(fyne.NewSize(400, 300))
	turn := func() float32 {
		test.Scroll(w.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(entry).AddXY(20, 20), 0, -20)
		return scrolls(w.Content())[0].Offset.Y
	}
	entry.SetText(strings.Repeat("line\n", 40))
	if y := turn(); y != 0 {
		t.Errorf("the form scrolled by %v over an input with more lines", y)
	}
	entry.SetText("one line")
	if y := turn(); y != 20 {
		t.Errorf("the form scrolled by %v over an input that shows all, want 20", y)
	}
}
