package kit

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// Column is one thing that a table shows of each row. Where there is room each
// has its place under its name; else the first is the row's title, the one with
// a tag stands at its end, and the others are in a line below.
type Column[T any] struct {
	ID, Label string
	parts.ColumnWidth
	// Text is what stands there; empty text is left out of the line.
	Text func(row *T) string
	// Line stands in place of Text in the line below the first column, where no heading says
	// what it is; nil for Text.
	Line func(row *T) string
	// Tag shows a state in place of Text, at most in one column.
	Tag func(row *T, tag *parts.Tag)
	// Compare sorts by the column, in memory; nil where that makes no sense.
	Compare func(a, b *T) int
	// Sorts: the service sorts by the column, see BrowserEvents.Sort.
	Sorts bool
}

// table are the columns of a browser, and by which of them it is sorted.
type table[T any] struct {
	columns []Column[T]
	widths  []parts.ColumnWidth
	tagged  int
	head    *parts.TableHead
	by      int // the column that it is sorted by, -1 for the list's own order
	order   parts.Order
	service bool // sorts, and not the program
}

func newTable[T any](area string, columns []Column[T], service bool, changed func()) *table[T] {
	t := &table[T]{columns: columns, service: service, by: -1}
	t.tagged = slices.IndexFunc(columns, func(c Column[T]) bool { return c.Tag != nil })
	var names []string
	for _, c := range columns {
		t.widths, names = append(t.widths, c.ColumnWidth), append(names, c.ID)
	}
	t.head = parts.NewTableHead(parts.ID(area+".column"), t.widths, names, func(column int) {
		t.sortBy(column)
		changed()
	})
	return t
}

// sortBy sorts by a column, the other way round when it is already, and the third
// time not any more.
func (t *table[T]) sortBy(column int) {
	switch {
	case t.by != column:
		t.by, t.order = column, parts.Ascending
	case t.order == parts.Ascending:
		t.order = parts.Descending
	default:
		t.by, t.order = -1, parts.Unsorted
	}
}

// chosen is the column that is sorted by, empty for none.
func (t *table[T]) chosen() (column string, order parts.Order) {
	if t.by < 0 {
		return "", parts.Unsorted
	}
	return t.columns[t.by].ID, t.order
}

// sorted gives the rows in the order that was chosen. Of a list that goes on at
// the service only the order in which that gives it is the right one.
func (t *table[T]) sorted(rows []T, goesOn bool) []T {
	if goesOn && !t.service {
		t.by, t.order = -1, parts.Unsorted
	}
	for i, c := range t.columns {
		order := parts.Unsorted
		if i == t.by {
			order = t.order
		}
		t.head.Set(i, c.Label, order, t.service && c.Sorts || !t.service && c.Compare != nil && !goesOn)
	}
	if t.by < 0 || t.service {
		return rows
	}
	compare, sign := t.columns[t.by].Compare, 1
	if t.order == parts.Descending {
		sign = -1
	}
	places := make([]int, len(rows))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int {
		return cmp.Or(sign*compare(&rows[a], &rows[b]), a-b) // those alike stay in their order
	})
	sorted := make([]T, len(rows))
	for i, place := range places {
		sorted[i] = rows[place]
	}
	return sorted
}

func (t *table[T]) create() fyne.CanvasObject { return parts.NewTableRow(t.widths, t.tagged) }

func (t *table[T]) fill(row *T, o fyne.CanvasObject) {
	r := o.(*parts.TableRow)
	cells := make([]string, len(t.columns))
	var line []string
	for i, c := range t.columns {
		if c.Tag != nil {
			c.Tag(row, r.Tag())
			continue
		}
		cells[i] = c.Text(row)
		inLine := cells[i]
		if c.Line != nil {
			inLine = c.Line(row)
		}
		if i > 0 && inLine != "" {
			line = append(line, inLine)
		}
	}
	r.Set(cells, strings.Join(line, " · "))
}
