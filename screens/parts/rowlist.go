package parts

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// RowList is a list whose rows are as high as their wrapped text needs, with
// hairlines between them. Only the rows in view exist. The list takes the
// focus as a whole: the arrow keys, Home, End and the page keys choose a row,
// Enter or Space opens it; a click does both. Headings among the rows are
// passed over.
type RowList struct {
	widget.BaseWidget
	ID

	// OnChosen is called when the person chooses another row.
	OnChosen func(row int)
	// OnOpened is called when the person clicks a row or presses Enter on it.
	OnOpened func(row int)
	// RowID names a row.
	RowID func(row int) ID
	// Heading says which rows cannot be chosen.
	Heading func(row int) bool

	create func() fyne.CanvasObject
	update func(row int, o fyne.CanvasObject)

	length  int
	chosen  int
	focused bool

	width  float32
	scale  float32
	bottom []float32 // of each row, from the top of the list
	probe  fyne.CanvasObject
	scroll *container.Scroll
	body   *fyne.Container
	shown  map[int]*rowFrame
	spare  []*rowFrame
}

// rowPadSide and rowPadTop are the distances of a row's content from its edges.
const (
	rowPadSide float32 = 18
	rowPadTop  float32 = 12
)

// NewRowList returns an empty list; create makes what stands in a row, update
// fills it.
func NewRowList(id ID, create func() fyne.CanvasObject, update func(row int, o fyne.CanvasObject)) *RowList {
	l := &RowList{ID: id, create: create, update: update, chosen: -1, shown: map[int]*rowFrame{}}
	l.body = container.New(&rowListLayout{list: l})
	l.scroll = container.NewVScroll(l.body)
	l.scroll.OnScrolled = func(fyne.Position) { l.showVisible(false) }
	l.ExtendBaseWidget(l)
	return l
}

// SetLength says that the list has changed, and how long it is now. A chosen
// row beyond the end is forgotten.
func (l *RowList) SetLength(n int) {
	l.length = n
	if l.chosen >= n {
		l.chosen = -1
	}
	l.measure()
	l.showVisible(true)
	l.body.Resize(fyne.NewSize(l.width, max(l.height(), l.scroll.Size().Height)))
	l.scroll.Refresh()
	l.showVisible(false)
}

// Chosen returns the chosen row, -1 when there is none.
func (l *RowList) Chosen() int { return l.chosen }

// Choose chooses a row, or none with -1, and brings it into view. It does not
// call OnChosen.
func (l *RowList) Choose(row int) {
	if row >= l.length {
		row = -1
	}
	l.chosen = row
	l.scrollTo(row)
	l.showVisible(true)
}

func (l *RowList) height() float32 {
	if l.length == 0 || len(l.bottom) < l.length {
		return 0
	}
	return l.bottom[l.length-1]
}

func (l *RowList) top(row int) float32 {
	if row == 0 {
		return 0
	}
	return l.bottom[row-1]
}

// measure computes where each row ends at the list's width.
func (l *RowList) measure() {
	l.bottom = l.bottom[:0]
	if l.width <= 0 {
		return
	}
	if l.probe == nil {
		l.probe = l.create()
	}
	var y float32
	together++
	defer func() { together-- }()
	for i := range l.length {
		l.update(i, l.probe)
		y += HeightFor(l.probe, l.width-2*rowPadSide) + 2*rowPadTop + 1
		l.bottom = append(l.bottom, y)
	}
}

func (l *RowList) scrollTo(row int) {
	if row < 0 || row >= len(l.bottom) {
		return
	}
	view := l.scroll.Size().Height
	top, bottom := l.top(row), l.bottom[row]
	if row > 0 && l.isHeading(row-1) {
		top = l.top(row - 1)
	}
	y := l.scroll.Offset.Y
	switch {
	case top < y:
		y = top
	case bottom > y+view:
		y = max(bottom-view, 0)
	default:
		return
	}
	l.scroll.ScrollToOffset(fyne.NewPos(0, y))
}

func (l *RowList) isHeading(row int) bool {
	return l.Heading != nil && row < l.length && l.Heading(row)
}

// showVisible makes exactly the rows in view exist; refill fills those again
// that were there before.
func (l *RowList) showVisible(refill bool) {
	from, until := 0, 0
	if n := len(l.bottom); n > 0 {
		y := l.scroll.Offset.Y
		from = sort.Search(n, func(i int) bool { return l.bottom[i] > y })
		until = from
		for until < n && l.top(until) < y+l.scroll.Size().Height {
			until++
		}
	}
	for i, frame := range l.shown {
		if i < from || i >= until {
			delete(l.shown, i)
			l.spare = append(l.spare, frame)
		}
	}
	together++
	defer func() { together-- }()
	objects := l.body.Objects[:0]
	for i := from; i < until; i++ {
		frame, there := l.shown[i]
		if !there {
			frame = l.frame()
			l.shown[i] = frame
		}
		if refill || !there {
			frame.row = i
			frame.ID = ""
			if l.RowID != nil {
				frame.ID = l.RowID(i)
			}
			l.update(i, frame.content)
		}
		frame.Move(fyne.NewPos(0, l.top(i)))
		frame.Resize(fyne.NewSize(l.width, l.bottom[i]-l.top(i)))
		frame.Refresh()
		objects = append(objects, frame)
	}
	l.body.Objects = objects
	canvas.Refresh(l.body)
}

// CreateRenderer is Fyne's way to ask how the list is drawn.
func (l *RowList) CreateRenderer() fyne.WidgetRenderer { return &rowListRenderer{list: l} }

type rowListLayout struct{ list *RowList }

func (r *rowListLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(minTextWidth, r.list.height())
}

func (r *rowListLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

type rowListRenderer struct{ list *RowList }

func (r *rowListRenderer) Destroy() {}

func (r *rowListRenderer) Layout(size fyne.Size) {
	l := r.list
	if size.Width != l.width || TextScale() != l.scale {
		l.width, l.scale = size.Width, TextScale()
		l.measure()
	}
	l.scroll.Resize(size)
	l.body.Resize(fyne.NewSize(size.Width, max(l.height(), size.Height)))
	l.showVisible(true)
}

func (r *rowListRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 60) }

func (r *rowListRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.list.scroll}
}

func (r *rowListRenderer) Refresh() {
	l := r.list
	if TextScale() != l.scale {
		l.probe = nil
		r.Layout(l.Size())
	} else {
		l.showVisible(true)
	}
	canvas.Refresh(l)
}

var (
	_ fyne.Focusable    = (*RowList)(nil)
	_ fyne.Tappable     = (*rowFrame)(nil)
	_ desktop.Hoverable = (*rowFrame)(nil)
)
