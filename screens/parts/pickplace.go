package parts

import "fyne.io/fyne/v2"

// The list keeps this distance from its input and from the window's edges, is made wide
// enough for the names of short lists within limits (at 100 % text size), and looks
// through no more of a list than this to find out.
const (
	pickListGap                  float32 = 2
	pickListMargin                       = Gap8
	pickListNarrow, pickListWide float32 = 240, 480
	pickListMeasured                     = 40
)

// place puts the list below its input, or above it where only there is room for all of
// it; where there is room for all on neither side, where there is more. While the input
// is scrolled out of sight, the list is as well; once its page is gone, it closes.
func (l *pickList) place(root *rootLayout) {
	p := l.picker
	window := area{size: root.layer.Size()}
	input, seen, ok := locate(root.content, p.entry, fyne.Position{}, window)
	if !ok || seen.size.Height < input.size.Height/2 {
		l.Hide()
		return
	}
	width := max(input.size.Width, min(l.wishedWidth(), window.size.Width-2*pickListMargin))
	full := l.tallest() // not what is found now: typing does not make it jump to the other side
	x := fromLeft(input.pos.X, input.size.Width, window.size.Width)
	if width > input.size.Width {
		x = max(min(x, window.size.Width-pickListMargin-width), 0)
	}
	below := window.size.Height - pickListMargin - input.bottom() - pickListGap
	above := input.pos.Y - pickListGap - pickListMargin
	l.room = min(below, full)
	up := full > below && above > below
	if up {
		l.room = min(above, full)
	}
	_, height := l.fill(width, l.room)
	y := input.bottom() + pickListGap
	if up {
		y = input.pos.Y - pickListGap - height
	}
	Put(l, fyne.NewPos(x, y), fyne.NewSize(width, height), window.size.Width)
	if p.focused || l.pressed {
		l.Show()
	}
	l.Refresh()
}

// again places the list after it has moved to other lines.
func (l *pickList) again() {
	if root := rootOf(l.picker.entry); root != nil {
		l.place(root)
	}
}

// wishedWidth is the width that shows the names of a short list in full.
func (l *pickList) wishedWidth() float32 {
	scale := TextScale()
	w := pickListNarrow * scale
	if len(l.wish) > pickListMeasured {
		return w
	}
	for _, i := range l.wish {
		w = max(w, l.measure.name.measure(Span{}, i.Text).Width+2*Gap12+2)
	}
	return min(w, pickListWide*scale)
}
