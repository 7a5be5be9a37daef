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

// TestNotMirrored_findsALayoutWithASideOfItsOwn, however deep it stands.
func TestNotMirrored_findsALayoutWithASideOfItsOwn(t *testing.T) {
	screentest.NewEnv(t)
	for name, wrong := range map[string]fyne.CanvasObject{
		"a layout of its own":    container.New(leftLayout{}, parts.NewTag("Open", parts.Info)),
		"one of Fyne's":          container.NewHBox(parts.NewTag("Open", parts.Info), parts.NewTag("Full", parts.Info)),
		"one deep in a page":     parts.Scroll(parts.Card(container.NewHBox(parts.NewTag("Open", parts.Info)), parts.Body("Words"))),
		"Fyne's text at an edge": container.NewStack(parts.Body(""), widget.NewLabel("Words")),
	} {
		w := test.NewTempWindow(t, wrong) // not Show, which would find the same
		w.Resize(fyne.NewSize(400, 300))
		if len(screentest.NotMirrored(w)) == 0 {
			t.Errorf("%s was not found", name)
		}
	}
}

type leftLayout struct{}

func (leftLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (leftLayout) Layout(o []fyne.CanvasObject, _ fyne.Size) {
	o[0].Move(fyne.NewPos(10, 0))
	o[0].Resize(o[0].MinSize())
}
