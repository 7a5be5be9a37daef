// Package spreadsheet writes and reads tables as the files that spreadsheet programs
// have: CSV and XLSX (ECMA-376). It is the same for the program and for the service.
//
// XLSX is written and read here rather than by a library: both go row by row, so that
// neither a long table nor a hostile file takes more memory than a row, the texts that
// its cells share, and what is named at the limits.
//
// Start reading at NewWriter; what is read begins at Open.
package spreadsheet

import (
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Format is a kind of file; it is also how the names of its files end.
type Format string

// Formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Cell is what stands in a row's column: a text, a number, a day or a time.
type Cell struct {
	kind kind
	text string // of a text, or a number as both formats write it
	at   time.Time
}

type kind byte

const (
	aText kind = iota
	aNumber
	aDay
	aTime
)

// Text is a cell that is a text whatever it looks like.
func Text(s string) Cell { return Cell{text: s} }

// Number is a cell that can be added up.
func Number(n int64) Cell { return Cell{kind: aNumber, text: strconv.FormatInt(n, 10)} }

// Decimal is a number as it is written with a point, such as 2.5; a text where spreadsheet
// programs would show another one: with more digits than they keep, or zeros before.
func Decimal(s string) Cell {
	digits := len(strings.TrimLeft(strings.ReplaceAll(s, ".", ""), "-"))
	if !plainDecimal.MatchString(s) || digits > maxDigits {
		return Text(s)
	}
	return Cell{kind: aNumber, text: s}
}

var plainDecimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)([.][0-9]+)?$`)

// maxDigits is how many digits of a number spreadsheet programs keep.
const maxDigits = 15

// Day is the day of a time, where the time is; the zero time is an empty cell.
func Day(t time.Time) Cell { return moment(aDay, t) }

// Time is a day and a time of day, as clocks where the time is show it; the zero time is
// an empty cell.
func Time(t time.Time) Cell { return moment(aTime, t) }

func moment(kind kind, t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{kind: kind, at: t}
}

// Texts are cells that are texts.
func Texts(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, s := range texts {
		cells[i] = Text(s)
	}
	return cells
}

// String is the cell as CSV has it, but for quotation marks.
func (c Cell) String() string {
	switch c.kind {
	case aDay:
		return c.at.Format(time.DateOnly)
	case aTime:
		return c.at.Format(time.DateTime)
	case aNumber:
		return c.text
	default:
		return harmless(c.text)
	}
}

// harmless makes a text of what a spreadsheet program would take for a formula: whoever
// chose a username, say, chooses no formula for whoever opens the table.
func harmless(text string) string {
	if looksLikeFormula(text) {
		return "'" + text
	}
	return text
}

// Plain is a text that was read from CSV without what keeps it from being a formula.
func Plain(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && looksLikeFormula(rest) {
		return rest
	}
	return text
}

func looksLikeFormula(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}

// Look is how a table looks in a spreadsheet program.
type Look struct {
	Title       string // of the sheet; XLSX only
	RightToLeft bool   // the first column stands at the right; XLSX only
	Separator   rune   // between the cells; CSV only
}

// Writer writes a table row by row; the first row is the heading.
type Writer interface {
	Row(cells ...Cell) error
	// Close ends the table, and nothing else.
	Close() error
}

// NewWriter begins a table that is written to w.
func NewWriter(w io.Writer, format Format, look Look) (Writer, error) {
	if format == XLSX {
		return newXLSXWriter(w, look)
	}
	return newCSVWriter(w, look.Separator)
}
