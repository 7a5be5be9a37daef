package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// RowList is a list whose rows are as high as their wrapped text needs, with
// hairlines between them. Only the rows in view exist, and only they are
// filled and measured: the list may be as long as it likes. The list takes the
// focus as a whole: the arrow keys, Home, End and the page keys choose a row,
// Enter or Space opens it; a click does both. Headings among the rows are
// passed over. Where rows can be marked, for something to be done with all of
// them, they have boxes to tick: Space ticks one, Shift with a key all up to
// where it leads, Ctrl+A all.
type RowList struct {
	widget.BaseWidget
	ID

	// OnChosen is called when the person chooses another row.
	OnChosen func(row int)
	// OnOpened is called when the person clicks a row or presses Enter on it.
	OnOpened func(row int)
	// OnEntered is called after OnOpened where it was a key: it may lead on.
	OnEntered func(row int)
	// OnMarked is called when the person marks rows, up to until, or takes their
	// marks away; nil where rows cannot be marked. Marked tells which are.
	OnMarked func(from, until int, marked bool)
	Marked   func(row int) bool
	// RowID names a row.
	RowID func(row int) ID
	// Heading says which rows cannot be chosen.
	Heading func(row int) bool

	create func() fyne.CanvasObject
	update func(row int, o fyne.CanvasObject)

	length  int
	chosen  int
	focused bool
	shift   bool // is held down
	anchor  int  // where marking with Shift began; -1 when it did not
	touched bool // by the person, who has seen how far it is scrolled

	width   float32
	scale   float32
	heights rowHeights
	scroll  *container.Scroll
	body    *fyne.Container
	shown   map[int]*rowFrame
	spare   []*rowFrame
}

// rowPadSide and rowPadTop are the distances of a row's content from its edges.
const (
	rowPadSide float32 = 18
	rowPadTop  float32 = 12
)

// NewRowList returns an empty list; create makes what stands in a row, update
// fills it.
func NewRowList(id ID, create func() fyne.CanvasObject, update func(row int, o fyne.CanvasObject)) *RowList {
	l := &RowList{ID: id, create: create, update: update, chosen: -1, anchor: -1, shown: map[int]*rowFrame{}}
	l.body = arranged(&rowListLayout{list: l})
	l.scroll = container.NewVScroll(l.body)
	l.scroll.OnScrolled = func(fyne.Position) {
		l.touched = true
		l.show(false, -1)
	}
	l.heights.setLength(0)
	l.heights.reset(rowEstimate)
	l.ExtendBaseWidget(l)
	return l
}

// SetLength says that the list has changed, and how long it is now. A chosen
// row beyond the end is forgotten.
func (l *RowList) SetLength(n int) {
	l.setLength(n)
	if l.chosen >= n {
		l.chosen = -1
	}
	l.show(true, -1)
}

func (l *RowList) setLength(n int) {
	l.length = n
	l.heights.setLength(n)
}

// Set is SetLength and Choose at once.
func (l *RowList) Set(n, chosen int) {
	l.setLength(n)
	l.Choose(chosen)
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
	l.show(true, row)
}

// Scrolled tells how far the list is scrolled down, and how high it is.
func (l *RowList) Scrolled() (y, height float32) {
	return l.scroll.Offset.Y, float32(l.heights.top(l.length))
}

func (l *RowList) isHeading(row int) bool {
	return l.Heading != nil && row < l.length && l.Heading(row)
}

// CreateRenderer is Fyne's way to ask how the list is drawn.
func (l *RowList) CreateRenderer() fyne.WidgetRenderer { return &rowListRenderer{list: l} }

// rowListLayout leaves the rows to the list, which knows those in view.
type rowListLayout struct{ list *RowList }

func (r *rowListLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(minTextWidth, float32(r.list.heights.top(r.list.length)))
}

func (r *rowListLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

type rowListRenderer struct{ list *RowList }

func (r *rowListRenderer) Destroy() {}

func (r *rowListRenderer) Layout(size fyne.Size) {
	l := r.list
	if size.Width != l.width || TextScale() != l.scale {
		first := l.heights.at(l.scroll.Offset.Y)
		l.width, l.scale = size.Width, TextScale()
		l.heights.reset(int(rowEstimate * l.scale))
		l.scroll.Offset.Y = float32(l.heights.top(min(first, l.length)))
	}
	l.scroll.Resize(size)
	row := -1
	if !l.touched {
		l.scroll.Offset.Y, row = 0, l.chosen
	}
	l.show(true, row)
}

func (r *rowListRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 60) }

func (r *rowListRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.list.scroll}
}

// Refresh draws everything again: the theme may be another.
func (r *rowListRenderer) Refresh() {
	l := r.list
	for _, frame := range l.shown {
		frame.content.Refresh()
	}
	for _, frame := range l.spare {
		frame.content.Refresh()
	}
	if TextScale() != l.scale {
		r.Layout(l.Size())
	} else {
		l.show(true, -1)
	}
	for _, frame := range l.shown {
		frame.Refresh()
	}
	canvas.Refresh(l)
}

var (
	_ fyne.Focusable    = (*RowList)(nil)
	_ fyne.Shortcutable = (*RowList)(nil)
	_ desktop.Keyable   = (*RowList)(nil)
	_ fyne.Tappable     = (*rowFrame)(nil)
	_ desktop.Hoverable = (*rowFrame)(nil)
	_ desktop.Mouseable = (*rowFrame)(nil)
)
