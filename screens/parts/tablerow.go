package parts

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// ColumnWidth is the place of a column in a table: its least width at 100 % text
// size, and its share of what is left over.
type ColumnWidth struct{ Min, Weight float32 }

const columnGap = Gap16

// columnsFit tells whether a table of a width has room for its columns; without,
// its rows have two lines.
func columnsFit(columns []ColumnWidth, width float32) bool {
	need := columnGap * float32(len(columns)-1)
	for _, c := range columns {
		need += c.Min * TextScale()
	}
	return need <= width
}

// columnWidths shares a width out among columns that fit.
func columnWidths(columns []ColumnWidth, width float32) []float32 {
	left, weight := width-columnGap*float32(len(columns)-1), float32(0)
	for _, c := range columns {
		left -= c.Min * TextScale()
		weight += c.Weight
	}
	widths := make([]float32, len(columns))
	for i, c := range columns {
		widths[i] = c.Min * TextScale()
		if weight > 0 {
			widths[i] += left * c.Weight / weight
		}
	}
	return widths
}

// TableRow is one row of a table: a cell for each column where there is room,
// else a title with the tag at its end and a line below.
type TableRow struct {
	widget.BaseWidget
	columns []ColumnWidth
	tagged  int // the column of the tag, -1 without
	cells   []*Text
	tag     *Tag
	folded  *fyne.Container
	title   *Text
	line    *Text
}

// NewTableRow returns a row without words; tagged is the column that shows a
// state as a tag, -1 for none. The first column is what the row is called.
func NewTableRow(columns []ColumnWidth, tagged int) *TableRow {
	r := &TableRow{columns: columns, tagged: tagged, title: Bold(""), line: Small(""), tag: NewTag("", Info)}
	for i := range columns {
		cell := Body("")
		if i == 0 {
			cell = Bold("")
		}
		r.cells = append(r.cells, cell)
	}
	if tagged < 0 {
		r.tag.Hide()
	}
	r.ExtendBaseWidget(r)
	r.folded = Stack(2, Ends(r.title, r.tag), r.line)
	return r
}

// Set fills the cells, in the order of the columns, and the line that stands for
// them where there is no room.
func (r *TableRow) Set(cells []string, line string) {
	for i, text := range cells {
		r.cells[i].SetText(text)
	}
	r.title.SetText(cells[0])
	r.line.SetText(line)
}

// String is what the row says.
func (r *TableRow) String() string {
	return strings.TrimSuffix(r.title.String()+", "+r.tag.Text()+", "+r.line.String(), ", ")
}

// Tag is the state that the row shows.
func (r *TableRow) Tag() *Tag { return r.tag }

// HeightFor is the height of the highest cell, or of the two lines.
func (r *TableRow) HeightFor(width float32) float32 {
	if !columnsFit(r.columns, width) {
		return HeightFor(r.folded, width)
	}
	var h float32
	for i, w := range columnWidths(r.columns, width) {
		h = max(h, HeightFor(r.cell(i), w))
	}
	return h
}

func (r *TableRow) cell(column int) fyne.CanvasObject {
	if column == r.tagged {
		return r.tag
	}
	return r.cells[column]
}

// Natural is the size of the two lines.
func (r *TableRow) Natural() fyne.Size { return Natural(r.folded) }

// relayout is for Relayout, which does not know what is in it.
func (r *TableRow) relayout() { r.layout(r.Size()) }

func (r *TableRow) layout(size fyne.Size) {
	if !columnsFit(r.columns, size.Width) {
		Relayout(r.folded)
		return
	}
	var x float32
	for i, w := range columnWidths(r.columns, size.Width) {
		o, width := r.cell(i), w
		if i == r.tagged {
			width = min(w, r.tag.Natural().Width)
		}
		h := HeightFor(o, width)
		Put(o, fyne.NewPos(x, (size.Height-h)/2), fyne.NewSize(width, h), size.Width)
		x += w + columnGap
	}
}

// CreateRenderer is Fyne's way to ask how the row is drawn.
func (r *TableRow) CreateRenderer() fyne.WidgetRenderer { return &tableRowRenderer{row: r} }

type tableRowRenderer struct {
	row     *TableRow
	objects []fyne.CanvasObject
}

func (r *tableRowRenderer) Destroy() {}

func (r *tableRowRenderer) MinSize() fyne.Size { return r.row.folded.MinSize() }

func (r *tableRowRenderer) Layout(size fyne.Size) {
	t := r.row
	r.objects = []fyne.CanvasObject{t.folded}
	if columnsFit(t.columns, size.Width) {
		r.objects = r.objects[:0]
		for i := range t.columns {
			r.objects = append(r.objects, t.cell(i))
		}
	} else {
		t.folded.Resize(size)
	}
	t.layout(size)
}

func (r *tableRowRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *tableRowRenderer) Refresh() {
	r.Layout(r.row.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}
