package parts

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"plenary/rules"
)

// pickList is the open list of a picker: a window of a few rows on the results. It lies
// on the layer of the window's Root.
type pickList struct {
	widget.BaseWidget

	picker  *Picker
	items   []Item
	message bool // the first line says that nothing fits; the items follow
	typed   []rules.SearchWord
	chosen  int // line; -1 for none
	first   int // line that is seen first
	most    int // lines of one row each that are seen at once
	rows    []*pickRow
	below   bool     // details stand below the names
	pressed bool     // the mouse button is down on a row
	room    float32  // the most height that there is for it
	wish    []Item   // what the list is made wide enough for
	measure *pickRow // never drawn

	heights map[int]float32 // of lines, at a width and a text size
	at      lineKey
}

func newPickList(p *Picker) *pickList {
	l := &pickList{picker: p, most: pickerRows}
	l.measure = l.newRow()
	l.ExtendBaseWidget(l)
	return l
}

// setRows sets how many rows are seen at once.
func (l *pickList) setRows(n int) { l.most = n }

// set replaces the items; the list is to be placed after it.
func (l *pickList) set(items []Item, query string) {
	l.items, l.typed, l.first, l.chosen, l.heights = items, rules.SearchWords(query), 0, 0, nil
	if l.message = len(l.real()) == 0; l.message {
		l.chosen = -1
	}
}

// real are the items that can be picked; those that are something to be done follow them.
func (l *pickList) real() []Item {
	n := len(l.items)
	for n > 0 && l.items[n-1].Do != nil {
		n--
	}
	return l.items[:n]
}

// only is the item that alone can be meant.
func (l *pickList) only() (Item, bool) {
	if real := l.real(); len(real) == 1 {
		return real[0], true
	}
	return Item{}, false
}

// offset is the line of the first item.
func (l *pickList) offset() int {
	if l.message {
		return 1
	}
	return 0
}

func (l *pickList) lines() int { return l.offset() + len(l.items) }

// item is what stands in a line; none does where the list says that nothing fits.
func (l *pickList) item(line int) (Item, bool) {
	if i := line - l.offset(); i >= 0 && i < len(l.items) {
		return l.items[i], true
	}
	return Item{}, false
}

func (l *pickList) current() (Item, bool) { return l.item(l.chosen) }

func (l *pickList) chooseID(id string) {
	for i, item := range l.items {
		if item.ID == id {
			l.chosen = i + l.offset()
			l.reveal()
		}
	}
}

func (l *pickList) move(step int) {
	l.chosen = max(l.offset(), min(l.chosen+step, l.lines()-1))
	l.reveal()
}

func (l *pickList) reveal() {
	if l.chosen < l.first || l.chosen == l.offset() {
		l.first = max(l.chosen-l.offset(), 0)
	}
	for l.first < l.chosen && l.chosen >= l.first+l.seen() {
		l.first++
	}
	l.again()
}

// scroll moves the window on the results.
func (l *pickList) scroll(e *fyne.ScrollEvent) {
	switch {
	case e.Scrolled.DY > 0:
		l.first = max(l.first-1, 0)
	case l.first+l.seen() < l.lines():
		l.first++
	}
	l.again()
}

// seen is how many lines are seen.
func (l *pickList) seen() int {
	n, _ := l.fill(l.Size().Width, l.room)
	return n
}

// fill is how many lines fit into a place, but one at least, and the height that they take.
func (l *pickList) fill(width, height float32) (n int, used float32) {
	used = 2 * pickListEdge
	for line := l.first; line < l.lines(); line++ {
		h := l.lineHeight(line, width)
		if n > 0 && used+h > height {
			break
		}
		n++
		used += h
	}
	return n, used
}

func (l *pickList) lineHeight(line int, width float32) float32 {
	if key := (lineKey{width, theme.Size(SizeBody)}); l.heights == nil || key != l.at {
		l.heights, l.at = make(map[int]float32), key
	}
	h, ok := l.heights[line]
	if !ok {
		l.load(l.measure, line)
		h = l.measure.heightFor(width - 2*pickListEdge)
		l.heights[line] = h
	}
	return h
}

// load has a row show a line.
func (l *pickList) load(r *pickRow, line int) {
	item, real := l.item(line)
	if !real {
		r.say(l.picker.empty)
		return
	}
	r.show(item, l.typed, line == l.chosen)
}

// tallest is the height of the list when nothing is typed.
func (l *pickList) tallest() float32 {
	n := l.most
	if !l.picker.search {
		n = min(n, max(len(l.wish), 1))
	}
	return float32(n)*rowHeight(l.below) + 2*pickListEdge
}

// row is the row with a number, counted from the top.
func (l *pickList) row(i int) *pickRow {
	for len(l.rows) <= i {
		r := l.newRow()
		r.ID = l.picker.ID + ID(".row"+strconv.Itoa(len(l.rows)))
		r.ExtendBaseWidget(r)
		l.rows = append(l.rows, r)
	}
	return l.rows[i]
}

func (l *pickList) CreateRenderer() fyne.WidgetRenderer {
	r := &pickListRenderer{list: l, box: canvas.NewRectangle(nil), bar: NewBox(ColorFieldBorder, "", 2)}
	r.Refresh()
	return r
}

type pickListRenderer struct {
	list *pickList
	box  *canvas.Rectangle
	bar  *Box
}

// pickListEdge is the outline of the list.
const pickListEdge float32 = 1

func (r *pickListRenderer) Destroy() {}

func (r *pickListRenderer) MinSize() fyne.Size { return fyne.NewSize(60, rowHeight(false)) }

func (r *pickListRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.box}
	for _, row := range r.list.rows {
		o = append(o, row)
	}
	return append(o, r.bar)
}

// Layout does nothing: place has the list drawn anew for its size.
func (r *pickListRenderer) Layout(fyne.Size) {}

func (r *pickListRenderer) Refresh() {
	l, size := r.list, r.list.Size()
	n := l.seen()
	y := pickListEdge
	for i := range n {
		row := l.row(i)
		l.load(row, l.first+i)
		h := l.lineHeight(l.first+i, size.Width)
		Put(row, fyne.NewPos(pickListEdge, y), fyne.NewSize(size.Width-2*pickListEdge, h), size.Width)
		row.Show()
		row.Refresh()
		y += h
	}
	for _, row := range l.rows[n:] {
		row.Hide()
	}
	r.box.Resize(size)
	r.box.FillColor, r.box.CornerRadius = theme.Color(ColorSurface), 6
	r.box.StrokeColor, r.box.StrokeWidth = theme.Color(ColorFieldBorder), 1
	r.box.Shadow = canvas.Shadow{Color: theme.Color(theme.ColorNameShadow), BlurRadius: 8, Offset: fyne.NewPos(0, 2)}
	r.box.Refresh()
	r.placeBar(size, n)
	canvas.Refresh(l)
}

func (r *pickListRenderer) placeBar(size fyne.Size, seen int) {
	all := r.list.lines()
	r.bar.Hidden = all <= seen
	if r.bar.Hidden {
		return
	}
	track := size.Height - 8
	length := max(track*float32(seen)/float32(all), 16)
	y := (track - length) * float32(r.list.first) / float32(all-seen)
	Put(r.bar, fyne.NewPos(size.Width-7, 4+min(y, track-length)), fyne.NewSize(3, length), size.Width)
}
