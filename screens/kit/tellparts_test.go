package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// TestTellParts_linesBeginWhereTheLanguageHasThem, and everything with them.
func TestTellParts_linesBeginWhereTheLanguageHasThem(t *testing.T) {
	t.Cleanup(func() { kit.TellParts(words.For("en")) })
	for _, c := range []struct {
		words *words.Words
		x     float32
	}{{words.Pseudo(), 85}, {words.For("fr"), 5}} {
		kit.TellParts(c.words)
		o := canvas.NewRectangle(nil)
		parts.Put(o, fyne.NewPos(5, 0), fyne.NewSize(10, 10), 100)
		if o.Position().X != c.x {
			t.Errorf("%s: what begins at 5 is at %v", c.words.Lang(), o.Position().X)
		}
	}
}
