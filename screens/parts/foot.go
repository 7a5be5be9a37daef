package parts

import (
	"fyne.io/fyne/v2"
)

// Foot is the line below a form that scrolls: what there is to say, and the
// buttons at its right. Where there is little room the words take one line
// above the buttons, and end in an ellipsis.
func Foot(words *Text, buttons ...fyne.CanvasObject) *fyne.Container {
	cells := make([]Cell, len(buttons))
	for i, b := range buttons {
		cells[i] = Cell{Object: b}
	}
	words.WithAlign(fyne.TextAlignTrailing)
	line := arranged(&footLayout{words: words}, words, TrailingRow(Gap12, cells...))
	return Stack(0, Divider(), Pad(Gap12, Gap30, Gap12, Gap30, line))
}

type footLayout struct {
	words *Text
	width float32
}

// footWords is the width that the words need beside the buttons, at 100 %.
const footWords float32 = 260

// split returns the widths of words and buttons, and whether they stand beside
// each other.
func (l *footLayout) split(o []fyne.CanvasObject, width float32) (words, buttons float32, beside bool) {
	buttons = Natural(o[1]).Width
	words = width - buttons - Gap12
	if words < footWords*TextScale() {
		l.words.WithOverflow(Ellipsis)
		return width, width, false
	}
	l.words.WithOverflow(Wrap)
	return words, buttons, true
}

func (l *footLayout) heightFor(o []fyne.CanvasObject, width float32) float32 {
	words, buttons, beside := l.split(o, width)
	a, b := HeightFor(o[0], words), HeightFor(o[1], buttons)
	if beside {
		return max(a, b)
	}
	return a + Gap8 + b
}

func (l *footLayout) natural(o []fyne.CanvasObject) fyne.Size {
	a, b := Natural(o[0]), Natural(o[1])
	return fyne.NewSize(a.Width+Gap12+b.Width, max(a.Height, b.Height))
}

func (l *footLayout) narrowest(o []fyne.CanvasObject) float32 { return minWidth(o) }

func (l *footLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return minSize(l, o, l.width) }

func (l *footLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	words, buttons, beside := l.split(o, size.Width)
	a, b := HeightFor(o[0], words), HeightFor(o[1], buttons)
	at, below := (size.Height-a)/2, (size.Height-b)/2
	if !beside {
		at, below = 0, a+Gap8
	}
	Put(o[0], fyne.NewPos(0, at), fyne.NewSize(words, a), size.Width)
	Put(o[1], fyne.NewPos(size.Width-buttons, below), fyne.NewSize(buttons, b), size.Width)
}
