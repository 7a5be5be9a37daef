package spreadsheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// csvWriter writes CSV that Excel opens rightly: in UTF-8 with its mark.
type csvWriter struct{ csv *csv.Writer }

// mark is by what Excel knows UTF-8.
const mark = "\ufeff"

func newCSVWriter(w io.Writer, separator rune) (*csvWriter, error) {
	if _, err := io.WriteString(w, mark); err != nil {
		return nil, err
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = separator, true
	return &csvWriter{c}, nil
}

func (w *csvWriter) Row(cells ...Cell) error {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = c.String()
		if c.kind == aNumber && w.csv.Comma == ';' {
			// Where commas do not part the cells they part numbers.
			texts[i] = strings.Replace(texts[i], ".", ",", 1)
		}
	}
	return w.csv.Write(texts)
}

func (w *csvWriter) Close() error {
	w.csv.Flush()
	return w.csv.Error()
}
