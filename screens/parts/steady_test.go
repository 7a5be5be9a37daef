package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func TestSteady_keepsTheTopOfWhatGrows(t *testing.T) {
	setUp(t, 1)
	bar := NewBar("bar")
	button := NewButton("go", "Go", Primary, nil)
	box := canvas.NewRectangle(nil)
	box.SetMinSize(fyne.NewSize(10, 200))
	place := Steady(300, Stack(Gap12, box, button, bar))
	w := test.NewTempWindow(t, place)
	w.SetPadded(false)
	at := func(o fyne.CanvasObject) float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y
	}
	for _, height := range []float32{500, 320, 270} {
		bar.Clear()
		w.Resize(fyne.NewSize(400, height))
		Relayout(place)
		before := at(button)
		if height == 500 && before < 270 {
			t.Errorf("the button is at %v, with nothing above", before)
		}
		bar.Say(Notice{Tone: Bad, Words: []Span{{Text: longName + longName}}})
		if after := at(button); after != before || at(box) < Gap16 {
			t.Errorf("%v high: the button was at %v and is at %v", height, before, after)
		}
		bar.Clear()
		if after := at(button); after != before {
			t.Errorf("%v high: the button was at %v and is at %v after the notice went", height, before, after)
		}
	}
}
