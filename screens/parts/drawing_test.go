package parts_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// What is drawn some at a time is the same as what is drawn at once, and no time is long.
func TestDrawing(t *testing.T) {
	for _, mirrored := range []bool{false, true} {
		e := screentest.NewEnv(t)
		parts.SetMirrored(mirrored)
		t.Cleanup(func() { parts.SetMirrored(false) })
		make := func() fyne.CanvasObject {
			return parts.PadAll(20, parts.Stack(parts.Gap16, parts.Section(e.T("statistics.countries")), parts.Chart([]parts.ChartRow{
				{Label: "United Kingdom of Great Britain and Northern Ireland", Count: 48},
				{Label: "中国", Count: 20},
				{Label: "مصر", Count: 7},
				{Label: strings.Repeat("Long ", 12), Count: 0},
			})))
		}
		d := parts.NewDrawing(make(), 500)
		steps := 1
		for d.Next() {
			steps++
		}
		if steps < 4 {
			t.Errorf("drawn in %d steps", steps)
		}
		whole := make()
		c := software.NewCanvas()
		c.SetPadded(false)
		c.SetScale(2)
		c.SetContent(whole)
		c.Resize(fyne.NewSize(500, parts.HeightFor(whole, 500)))
		got, want := d.Image(), c.Capture()
		if got.Bounds() != want.Bounds() {
			t.Fatalf("%v, want %v", got.Bounds(), want.Bounds())
		}
		differ := 0
		for y := range got.Bounds().Dy() {
			for x := range got.Bounds().Dx() {
				r1, _, _, _ := got.At(x, y).RGBA()
				r2, _, _, _ := want.At(x, y).RGBA()
				if max(r1, r2)-min(r1, r2) > 0x1000 {
					differ++
				}
			}
		}
		if differ > got.Bounds().Dx()*got.Bounds().Dy()/500 { // edges that are rounded elsewhere
			t.Errorf("mirrored %t: %d pixels differ", mirrored, differ)
		}
	}
}
