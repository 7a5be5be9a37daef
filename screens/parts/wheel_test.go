package parts

import (
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
