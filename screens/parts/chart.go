package parts

import (
	"strconv"

	"fyne.io/fyne/v2"
)

// ChartRow is a bar of a chart: how many there are of what the label says.
type ChartRow struct {
	Label string
	Count int
}

// Chart returns bars under each other, each with its label before it and its number behind
// it, so that nothing is told by length or colour alone. The longest has all the room
// there is; where that is little, labels stand above.
func Chart(rows []ChartRow) *fyne.Container {
	l := &chartLayout{}
	var objects []fyne.CanvasObject
	for _, r := range rows {
		l.counts = append(l.counts, r.Count)
		l.most = max(l.most, r.Count)
		objects = append(objects, Body(r.Label), NewBox(ColorPrimary, "", 3), Bold(strconv.Itoa(r.Count)))
	}
	return arranged(l, objects...)
}

// chartLayout places three objects for each row: label, bar and number.
type chartLayout struct {
	counts []int
	most   int
	width  float32
}

// The bars of a chart, at 100 % text size.
const (
	chartBar    float32 = 14  // height
	chartLabels float32 = 260 // the width of labels at most
	chartNarrow float32 = 460 // under which they stand above
)

// columns are the widths of labels, or 0 where they stand above, and of numbers.
func (l *chartLayout) columns(o []fyne.CanvasObject, width float32) (labels, numbers float32) {
	for i := 0; i < len(o); i += 3 {
		labels = max(labels, Natural(o[i]).Width)
		numbers = max(numbers, Natural(o[i+2]).Width)
	}
	scale := TextScale()
	if width < chartNarrow*scale {
		return 0, numbers
	}
	return min(labels, chartLabels*scale, width/2), numbers
}

// rowHeights are those of a row's label and of its bar, which stand under each other if
// labels is 0.
func (l *chartLayout) rowHeights(o []fyne.CanvasObject, i int, labels, width float32) (label, bar float32) {
	bar = max(HeightFor(o[i+2], width), chartBar*TextScale())
	if labels > 0 {
		width = labels
	}
	return HeightFor(o[i], width), bar
}

func (l *chartLayout) heightFor(o []fyne.CanvasObject, width float32) (h float32) {
	labels, _ := l.columns(o, width)
	for i := 0; i < len(o); i += 3 {
		label, bar := l.rowHeights(o, i, labels, width)
		if h += max(label, bar) + Gap8; labels == 0 {
			h += min(label, bar)
		}
	}
	return max(h-Gap8, 0)
}

func (l *chartLayout) natural(o []fyne.CanvasObject) fyne.Size {
	width := 2 * chartNarrow * TextScale()
	return fyne.NewSize(width, l.heightFor(o, width))
}

func (l *chartLayout) narrowest(o []fyne.CanvasObject) float32 { return minWidth(o) }

func (l *chartLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return minSize(l, o, l.width) }

func (l *chartLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return // it has no place yet
	}
	l.width = size.Width
	labels, numbers := l.columns(o, size.Width)
	start := float32(0)
	if labels > 0 {
		start = labels + Gap12
	}
	room := max(size.Width-start-numbers-Gap8, 0)
	thick := chartBar * TextScale()
	var y float32
	for i := 0; i < len(o); i += 3 {
		label, bar := l.rowHeights(o, i, labels, size.Width)
		at, high := y, max(label, bar)
		if labels == 0 {
			Put(o[i], fyne.NewPos(0, y), fyne.NewSize(size.Width, label), size.Width)
			at, high = y+label, bar
		} else {
			Put(o[i], fyne.NewPos(0, y+(high-label)/2), fyne.NewSize(labels, label), size.Width)
		}
		var long float32
		if count := l.counts[i/3]; count > 0 {
			long = max(room*float32(count)/float32(l.most), 2)
		}
		Put(o[i+1], fyne.NewPos(start, at+(high-thick)/2), fyne.NewSize(long, thick), size.Width)
		Put(o[i+2], fyne.NewPos(start+long+Gap8, at+(high-bar)/2), fyne.NewSize(numbers, bar), size.Width)
		y = at + high + Gap8
	}
}
