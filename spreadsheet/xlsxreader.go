package spreadsheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// limits of a workbook. What a file of few bytes becomes when it is unpacked is counted as
// it is read, whatever the file says of it.
type limits struct {
	file     int64 // bytes
	unpacked int64 // bytes of all parts together, as often as they are read
	parts    int
	shared   int // bytes of the texts that cells share
	texts    int // their number
	merges   int
	cells    int
}

var workbookLimits = limits{
	file: 64 << 20, unpacked: 512 << 20, parts: 10_000, shared: 64 << 20, texts: 2_000_000, merges: 10_000, cells: 20_000_000,
}

const (
	maxToken = 1 << 20 // bytes of a text, or of an element with its attributes
	maxDepth = 32      // elements inside each other
)

// xlsxSource reads the first visible sheet of a workbook as Excel and LibreOffice write it
// (ECMA-376, also its strict form): texts that are shared or stand in their cells, days and
// times by the format of their cell (from 1900 or 1904), numbers as they are typed rather
// than with exponents, formulas by the value that was saved with them. What is merged over
// several rows stands in each of them.
type xlsxSource struct {
	book   *workbook
	sheet  string
	others []string
	d      *xmlReader
	part   io.Closer
	row    int
	cells  int
	merges []merge       // that begin further down, in their order
	open   map[int]*fill // by column: merges that go on
	within bool          // the rows
}

// merge is cells of a column that look like one.
type merge struct{ column, first, last int }

type fill struct {
	last int
	text string
}

// workbook is what the sheets of a file share.
type workbook struct {
	limits   limits
	parts    map[string]*zip.File // by their names in small letters
	left     int64                // bytes that may be unpacked still
	shared   []string
	formats  []numberFormat // by style of a cell
	from1904 bool
	sheets   []sheetRef
}

type sheetRef struct{ name, part string }

func openXLSX(ctx context.Context, in io.Reader, most limits) (source, error) {
	data, err := io.ReadAll(io.LimitReader(in, most.file+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > most.file:
		return nil, wrongFile(CodeTooLarge, "the file is larger than %d MB: divide it", most.file>>20)
	}
	if bytes.Count(data, []byte("PK\x01\x02")) > most.parts { // before memory is taken for each
		return nil, errTooLarge
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged(err)
	}
	b := &workbook{limits: most, parts: map[string]*zip.File{}, left: most.unpacked}
	for _, f := range z.File {
		name := partName("/", f.Name)
		if _, ok := b.parts[name]; !ok {
			b.parts[name] = f
		}
	}
	s, err := b.begin(ctx)
	if err != nil {
		return nil, damaged(err)
	}
	return s, nil
}

// damaged says of an error of a file that it is one; limits and contexts have their own.
func damaged(err error) error {
	if wrong, ok := errors.AsType[*Wrong](err); ok {
		return wrong
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return wrongFile(CodeNoTable, "the file is no workbook that can be read (%v): save it as .xlsx again, or as CSV UTF-8", err)
}

// partName is how a part is found that another one refers to.
func partName(from, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = path.Join(path.Dir(from), target)
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+target), "/"))
}

// begin reads what sheets share, and goes to the rows of the first one.
func (b *workbook) begin(ctx context.Context) (*xlsxSource, error) {
	main := "xl/workbook.xml"
	root, err := b.relations("")
	if err != nil {
		return nil, err
	}
	for _, r := range root {
		if r.is("officeDocument") {
			main = r.target
		}
	}
	related, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	if err := b.readBook(main, related); err != nil {
		return nil, err
	}
	for _, r := range related {
		switch {
		case r.is("sharedStrings"):
			err = b.readShared(ctx, r.target)
		case r.is("styles"):
			err = b.readStyles(r.target)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(b.sheets) == 0 {
		return nil, errors.New("it has no sheet to see")
	}
	s := &xlsxSource{book: b, sheet: b.sheets[0].name, open: map[int]*fill{}}
	if _, s.merges, err = b.scan(ctx, b.sheets[0].part); err != nil {
		return nil, err
	}
	for _, other := range b.sheets[1:] {
		filled, _, err := b.scan(ctx, other.part)
		if err != nil {
			return nil, err
		}
		if filled {
			s.others = append(s.others, other.name)
		}
	}
	s.d, s.part, err = b.open(b.sheets[0].part)
	return s, err
}

// relation says where a part is that another one needs.
type relation struct{ id, kind, target string }

func (r relation) is(kind string) bool { return strings.HasSuffix(r.kind, "/"+kind) }

// relations are those of a part, or of the whole file; there may be none.
func (b *workbook) relations(of string) (all []relation, err error) {
	dir, name := path.Split(of)
	part := dir + "_rels/" + name + ".rels"
	if b.parts[part] == nil {
		return nil, nil
	}
	err = b.each(part, func(_ *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attribute(e, "TargetMode") != "External" {
			all = append(all, relation{attribute(e, "Id"), attribute(e, "Type"), partName("/"+of, attribute(e, "Target"))})
		}
		return nil
	})
	return all, err
}

func (b *workbook) readBook(part string, related []relation) error {
	return b.each(part, func(_ *xmlReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.from1904 = isTrue(attribute(e, "date1904"))
		case "sheet":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			i := slices.IndexFunc(related, func(r relation) bool { return r.id == id && r.is("worksheet") })
			if state := attribute(e, "state"); i >= 0 && state != "hidden" && state != "veryHidden" {
				b.sheets = append(b.sheets, sheetRef{attribute(e, "name"), related[i].target})
			}
		}
		return nil
	})
}

func (b *workbook) readShared(ctx context.Context, part string) error {
	size := 0
	return b.each(part, func(d *xmlReader, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := d.text(false)
		if err != nil {
			return err
		}
		if size += len(text); size > b.limits.shared || len(b.shared) == b.limits.texts {
			return errTooLarge
		}
		b.shared = append(b.shared, text)
		return ctx.Err()
	})
}

func (b *workbook) readStyles(part string) error {
	codes := map[int]string{}
	within := false
	return b.each(part, func(d *xmlReader, e xml.StartElement) error {
		number := func(name string) int {
			n, _ := strconv.Atoi(attribute(e, name))
			return n
		}
		switch e.Name.Local {
		case "numFmt":
			codes[number("numFmtId")] = attribute(e, "formatCode")
		case "cellXfs":
			within = true
		case "cellStyles", "dxfs":
			within = false
		case "xf":
			if within {
				id := number("numFmtId")
				b.formats = append(b.formats, formatOf(id, codes[id]))
			}
		}
		return nil
	})
}

// each reads a part, and gives the beginning of each element; do may read on to its end.
func (b *workbook) each(part string, do func(*xmlReader, xml.StartElement) error) error {
	d, file, err := b.open(part)
	if err != nil {
		return err
	}
	defer file.Close()
	for {
		token, err := d.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := do(d, e); err != nil {
				return fmt.Errorf("%s: %w", part, err)
			}
		}
	}
}

