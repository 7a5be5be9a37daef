package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Order is how a column is sorted.
type Order int

// The three orders.
const (
	Unsorted Order = iota
	Ascending
	Descending
)

// TableHead is the line above a table with the names of its columns. It takes no
// place where the rows have two lines. A column that can be sorted by is clicked,
// or reached with Tab and the arrow keys.
type TableHead struct {
	widget.BaseWidget
	columns []ColumnWidth
	heads   []*columnHead
	line    fyne.CanvasObject
	marks   bool
}

// NewTableHead returns the line; sort is called with the column that was clicked.
func NewTableHead(id ID, columns []ColumnWidth, names []string, sort func(column int)) *TableHead {
	h := &TableHead{columns: columns, line: Divider()}
	for i, name := range names {
		c := &columnHead{ID: id + ID("."+name), head: h, column: i, sort: sort}
		c.ExtendBaseWidget(c)
		h.heads = append(h.heads, c)
	}
	h.ExtendBaseWidget(h)
	return h
}

// Set gives a column its words and its order, and says whether it can be sorted by.
func (h *TableHead) Set(column int, text string, order Order, sortable bool) {
	c := h.heads[column]
	if c.text != text || c.order != order || c.Disabled() == sortable {
		c.text, c.order = text, order
		if sortable {
			c.Enable()
		} else {
			c.Disable()
		}
		c.Refresh()
	}
}

// WithMarks leaves the place before the names that a list of rows to mark has.
func (h *TableHead) WithMarks() *TableHead {
	h.marks = true
	return h
}

// inner is where the columns begin, and the width that they share.
func (h *TableHead) inner(width float32) (left, inner float32) {
	left = rowPadSide
	if h.marks {
		left += markIndent()
	}
	return left, width - left - rowPadSide
}

func (h *TableHead) rowHeight() float32 {
	return fyne.MeasureText("Mg", theme.Size(SizeSmall), fyne.TextStyle{Bold: true}).Height + 2*Gap8
}

// HeightFor is one line, or nothing where the columns do not fit.
func (h *TableHead) HeightFor(width float32) float32 {
	if _, inner := h.inner(width); !columnsFit(h.columns, inner) {
		return 0
	}
	return h.rowHeight() + 1
}

// Natural is one line.
func (h *TableHead) Natural() fyne.Size { return fyne.NewSize(minTextWidth, h.rowHeight()+1) }

// CreateRenderer is Fyne's way to ask how the line is drawn.
func (h *TableHead) CreateRenderer() fyne.WidgetRenderer { return &tableHeadRenderer{head: h} }

type tableHeadRenderer struct {
	head    *TableHead
	objects []fyne.CanvasObject
}

func (r *tableHeadRenderer) Destroy() {}

func (r *tableHeadRenderer) MinSize() fyne.Size { return fyne.NewSize(minTextWidth, 0) }

func (r *tableHeadRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *tableHeadRenderer) Layout(size fyne.Size) {
	h := r.head
	r.objects = nil
	if h.HeightFor(size.Width) == 0 {
		return
	}
	x, inner := h.inner(size.Width)
	for i, w := range columnWidths(h.columns, inner) {
		c := h.heads[i]
		Put(c, fyne.NewPos(x-Gap4, 0), fyne.NewSize(w+columnGap/2, h.rowHeight()), size.Width)
		r.objects = append(r.objects, c)
		x += w + columnGap
	}
	Put(h.line, fyne.NewPos(0, h.rowHeight()), fyne.NewSize(size.Width, 1), size.Width)
	r.objects = append(r.objects, h.line)
}

