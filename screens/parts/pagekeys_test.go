package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// What holds texts only is read without a mouse.
func TestPageKey_scrollsWhatHasTheKeyboardOrElseTheLargest(t *testing.T) {
	test.NewTempApp(t)
	button := NewButton("b", "B", Outlined, func() {})
	small, large := Scroll(Stack(0, button, Space(2000))), Scroll(Space(4000))
	content := container.NewGridWithColumns(3, small, container.NewStack(large), container.NewStack())
	w := test.NewTempWindow(t, content)
	w.Resize(fyne.NewSize(600, 300))
	inner := func(o fyne.CanvasObject) *container.Scroll { return o.(*fyne.Container).Objects[0].(*container.Scroll) }
	large.Resize(fyne.NewSize(300, 300))
	at := func() [2]float32 { return [2]float32{inner(small).Offset.Y, inner(large).Offset.Y} }
	var heard bool
	press := func(key fyne.KeyName) [2]float32 {
		heard = PageKey(w.Canvas(), key)
		return at()
	}
	height := inner(large).Size().Height
	if got := press(fyne.KeyPageDown); !heard || got != [2]float32{0, 0.9 * height} {
		t.Errorf("PageDown leads to %v", got)
	}
	if got := press(fyne.KeyPageUp); got != [2]float32{0, 0} {
		t.Errorf("PageUp leads to %v", got)
	}
	w.Canvas().Focus(button)
	if got := press(fyne.KeyPageDown); got[0] == 0 || got[1] != 0 {
		t.Errorf("with the keyboard in the other: %v", got)
	}
	for range 20 {
		press(fyne.KeyPageDown)
	}
	if got, most := at(), inner(small).Content.Size().Height-inner(small).Size().Height; got[0] != most {
		t.Errorf("it goes to %v of %v", got, most)
	}
	if press(fyne.KeyHome); heard {
		t.Error("takes another key")
	}
}