func (b *workbook) open(part string) (*xmlReader, io.Closer, error) {
	f := b.parts[part]
	if f == nil {
		return nil, nil, fmt.Errorf("it has no %s", part)
	}
	file, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	in := &unpacked{r: bufio.NewReaderSize(file, 32<<10), left: &b.left}
	return &xmlReader{Decoder: xml.NewDecoder(in), in: in}, file, nil
}

// scan looks through a sheet without reading it: whether there is anything in its cells,
// and what is merged over several rows, which stands behind them.
func (b *workbook) scan(ctx context.Context, part string) (filled bool, merges []merge, err error) {
	d, file, err := b.open(part)
	if err != nil {
		return false, nil, err
	}
	defer file.Close()
	tags := bufio.NewScanner(d.in)
	tags.Buffer(make([]byte, 32<<10), maxToken)
	tags.Split(func(data []byte, end bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, '>'); i >= 0 {
			return i + 1, data[:i], nil
		}
		if end {
			return len(data), nil, nil
		}
		return 0, nil, nil
	})
	for n := 0; tags.Scan(); n++ {
		text := tags.Bytes()
		tag := text[bytes.LastIndexByte(text, '<')+1:]
		name, rest := tag, []byte(nil)
		if i := bytes.IndexAny(tag, " \t\r\n"); i >= 0 {
			name, rest = tag[:i], tag[i:]
		}
		if i := bytes.IndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
		switch string(name) {
		case "v", "is":
			filled = true
		case "mergeCell":
			m, ok := readMerge(rest)
			if !ok {
				continue
			}
			if len(merges) == b.limits.merges {
				return false, nil, errTooLarge
			}
			merges = append(merges, m)
		}
		if n%1000 == 0 && ctx.Err() != nil {
			return false, nil, ctx.Err()
		}
	}
	if errors.Is(tags.Err(), bufio.ErrTooLong) {
		return false, nil, errTooLarge
	}
	slices.SortStableFunc(merges, func(a, b merge) int { return a.first - b.first })
	return filled, merges, tags.Err()
}

// readMerge reads the attributes of a mergeCell; ok if it spans rows.
func readMerge(attributes []byte) (m merge, ok bool) {
	_, after, found := strings.Cut(string(attributes), "ref=")
	if !found || len(after) < 2 {
		return m, false
	}
	ref, _, _ := strings.Cut(after[1:], after[:1])
	from, to, _ := strings.Cut(ref, ":")
	column, first, ok1 := cellAt(from)
	_, last, ok2 := cellAt(to)
	return merge{column, first, last}, ok1 && ok2 && last > first
}

func (s *xlsxSource) about() (string, []string) { return s.sheet, s.others }

func (s *xlsxSource) next(ctx context.Context) (row, error) {
	for {
		token, err := s.d.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return row{}, s.stop(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "sheetData":
				s.within = true
			case "row":
				if s.within {
					r, err := s.readRow(e)
					if err != nil {
						return row{}, s.stop(err)
					}
					return r, nil
				}
			}
		case xml.EndElement:
			if e.Name.Local == "sheetData" || e.Name.Local == "worksheet" {
				if err := s.part.Close(); err != nil {
					return row{}, damaged(err)
				}
				return row{}, io.EOF
			}
		}
	}
}

