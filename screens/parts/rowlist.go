package parts

import (
	"slices"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
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

func (l *RowList) frame() *rowFrame {
	if n := len(l.spare); n > 0 {
		frame := l.spare[n-1]
		l.spare = l.spare[:n-1]
		return frame
	}
	frame := &rowFrame{list: l, content: l.create()}
	frame.ExtendBaseWidget(frame)
	return frame
}

// CreateRenderer is Fyne's way to ask how the list is drawn.
func (l *RowList) CreateRenderer() fyne.WidgetRenderer { return &rowListRenderer{list: l} }

// FocusGained shows where the keyboard is.
func (l *RowList) FocusGained() {
	l.focused = true
	l.showVisible(true)
}

// FocusLost stops showing it.
func (l *RowList) FocusLost() {
	l.focused = false
	l.showVisible(true)
}

// TypedRune does nothing: the search field is there for that.
func (l *RowList) TypedRune(rune) {}

// TypedKey moves the choice, or opens the chosen row.
func (l *RowList) TypedKey(key *fyne.KeyEvent) {
	page := 1
	if n := len(l.shown); n > 2 {
		page = n - 2
	}
	switch key.Name {
	case fyne.KeyUp:
		l.move(-1, 1)
	case fyne.KeyDown:
		l.move(+1, 1)
	case fyne.KeyPageUp:
		l.move(-1, page)
	case fyne.KeyPageDown:
		l.move(+1, page)
	case fyne.KeyHome:
		l.move(-1, l.length)
	case fyne.KeyEnd:
		l.move(+1, l.length)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if l.chosen >= 0 && l.OnOpened != nil {
			l.OnOpened(l.chosen)
		}
	default:
		forwardKey(l, key)
	}
}

// move goes steps rows up or down, over headings, and stays at the ends.
func (l *RowList) move(direction, steps int) {
	at := l.chosen
	if at < 0 && direction < 0 {
		at = l.length
	}
	found := l.chosen
	for range steps {
		at += direction
		for at >= 0 && at < l.length && l.isHeading(at) {
			at += direction
		}
		if at < 0 || at >= l.length {
			break
		}
		found = at
	}
	if found != l.chosen {
		l.Choose(found)
		if l.OnChosen != nil {
			l.OnChosen(found)
		}
	}
}

func (l *RowList) tapped(row int) {
	if row >= l.length || l.isHeading(row) {
		return
	}
	Focus(l)
	if row != l.chosen {
		l.Choose(row)
		if l.OnChosen != nil {
			l.OnChosen(row)
		}
	}
	if l.OnOpened != nil {
		l.OnOpened(row)
	}
}

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

// rowFrame is what surrounds the content of one row.
type rowFrame struct {
	widget.BaseWidget
	ID
	list    *RowList
	row     int
	content fyne.CanvasObject
	hovered bool
}

// Tapped chooses and opens the row.
func (f *rowFrame) Tapped(*fyne.PointEvent) { f.list.tapped(f.row) }

// MouseIn lights the row up.
func (f *rowFrame) MouseIn(*desktop.MouseEvent) { f.hovered = true; f.Refresh() }

// MouseMoved is not needed.
func (f *rowFrame) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends it.
func (f *rowFrame) MouseOut() { f.hovered = false; f.Refresh() }

func (f *rowFrame) CreateRenderer() fyne.WidgetRenderer {
	r := &rowFrameRenderer{frame: f, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type rowFrameRenderer struct {
	frame      *rowFrame
	back, line *canvas.Rectangle
}

func (r *rowFrameRenderer) Destroy() {}

func (r *rowFrameRenderer) Layout(size fyne.Size) {
	inset := float32(0)
	if r.back.StrokeWidth > 0 {
		inset = 2
	}
	r.back.Move(fyne.NewPos(inset, inset))
	r.back.Resize(fyne.NewSize(size.Width-2*inset, size.Height-1-2*inset))
	r.line.Move(fyne.NewPos(0, size.Height-1))
	r.line.Resize(fyne.NewSize(size.Width, 1))
	inner := size.Width - 2*rowPadSide
	r.frame.content.Move(fyne.NewPos(rowPadSide, rowPadTop))
	r.frame.content.Resize(fyne.NewSize(inner, HeightFor(r.frame.content, inner)))
}

func (r *rowFrameRenderer) MinSize() fyne.Size {
	return r.frame.content.MinSize().AddWidthHeight(2*rowPadSide, 2*rowPadTop+1)
}

func (r *rowFrameRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.line, r.frame.content}
}

func (r *rowFrameRenderer) Refresh() {
	f := r.frame
	fill := colorTransparent
	heading := f.list.isHeading(f.row)
	switch {
	case f.row == f.list.chosen:
		fill = ColorTint
	case f.hovered && !heading:
		fill = theme.ColorNameHover
	}
	r.back.FillColor = theme.Color(fill)
	r.back.StrokeWidth, r.back.CornerRadius = 0, 0
	if f.list.focused && (f.row == f.list.chosen || f.list.chosen < 0 && f.row == f.list.first()) {
		r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = theme.Color(ColorPrimary), 2, 5
	}
	r.line.FillColor = theme.Color(ColorHairline)
	r.back.Refresh()
	r.line.Refresh()
	r.Layout(f.Size())
	f.content.Refresh()
}

// first is the first row that can be chosen, -1 if there is none.
func (l *RowList) first() int {
	rows := make([]int, l.length)
	for i := range rows {
		rows[i] = i
	}
	return slices.IndexFunc(rows, func(i int) bool { return !l.isHeading(i) })
}

var (
	_ fyne.Focusable    = (*RowList)(nil)
	_ fyne.Tappable     = (*rowFrame)(nil)
	_ desktop.Hoverable = (*rowFrame)(nil)
)
