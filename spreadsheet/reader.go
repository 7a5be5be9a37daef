package spreadsheet

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a file that is read.
const (
	maxRows    = 2_000_000
	maxColumns = 1_000
)

// Code is the kind of what is wrong with a file or a row.
type Code string

// Codes of files.
const (
	CodeEmpty         Code = "empty"
	CodeEncoding      Code = "encoding"
	CodeUnknownColumn Code = "unknown-column"
	CodeColumnTwice   Code = "column-twice"
	CodeColumnMissing Code = "column-missing"
	CodeNoTable       Code = "no-table" // none that can be read
	CodeTooLarge      Code = "too-large"
)

// Codes of rows.
const (
	CodeTooLong      Code = "too-long"
	CodeLostLetter   Code = "lost-letter"
	CodeQuotes       Code = "quotes"
	CodeTooManyCells Code = "too-many-cells"
	CodeNoValue      Code = "no-value" // a formula without one, or with an error
)

// Wrong is what is wrong with a file, or with one of its rows.
type Wrong struct {
	Row    int    // as a spreadsheet program numbers it; 0 for the file
	Column string // its name in the header, or its letters; empty where the row as a whole is meant
	Code   Code
	Text   string // in English, without what stands in the row
}

func (w *Wrong) Error() string {
	if w.Row == 0 {
		return w.Text
	}
	return fmt.Sprintf("row %d: %s", w.Row, w.Why())
}

// Why is the error without its row.
func (w *Wrong) Why() string {
	if w.Column == "" {
		return w.Text
	}
	return w.Column + ": " + w.Text
}

func wrongFile(code Code, format string, args ...any) *Wrong {
	return &Wrong{Code: code, Text: fmt.Sprintf(format, args...)}
}

// Record is a row by the names of its columns. Spaces around a field are taken away.
type Record struct {
	Row    int               // as a spreadsheet program numbers it, or the line of CSV; the first is 1
	Fields map[string]string // by column; those that are not there are empty
	Wrong  *Wrong            // not nil: there are no fields
}

// Columns are those that a table may have, by their names in small letters.
type Columns struct {
	Known, Needed []string
}

func (c Columns) names() string { return strings.Join(c.Known, ", ") }

// Reader reads a table whose first row names the columns, in any order.
type Reader struct {
	source  source
	columns []string
	width   int // cells that a row may have: the columns, and empty ones behind them
	row     int
}

// source gives the rows of a file as they stand in it, also those without anything.
type source interface {
	// next gives the next row, or io.EOF. Any other error ends the table.
	next(context.Context) (row, error)
	about() (sheet string, others []string)
}

// row is a row of a file, or what is wrong with it.
type row struct {
	number int
	cells  []string
	wrong  *Wrong
}

// Open reads the heading of a table: CSV (see csvSource for what it may be like), or XLSX,
// which is known by its first bytes and is read into memory.
//
// Errors: *Wrong, whose Text says what to do; and those of r and of the context.
func Open(ctx context.Context, r io.Reader, columns Columns) (*Reader, error) {
	in := bufio.NewReaderSize(r, maxLine)
	source, err := openSource(ctx, in)
	if err != nil {
		return nil, err
	}
	t := &Reader{source: source}
	if err := t.header(ctx, columns); err != nil {
		return nil, err
	}
	return t, nil
}

func openSource(ctx context.Context, in *bufio.Reader) (source, error) {
	switch begin, _ := in.Peek(8); {
	case isWorkbook(begin):
		return openXLSX(ctx, in, workbookLimits)
	case isOldWorkbook(begin):
		return nil, wrongFile(CodeNoTable, "the file is an old .xls, or has a password: save it as .xlsx without one")
	default:
		return newCSVSource(in), nil
	}
}

// isWorkbook tells whether a file begins as XLSX does, which is a ZIP file.
func isWorkbook(begin []byte) bool { return bytes.HasPrefix(begin, []byte("PK\x03\x04")) }

