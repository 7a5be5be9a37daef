package parts

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// pickList is the open list of a picker: a window of a few rows on the results.
type pickList struct {
	widget.BaseWidget

	picker  *Picker
	items   []Item
	query   string
	chosen  int
	first   int
	rows    []*pickRow
	pressed bool // the mouse button is down on a row
}

func newPickList(p *Picker) *pickList {
	l := &pickList{picker: p}
	l.setRows(pickerRows)
	l.ExtendBaseWidget(l)
	return l
}

// setRows sets how many rows are seen at once; before the list is first shown.
func (l *pickList) setRows(n int) {
	l.rows = nil
	for i := range n {
		r := &pickRow{list: l, name: NewText().WithOverflow(Ellipsis), detail: Muted("").WithOverflow(Ellipsis)}
		r.ID = l.picker.ID + ID(".row"+strconv.Itoa(i))
		r.ExtendBaseWidget(r)
		l.rows = append(l.rows, r)
	}
}

func (l *pickList) set(items []Item, query string) {
	l.items, l.query, l.first, l.chosen = items, query, 0, 0
	l.Refresh()
}

func (l *pickList) current() (Item, bool) {
	if l.chosen < 0 || l.chosen >= len(l.items) {
		return Item{}, false
	}
	return l.items[l.chosen], true
}

func (l *pickList) chooseID(id string) {
	for i, item := range l.items {
		if item.ID == id {
			l.chosen = i
			l.reveal()
		}
	}
}

func (l *pickList) move(step int) {
	l.chosen = max(0, min(l.chosen+step, len(l.items)-1))
	l.reveal()
}

func (l *pickList) reveal() {
	l.first = min(l.first, l.chosen)
	l.first = max(l.first, l.chosen-len(l.rows)+1, 0)
	l.Refresh()
}

// scroll moves the window on the results.
func (l *pickList) scroll(e *fyne.ScrollEvent) {
	step := 1
	if e.Scrolled.DY > 0 {
		step = -1
	}
	l.first = max(0, min(l.first+step, len(l.items)-len(l.rows)))
	l.Refresh()
}

func (l *pickList) shown() int { return min(max(len(l.items), 1), len(l.rows)) }

func (l *pickList) rowHeight() float32 {
	return fyne.MeasureText("Mg", theme.Size(SizeBody), fyne.TextStyle{}).Height + 14
}

func (l *pickList) CreateRenderer() fyne.WidgetRenderer {
	r := &pickListRenderer{list: l, box: NewBox(ColorSurface, ColorHairline, 6), bar: NewBox(ColorFieldBorder, "", 2)}
	r.Refresh()
	return r
}

type pickListRenderer struct {
	list *pickList
	box  *Box
	bar  *Box
}

func (r *pickListRenderer) Destroy() {}

func (r *pickListRenderer) MinSize() fyne.Size {
	return fyne.NewSize(60, float32(r.list.shown())*r.list.rowHeight()+2)
}

func (r *pickListRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.box}
	for _, row := range r.list.rows {
		o = append(o, row)
	}
	return append(o, r.bar)
}

func (r *pickListRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	h := r.list.rowHeight()
	for i, row := range r.list.rows {
		row.Move(fyne.NewPos(1, 1+float32(i)*h))
		row.Resize(fyne.NewSize(size.Width-2, h))
	}
	if n, seen := float32(len(r.list.items)), float32(len(r.list.rows)); n > seen {
		track := size.Height - 8
		length := max(track*seen/n, 16)
		y := (track - length) * float32(r.list.first) / (n - seen)
		r.bar.Move(fyne.NewPos(size.Width-7, 4+y))
		r.bar.Resize(fyne.NewSize(3, length))
	}
}

