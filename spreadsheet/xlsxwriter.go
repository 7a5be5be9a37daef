package spreadsheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// What Excel takes.
const (
	maxSheetRows = 1_048_576
	maxCellText  = 32_767 // UTF-16 units
	maxTitle     = 31
)

const (
	measured            = 200 // rows by which the widths of columns are chosen
	narrowest, broadest = 8, 60
)

// xlsxWriter writes a workbook row by row: what it keeps are the rows by which the
// columns get their widths. A table that is longer than a sheet may be goes on in another
// one, with the same heading.
type xlsxWriter struct {
	zip    *zip.Writer
	look   Look
	limit  int // rows of a sheet
	part   *bufio.Writer
	sheets int
	row    int // of the sheet that was written last
	// first are the rows before their sheet is begun; the first of them is the heading.
	first   [][]Cell
	heading []Cell
	cols    string // XML of the widths
}

func newXLSXWriter(w io.Writer, look Look) (*xlsxWriter, error) {
	return &xlsxWriter{zip: zip.NewWriter(w), look: look, limit: maxSheetRows}, nil
}

func (w *xlsxWriter) Row(cells ...Cell) error {
	if w.part == nil {
		if w.first = append(w.first, append([]Cell(nil), cells...)); len(w.first) < measured {
			return nil
		}
		return w.begin()
	}
	if w.row == w.limit {
		if err := w.endSheet(); err != nil {
			return err
		}
		if err := w.beginSheet(); err != nil {
			return err
		}
	}
	w.write(cells)
	return nil // bufio keeps an error for Flush
}

// begin writes what was kept, now that the widths are known.
func (w *xlsxWriter) begin() error {
	if len(w.first) > 0 {
		w.heading = w.first[0]
	}
	w.cols = columnWidths(w.first)
	if err := w.beginSheet(); err != nil {
		return err
	}
	for i, cells := range w.first {
		if i > 0 {
			w.write(cells)
		}
	}
	w.first = nil
	return nil
}

func (w *xlsxWriter) beginSheet() error {
	w.sheets++
	part, err := w.zip.Create(sheetPart(w.sheets))
	if err != nil {
		return err
	}
	w.part, w.row = bufio.NewWriterSize(part, 64<<10), 0
	attributes := ""
	if w.look.RightToLeft {
		attributes = ` rightToLeft="1"`
	}
	_, err = fmt.Fprintf(w.part, xml.Header+`<worksheet xmlns="%s"><sheetViews><sheetView%s workbookViewId="0">`+
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>%s<sheetData>`,
		mainNamespace, attributes, w.cols)
	if w.heading != nil {
		w.write(w.heading)
	}
	return err
}

func (w *xlsxWriter) endSheet() error {
	if _, err := w.part.WriteString("</sheetData></worksheet>"); err != nil {
		return err
	}
	return w.part.Flush()
}

// Styles of cells, by their place in styles.xml.
const (
	styleHeading = 1
	styleDay     = 2
	styleTime    = 3
	styleFormula = 4 // a text that would be a formula if somebody edited it
)

func (w *xlsxWriter) write(cells []Cell) {
	w.row++
	p, style := w.part, 0
	p.WriteString(`<row r="`)
	p.WriteString(strconv.Itoa(w.row))
	p.WriteString(`">`)
	for i, c := range cells {
		if style = 0; w.row == 1 {
			style = styleHeading
		}
		serial, ok := 0.0, c.kind == aDay || c.kind == aTime
		if ok {
			serial, ok = serialOf(c)
			if !ok {
				c = Text(c.String())
			}
		}
		switch {
		case ok && c.kind == aDay:
			w.value(i, styleDay, strconv.FormatFloat(serial, 'f', -1, 64))
		case ok:
			w.value(i, styleTime, strconv.FormatFloat(serial, 'f', -1, 64))
		case c.kind == aNumber:
			w.value(i, style, c.text)
		case c.text != "":
			if looksLikeFormula(c.text) {
				style = styleFormula
			}
			w.open(i, style)
			p.WriteString(` t="inlineStr"><is><t xml:space="preserve">`)
			writeText(p, c.text)
			p.WriteString(`</t></is></c>`)
		}
	}
	p.WriteString(`</row>`)
}

func (w *xlsxWriter) value(column, style int, text string) {
	w.open(column, style)
	w.part.WriteString(`><v>`)
	w.part.WriteString(text)
	w.part.WriteString(`</v></c>`)
}

func (w *xlsxWriter) open(column, style int) {
	w.part.WriteString(`<c r="`)
	w.part.WriteString(columnName(column))
	w.part.WriteString(strconv.Itoa(w.row))
	if style != 0 {
		w.part.WriteString(`" s="`)
		w.part.WriteString(strconv.Itoa(style))
	}
	w.part.WriteByte('"')
}

// Close writes what all sheets share.
func (w *xlsxWriter) Close() error {
	if w.part == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	if err := w.endSheet(); err != nil {
		return err
	}
	var types, sheets, related strings.Builder
	for n := 1; n <= w.sheets; n++ {
		fmt.Fprintf(&types, `<Override PartName="/%s" ContentType="%s.worksheet+xml"/>`, sheetPart(n), contentType)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%[2]d"/>`, escaped(w.title(n)), n)
		fmt.Fprintf(&related, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%[1]d.xml"/>`, n, relationNamespace)
	}
	for _, part := range []struct{ name, text string }{
		{"xl/styles.xml", styles},
		{"xl/workbook.xml", fmt.Sprintf(`<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>`, mainNamespace, relationNamespace, &sheets)},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(`<Relationships xmlns="%s">%s<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`,
			packageNamespace+"relationships", &related, w.sheets+1, relationNamespace)},
		{"_rels/.rels", fmt.Sprintf(`<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			packageNamespace+"relationships", relationNamespace)},
		{"[Content_Types].xml", fmt.Sprintf(`<Types xmlns="%s"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
			`<Override PartName="/xl/workbook.xml" ContentType="%s.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="%[2]s.styles+xml"/>%s</Types>`,
			packageNamespace+"content-types", contentType, &types)},
	} {
		f, err := w.zip.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, xml.Header+part.text); err != nil {
			return err
		}
	}
	return w.zip.Close()
}