func (r *tableHeadRenderer) Refresh() {
	r.Layout(r.head.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

// columnHead is the name of a column, with the arrow of its order.
type columnHead struct {
	widget.DisableableWidget
	ID
	head             *TableHead
	column           int
	text             string
	order            Order
	focused, hovered bool
	sort             func(column int)
}

// Tapped sorts by the column.
func (c *columnHead) Tapped(*fyne.PointEvent) {
	if !c.Disabled() {
		c.sort(c.column)
	}
}

func (c *columnHead) FocusGained() { c.focused = true; c.Refresh() }
func (c *columnHead) FocusLost()   { c.focused = false; c.Refresh() }

func (c *columnHead) TypedRune(rune) {}

// TypedKey hears Enter and Space, and walks along the columns.
func (c *columnHead) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.Tapped(nil)
	case fyne.KeyLeft, fyne.KeyRight:
		c.walk(forward(key.Name))
	default:
		forwardKey(c, key)
	}
}

func (c *columnHead) walk(step int) {
	for i := c.column + step; i >= 0 && i < len(c.head.heads); i += step {
		if next := c.head.heads[i]; !next.Disabled() {
			Focus(next)
			return
		}
	}
}

func (c *columnHead) MouseIn(*desktop.MouseEvent)    { c.hovered = true; c.Refresh() }
func (c *columnHead) MouseMoved(*desktop.MouseEvent) {}
func (c *columnHead) MouseOut()                      { c.hovered = false; c.Refresh() }

// Cursor is a hand where one can sort.
func (c *columnHead) Cursor() desktop.Cursor {
	if c.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

func (c *columnHead) CreateRenderer() fyne.WidgetRenderer {
	r := &columnHeadRenderer{head: c, over: canvas.NewRectangle(nil), text: canvas.NewText("", nil), left: canvas.NewLine(nil), right: canvas.NewLine(nil)}
	r.Refresh()
	return r
}

type columnHeadRenderer struct {
	head        *columnHead
	over        *canvas.Rectangle
	text        *canvas.Text
	left, right *canvas.Line // the arrow
}

func (r *columnHeadRenderer) Destroy() {}

func (r *columnHeadRenderer) MinSize() fyne.Size { return fyne.NewSize(minTextWidth, 12) }

func (r *columnHeadRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.over, r.text, r.left, r.right}
}

func (r *columnHeadRenderer) Layout(size fyne.Size) {
	Put(r.over, fyne.NewPos(0, 3), size.SubtractWidthHeight(0, 6), size.Width)
	half := 3.5 * TextScale()
	r.text.Text = shorten(r.head.text, r.text.TextSize, r.text.TextStyle, size.Width-2*Gap4-4*half)
	m := r.text.MinSize()
	Put(r.text, fyne.NewPos(Gap4, (size.Height-m.Height)/2), m, size.Width)
	x, y, tip := fromLeft(Gap4+m.Width+Gap4+half, 0, size.Width), size.Height/2-half/2, size.Height/2+half/2
	if r.head.order == Ascending {
		y, tip = tip, y
	}
	draw(r.left, fyne.NewPos(x-half, y), fyne.NewPos(x, tip))
	draw(r.right, fyne.NewPos(x, tip), fyne.NewPos(x+half, y))
}

func (r *columnHeadRenderer) Refresh() {
	c := r.head
	r.over.FillColor, r.over.StrokeWidth, r.over.CornerRadius = theme.Color(colorTransparent), 0, 5
	if c.hovered && !c.Disabled() {
		r.over.FillColor = theme.Color(theme.ColorNameHover)
	}
	if c.focused {
		r.over.StrokeColor, r.over.StrokeWidth = theme.Color(ColorPrimary), 2
	}
	r.text.TextSize, r.text.TextStyle, r.text.Color = theme.Size(SizeSmall), fyne.TextStyle{Bold: true}, theme.Color(ColorMuted)
	for _, l := range []*canvas.Line{r.left, r.right} {
		l.StrokeColor, l.StrokeWidth, l.Hidden = theme.Color(ColorMuted), 1.6, c.order == Unsorted
	}
	r.Layout(c.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

var _ fyne.Focusable = (*columnHead)(nil)