func (r *pickListRenderer) Refresh() {
	l := r.list
	for i, row := range l.rows {
		at := l.first + i
		switch {
		case at < len(l.items):
			row.show(l.items[at], l.query, at == l.chosen)
		case i == 0:
			row.showEmpty(l.picker.empty)
		default:
			row.Hide()
		}
	}
	r.bar.Hidden = len(l.items) <= len(l.rows)
	r.Layout(l.Size())
	r.box.Refresh()
	canvas.Refresh(l)
}

// pickRow is one line of the list.
type pickRow struct {
	widget.BaseWidget
	ID

	list         *pickList
	item         Item
	real         bool
	chosen       bool
	name, detail *Text
}

func (r *pickRow) show(i Item, query string, chosen bool) {
	r.item, r.real, r.chosen = i, true, chosen
	r.name.replace(highlight(i.Text, query))
	r.detail.replace([]Span{{Text: i.Detail, Color: ColorMuted}})
	r.Show()
	r.Refresh()
}

func (r *pickRow) showEmpty(words string) {
	r.real, r.chosen = false, false
	r.name.replace([]Span{{Text: words, Color: ColorMuted}})
	r.detail.replace(nil)
	r.Show()
	r.Refresh()
}

// Tapped picks the row.
func (r *pickRow) Tapped(*fyne.PointEvent) {
	if !r.real {
		return
	}
	p := r.list.picker
	Focus(p.entry)
	p.pick(r.item)
}

// Scrolled moves the list. The rows hear the wheel, not the list: Fyne clips
// what can be scrolled, and would clip the list's outline.
func (r *pickRow) Scrolled(e *fyne.ScrollEvent) { r.list.scroll(e) }

func (r *pickRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseDown comes before Fyne takes the focus from the input, and Tapped after
// it: in between the list must stay.
func (r *pickRow) MouseDown(*desktop.MouseEvent) { r.list.pressed = true }

// MouseUp ends a press.
func (r *pickRow) MouseUp(*desktop.MouseEvent) { r.list.pressed = false }

func (r *pickRow) MouseIn(*desktop.MouseEvent) {
	if r.real {
		r.list.chosen = r.index()
		r.list.Refresh()
	}
}

func (r *pickRow) index() int {
	for i, row := range r.list.rows {
		if row == r {
			return r.list.first + i
		}
	}
	return 0
}

func (r *pickRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends a press that went elsewhere.
func (r *pickRow) MouseOut() {
	if r.list.pressed {
		r.list.pressed = false
		r.list.picker.left()
	}
}

func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	out := &pickRowRenderer{row: r, box: canvas.NewRectangle(nil)}
	out.Refresh()
	return out
}

type pickRowRenderer struct {
	row *pickRow
	box *canvas.Rectangle
}

func (r *pickRowRenderer) Destroy() {}

func (r *pickRowRenderer) MinSize() fyne.Size { return fyne.NewSize(40, r.row.list.rowHeight()) }

func (r *pickRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.row.name, r.row.detail}
}

// Layout gives the second column what the name leaves, but a third at least.
func (r *pickRowRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	inner := size.Width - 2*Gap12
	h := r.row.name.lineHeight()
	y := (size.Height - h) / 2
	detail := float32(0)
	if r.row.item.Detail != "" && r.row.real {
		wish := r.row.detail.Natural().Width
		left := inner - r.row.name.Natural().Width - Gap16
		detail = min(wish, max(left, inner/3))
	}
	r.row.name.Move(fyne.NewPos(Gap12, y))
	name := inner
	if detail > 0 {
		name -= detail + Gap16
	}
	r.row.name.Resize(fyne.NewSize(max(name, 1), h))
	r.row.detail.Move(fyne.NewPos(Gap12+inner-detail, y))
	r.row.detail.Resize(fyne.NewSize(detail, h))
	r.row.detail.Hidden = detail == 0
}

func (r *pickRowRenderer) Refresh() {
	r.box.FillColor = theme.Color(colorTransparent)
	r.box.CornerRadius = 5
	if r.row.chosen {
		r.box.FillColor = theme.Color(ColorTint)
	}
	r.Layout(r.row.Size())
	r.box.Refresh()
}