// title is the name of a sheet, which Excel takes in part only.
func (w *xlsxWriter) title(sheet int) string {
	number := ""
	if sheet > 1 {
		number = " " + strconv.Itoa(sheet)
	}
	title := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < ' ' {
			return ' '
		}
		return r
	}, w.look.Title)
	title = strings.TrimSpace(cutUTF16(title, maxTitle-len(number)))
	if title == "" {
		title = "1"
	}
	return title + number
}

func sheetPart(n int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", n) }

const (
	mainNamespace     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageNamespace  = "http://schemas.openxmlformats.org/package/2006/"
	contentType       = "application/vnd.openxmlformats-officedocument.spreadsheetml"
)

// styles are those of the constants above, in their order. Days and times look the same
// whatever the computer is set to, as in CSV.
const styles = `<styleSheet xmlns="` + mainNamespace + `">` +
	`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="5">` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>` +
	`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// columnName is A, B, ..., Z, AA, ... of 0, 1, ...
func columnName(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// serialOf is a time as spreadsheets count it, in days; not of those before March 1900,
// on which programs differ.
func serialOf(c Cell) (float64, bool) {
	year, month, day := c.at.Date()
	hour, minute, second := c.at.Clock()
	days := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Sub(dayZero).Hours() / 24
	if c.kind == aTime {
		days += float64(hour*3600+minute*60+second) / 86400
	}
	return days, days > 60 && year < 10000
}

// dayZero is day 0 for all days from March 1900 on: Excel counts a day too many in
// February 1900.
var dayZero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

func columnWidths(rows [][]Cell) string {
	var widths []float64
	for _, cells := range rows {
		for i, c := range cells {
			if i == len(widths) {
				widths = append(widths, narrowest)
			}
			widths[i] = max(widths[i], min(displayWidth(c.String())+2, broadest))
		}
	}
	if len(widths) == 0 {
		return ""
	}
	var b strings.Builder
	for i, w := range widths {
		fmt.Fprintf(&b, `<col min="%d" max="%[1]d" width="%g" customWidth="1"/>`, i+1, w)
	}
	return "<cols>" + b.String() + "</cols>"
}

// displayWidth is how many digits a text is wide, roughly; of several lines that of the
// longest.
func displayWidth(text string) (widest float64) {
	for line := range strings.Lines(text) {
		w := 0.0
		for _, r := range line {
			switch width.LookupRune(r).Kind() {
			case width.EastAsianWide, width.EastAsianFullwidth:
				w += 2
			default:
				w++
			}
		}
		widest = math.Max(widest, w)
	}
	return widest
}

// writeText writes a text as XML that Excel reads back as it was: what XML cannot have is
// _xHHHH_ (ECMA-376, 22.9.2.19), and so is the beginning of what looks like that.
func writeText(w *bufio.Writer, text string) {
	text = cutUTF16(text, maxCellText)
	for i, r := range text {
		switch {
		case r == '&':
			w.WriteString("&amp;")
		case r == '<':
			w.WriteString("&lt;")
		case r == '>':
			w.WriteString("&gt;")
		case r == '\n' || r == '\t':
			w.WriteRune(r)
		case r < ' ' || r == 0xfffe || r == 0xffff:
			fmt.Fprintf(w, "_x%04X_", r)
		case r == '_' && isEscape(text[i:]):
			w.WriteString("_x005F_")
		default: // utf8.RuneError of what is no UTF-8 too
			w.WriteRune(r)
		}
	}
}

// isEscape tells whether a text begins like _x000D_.
func isEscape(text string) bool {
	if len(text) < 7 || text[0] != '_' || text[1] != 'x' && text[1] != 'X' || text[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(text[2:6], 16, 16)
	return err == nil
}

func escaped(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err) // a Builder takes everything
	}
	return b.String()
}

// cutUTF16 cuts a text to a number of UTF-16 units, which ends with "…" then.
func cutUTF16(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	n, end := 0, 0
	for i, r := range text {
		size := max(utf16.RuneLen(r), 1)
		if n+size <= limit-1 {
			end = i + utf8.RuneLen(r)
			if r == utf8.RuneError {
				_, w := utf8.DecodeRuneInString(text[i:])
				end = i + w
			}
		}
		if n += size; n > limit {
			return text[:end] + "…"
		}
	}
	return text
}