func (s *xlsxSource) stop(err error) error {
	if e := s.part.Close(); e != nil {
		err = errors.Join(err, e)
	}
	return damaged(err)
}

func (s *xlsxSource) readRow(e xml.StartElement) (row, error) {
	s.row++
	if at := attribute(e, "r"); at != "" {
		n, err := strconv.Atoi(at)
		if err != nil || n < s.row {
			return row{}, errors.New("its rows are not in their order")
		}
		s.row = n
	}
	r := row{number: s.row}
	for column := 0; ; column++ {
		token, err := s.d.next()
		if err != nil {
			return r, err
		}
		switch e := token.(type) {
		case xml.EndElement:
			s.fillMerged(&r)
			return r, nil
		case xml.StartElement:
			if e.Name.Local != "c" {
				if err := s.d.skip(); err != nil {
					return r, err
				}
				column--
				continue
			}
			if at := attribute(e, "r"); at != "" {
				c, n, ok := cellAt(at)
				if !ok || n != s.row {
					return r, errors.New("its cells are not in their rows")
				}
				column = c
			}
			if err := s.readCell(&r, column, e); err != nil {
				return r, err
			}
		default:
			column--
		}
	}
}

func (s *xlsxSource) readCell(r *row, column int, e xml.StartElement) error {
	if s.cells++; s.cells > s.book.limits.cells {
		return errTooLarge
	}
	text, wrong, err := s.value(e)
	switch {
	case err != nil:
		return err
	case wrong != nil:
		if wrong.Column = columnName(column); r.wrong == nil {
			r.wrong = wrong
		}
		return nil
	case text == "": // often there only for its look
		return nil
	case column >= maxColumns:
		if r.wrong == nil {
			r.wrong = &Wrong{Column: columnName(column), Code: CodeTooManyCells, Text: fmt.Sprintf("it has more than %d fields", maxColumns)}
		}
		return nil
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, "")
	}
	r.cells[column] = text
	return nil
}

// fillMerged puts what is merged over several rows into each of them. A row that has
// nothing else is none.
func (s *xlsxSource) fillMerged(r *row) {
	for ; len(s.merges) > 0 && s.merges[0].first <= r.number; s.merges = s.merges[1:] {
		if m := s.merges[0]; m.first == r.number && m.column < len(r.cells) && r.cells[m.column] != "" {
			s.open[m.column] = &fill{m.last, r.cells[m.column]}
		}
	}
	if !slices.ContainsFunc(r.cells, func(text string) bool { return text != "" }) {
		return
	}
	for column, f := range s.open {
		if r.number > f.last {
			delete(s.open, column)
			continue
		}
		for len(r.cells) <= column {
			r.cells = append(r.cells, "")
		}
		if r.cells[column] == "" {
			r.cells[column] = f.text
		}
	}
}

// value reads a cell to its end.
func (s *xlsxSource) value(e xml.StartElement) (text string, wrong *Wrong, err error) {
	formula, has := false, false
	for {
		token, err := s.d.next()
		if err != nil {
			return "", nil, err
		}
		switch child := token.(type) {
		case xml.EndElement:
			if formula && !has {
				return "", &Wrong{Code: CodeNoValue, Text: "a formula without its value: open the file in a spreadsheet program and save it"}, nil
			}
			return s.valueOf(attribute(e, "t"), attribute(e, "s"), text)
		case xml.StartElement:
			switch child.Name.Local {
			case "v", "is":
				has = true
				text, err = s.d.text(child.Name.Local == "v")
			case "f":
				formula = true
				err = s.d.skip()
			default:
				err = s.d.skip()
			}
			if err != nil {
				return "", nil, err
			}
		}
	}
}

// valueOf is what a cell shows, by its kind and its style.
func (s *xlsxSource) valueOf(kind, style, text string) (string, *Wrong, error) {
	switch kind {
	case "s":
		if text == "" {
			return "", nil, nil
		}
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= len(s.book.shared) {
			return "", nil, errors.New("it lacks texts of its cells")
		}
		return s.book.shared[i], nil, nil
	case "str", "inlineStr":
		return text, nil, nil
	case "e":
		return "", &Wrong{Code: CodeNoValue, Text: "a formula with an error"}, nil
	case "b":
		if isTrue(text) {
			return "TRUE", nil, nil
		}
		return "FALSE", nil, nil
	case "d":
		return isoMoment(text), nil, nil
	}
	if text == "" {
		return "", nil, nil
	}
	var f numberFormat
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(s.book.formats) {
		f = s.book.formats[i]
	}
	shown, ok := f.show(text, s.book.from1904)
	if !ok {
		return "", &Wrong{Code: CodeNoValue, Text: "no number"}, nil
	}
	return shown, nil, nil
}

// cellAt reads a place such as B7; columns begin at 0 and rows at 1.
func cellAt(place string) (column, row int, ok bool) {
	i := 0
	for ; i < len(place) && i < 4; i++ {
		c := place[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	row, err := strconv.Atoi(place[i:])
	return column - 1, row, err == nil && i > 0 && row > 0
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func isTrue(text string) bool { return text == "1" || text == "true" }