// isOldWorkbook tells whether a file begins as .xls does, and a workbook with a password
// ([MS-CFB]).
func isOldWorkbook(begin []byte) bool {
	return bytes.HasPrefix(begin, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// Columns are the names of the columns that there are, in their order.
func (t *Reader) Columns() []string { return slices.Clone(t.columns) }

// Sheet is the sheet of a workbook that is read, its first visible one, and the names of
// the other visible ones that have something in them; empty for CSV.
func (t *Reader) Sheet() (name string, others []string) { return t.source.about() }

// Row is the number of the row that was read last; first that of the header.
func (t *Reader) Row() int { return t.row }

func (t *Reader) header(ctx context.Context, columns Columns) error {
	r, err := t.next(ctx)
	switch {
	case errors.Is(err, io.EOF):
		return wrongFile(CodeEmpty, "the file is empty")
	case err != nil:
		return err
	case r.wrong != nil:
		return wrongFile(r.wrong.Code, "the header: %s", r.wrong.Text)
	}
	t.width = len(r.cells)
	names := make([]string, len(r.cells))
	for i, name := range r.cells {
		names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	t.columns = names
	for i, name := range names {
		switch {
		case !slices.Contains(columns.Known, name):
			w := wrongFile(CodeUnknownColumn, "column %d is none of %s", i+1, columns.names())
			w.Column = columnName(i)
			return w
		case slices.Contains(names[:i], name):
			return wrongFile(CodeColumnTwice, "the column %s stands twice", name)
		}
	}
	for _, name := range columns.Needed {
		if !slices.Contains(names, name) {
			w := wrongFile(CodeColumnMissing, "the column %s is missing; the first line names the columns: %s", name, columns.names())
			w.Column = name
			return w
		}
	}
	return nil
}

// Next gives the next row that is neither empty nor the heading once more, or io.EOF. Any
// other error ends the table.
func (t *Reader) Next(ctx context.Context) (Record, error) {
	r, err := t.next(ctx)
	for err == nil && t.repeatsHeader(r) {
		r, err = t.next(ctx)
	}
	if err != nil {
		return Record{}, err
	}
	out := Record{Row: r.number, Wrong: r.wrong}
	if out.Wrong == nil {
		out.Wrong = t.fit(r)
	}
	if out.Wrong != nil {
		out.Wrong.Row = r.number
		return out, nil
	}
	out.Fields = make(map[string]string, len(t.columns))
	for i, name := range t.columns[:min(len(t.columns), len(r.cells))] {
		out.Fields[name] = strings.TrimSpace(r.cells[i])
	}
	return out, nil
}

// repeatsHeader tells whether a row is the heading again: one that is merged over several
// rows stands in each of them.
func (t *Reader) repeatsHeader(r row) bool {
	if r.wrong != nil || len(r.cells) < len(t.columns) {
		return false
	}
	for i, cell := range r.cells {
		name := ""
		if i < len(t.columns) {
			name = t.columns[i]
		}
		if strings.ToLower(strings.TrimSpace(cell)) != name {
			return false
		}
	}
	return true
}

// next skips rows without anything.
func (t *Reader) next(ctx context.Context) (row, error) {
	for {
		if err := ctx.Err(); err != nil {
			return row{}, err
		}
		r, err := t.source.next(ctx)
		if err != nil {
			return row{}, err
		}
		t.row = r.number
		if r.number > maxRows {
			return row{}, wrongFile(CodeTooLarge, "the file has more than %d rows: divide it", maxRows)
		}
		if r.wrong != nil || slices.ContainsFunc(r.cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			return r, nil
		}
	}
}

// fit judges the cells of a row. Those that are missing at its end are empty: spreadsheet
// programs leave separators out where nothing follows them.
func (t *Reader) fit(r row) *Wrong {
	n := len(t.columns)
	if len(r.cells) > t.width || len(r.cells) > n && strings.Join(r.cells[n:], "") != "" {
		return &Wrong{Code: CodeTooManyCells, Text: fmt.Sprintf("it has %d fields, the header %d", len(r.cells), n)}
	}
	for i, s := range r.cells[:min(n, len(r.cells))] {
		if strings.ContainsRune(s, utf8.RuneError) {
			return &Wrong{Column: t.columns[i], Code: CodeLostLetter, Text: "a letter was lost when the file was saved, and is U+FFFD now"}
		}
	}
	return nil
}
