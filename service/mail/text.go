package mail

import (
	"strings"
	"unicode/utf8"
)

// plainText is the text part: readable in any program, links on lines of their own.
func (d *document) plainText() string {
	var b strings.Builder
	for _, f := range d.body {
		switch f.kind {
		case paragraph, warning, said:
			b.WriteString(f.text + "\n\n")
		case button:
			b.WriteString(f.text + "\n" + f.value + "\n\n")
		case code:
			b.WriteString("    " + f.value + "\n\n")
		case facts:
			width := 0
			for _, row := range f.rows {
				width = max(width, utf8.RuneCountInString(row[0]))
			}
			for _, row := range f.rows {
				pad := strings.Repeat(" ", width-utf8.RuneCountInString(row[0]))
				b.WriteString("    " + row[0] + pad + "   " + row[1] + "\n")
			}
			b.WriteString("\n")
		case qrCode:
			b.WriteString("[" + f.text + "]\n\n")
		}
	}
	if d.footer != "" {
		b.WriteString("-- \n" + d.footer + "\n")
	}
	return b.String()
}
