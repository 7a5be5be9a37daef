package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Cover keeps mouse and keyboard from everything in a window while something goes on
// that nothing may come into, such as a log-out. It is not seen until it says something.
type Cover struct {
	canvas fyne.Canvas
	glass  *canvas.Rectangle
	words  *widget.PopUp
}

// NewCover covers a window until Close.
func NewCover(c fyne.Canvas) *Cover {
	k := &Cover{canvas: c}
	if c == nil {
		return k
	}
	CloseQuestion(c)
	k.glass = canvas.NewRectangle(color.Transparent)
	k.glass.Resize(c.Size())
	c.Overlays().Add(k.glass)
	return k
}

// Say shows what goes on; nothing for "".
func (k *Cover) Say(words string) {
	if k.canvas == nil {
		return
	}
	if k.words != nil {
		k.words.Hide()
		k.words = nil
	}
	if words == "" {
		return
	}
	k.words = widget.NewModalPopUp(PadAll(Gap16, Muted(words)), k.canvas)
	k.words.Show()
}

// Close uncovers the window.
func (k *Cover) Close() {
	k.Say("")
	if k.canvas != nil {
		k.canvas.Overlays().Remove(k.glass)
	}
}
