package spreadsheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// parts are those of a workbook as Excel writes it, with one sheet "People".
func parts(rows string) map[string]string {
	return map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels": `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr defaultThemeVersion="166925"/><sheets>` +
			`<sheet name="Codes" sheetId="3" state="hidden" r:id="rId3"/><sheet name="People" sheetId="1" r:id="rId1"/><sheet name="Empty" sheetId="4" r:id="rId4"/><sheet name="More" sheetId="2" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			rel(1, "worksheet", "worksheets/sheet1.xml") + rel(2, "worksheet", "worksheets/sheet2.xml") + rel(3, "worksheet", "/xl/worksheets/sheet3.xml") +
			rel(4, "worksheet", "worksheets/sheet4.xml") + rel(5, "sharedStrings", "sharedStrings.xml") + rel(6, "styles", "styles.xml") + `</Relationships>`,
		"xl/sharedStrings.xml": `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>Okafor</t></si>` +
			`<si><r><rPr><b/></rPr><t xml:space="preserve">田中 </t></r><r><t>花子</t></r><rPh sb="0" eb="2"><t>タナカ</t></rPh><phoneticPr fontId="1"/></si><si><t>a_x000D_` + "\n" + `b_x005F_x0041_</t></si></sst>`,
		// 0 General, 1 day, 2 own day and time, 3 five digits, 4 text, 5 time of day, 6 hours, 7 day in words, 8 percent
		"xl/styles.xml": `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="5"><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy\ hh:mm"/><numFmt numFmtId="165" formatCode="00000"/>` +
			`<numFmt numFmtId="166" formatCode="[h]:mm"/><numFmt numFmtId="167" formatCode="[$-409]mmmm\ d&quot;th of&quot;\ yy;@"/></numFmts>` +
			`<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="9"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="49"/><xf numFmtId="20"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="9"/></cellXfs>` +
			`<cellStyles count="1"><cellStyle name="Normal" xfId="0"/></cellStyles></styleSheet>`,
		"xl/worksheets/sheet1.xml": sheet(rows),
		"xl/worksheets/sheet2.xml": sheet(`<row r="1"><c r="A1"><v>1</v></c></row>`),
		"xl/worksheets/sheet3.xml": sheet(`<row r="1"><c r="A1"><v>1</v></c></row>`),
		"xl/worksheets/sheet4.xml": sheet(``),
	}
}

func rel(n int, kind, target string) string {
	return fmt.Sprintf(`<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`, n, kind, target)
}

func sheet(rows string, behind ...string) string {
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>` + rows + `</sheetData>` + strings.Join(behind, "") + `</worksheet>`
}

// packed makes a file of parts.
func packed(t testing.TB, parts map[string]string) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

// head is the header of users as a row of a sheet.
const head = `<row r="1"><c r="A1" t="inlineStr"><is><t>Username</t></is></c><c r="B1" t="inlineStr"><is><t>EMAIL </t></is></c><c r="C1" t="str"><v>phone</v></c></row>`

func TestXLSX_cellsAsExcelWritesThem(t *testing.T) {
	for _, c := range []struct{ name, cell, want, why string }{
		{"shared", `<c r="A2" t="s"><v>0</v></c>`, "Okafor", ""},
		{"shared, in pieces, with how it is pronounced", `<c r="A2" t="s"><v>1</v></c>`, "田中 花子", ""},
		{"shared, with escapes", `<c r="A2" t="s"><v>2</v></c>`, "a\nb_x0041_", ""},
		{"in the cell", `<c r="A2" t="inlineStr"><is> <t> x &amp; y</t> </is></c>`, "x & y", ""},
		{"without its place", `<c t="s"><v>0</v></c>`, "Okafor", ""},
		{"of a formula", `<c r="A2" t="str"><f>A1&amp;"x"</f><v>ax</v></c>`, "ax", ""},
		{"a formula's empty text", `<c r="A2" t="str"><f>""</f><v></v></c>`, "", ""},
		{"a formula's number", `<c r="A2"><f>1+1</f><v>2</v></c>`, "2", ""},
		{"a formula without a value", `<c r="A2"><f>1+1</f></c>`, "", "A: a formula without its value: open the file in a spreadsheet program and save it"},
		{"a formula with an error", `<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c>`, "", "A: a formula with an error"},
		{"yes", `<c r="A2" t="b"><v>1</v></c>`, "TRUE", ""},
		{"no", `<c r="A2" t="b"><v>0</v></c>`, "FALSE", ""},
		{"a phone number", `<c r="A2"><v>41227305111</v></c>`, "41227305111", ""},
		{"a long phone number", `<c r="A2"><v>4.1227305111E10</v></c>`, "41227305111", ""},
		{"a long number", `<c r="A2"><v>1.23456789012346E+17</v></c>`, "123456789012346000", ""},
		{"a decimal number", `<c r="A2"><v>0.10000000000000001</v></c>`, "0.1", ""},
		{"a small number", `<c r="A2"><v>1.0000000000000001E-5</v></c>`, "0.00001", ""},
		{"below zero", `<c r="A2"><v>-12.5</v></c>`, "-12.5", ""},
		{"as a text", `<c r="A2" s="4"><v>7</v></c>`, "7", ""},
		{"with zeros before it", `<c r="A2" s="3"><v>742</v></c>`, "00742", ""},
		{"percent", `<c r="A2" s="8"><v>0.25</v></c>`, "0.25", ""},
		{"of an unknown style", `<c r="A2" s="99"><v>5</v></c>`, "5", ""},
		{"no number", `<c r="A2"><v>x</v></c>`, "", "A: no number"},
		{"a day", `<c r="A2" s="1"><v>46348</v></c>`, "2026-11-22", ""},
		{"a day with a time that is not shown", `<c r="A2" s="1"><v>46348.25</v></c>`, "2026-11-22 06:00:00", ""},
		{"a day and time", `<c r="A2" s="2"><v>46348.521006944444</v></c>`, "2026-11-22 12:30:15", ""},
		{"a second before midnight", `<c r="A2" s="2"><v>46347.999988425923</v></c>`, "2026-11-21 23:59:59", ""},
		{"almost midnight", `<c r="A2" s="2"><v>46347.999999999</v></c>`, "2026-11-22", ""},
		{"a day in words", `<c r="A2" s="7"><v>46348</v></c>`, "2026-11-22", ""},
		{"the first day", `<c r="A2" s="1"><v>1</v></c>`, "1900-01-01", ""},
		{"the day that there was not", `<c r="A2" s="1"><v>60</v></c>`, "60", ""},
		{"the day after it", `<c r="A2" s="1"><v>61</v></c>`, "1900-03-01", ""},
		{"no day", `<c r="A2" s="1"><v>-1</v></c>`, "-1", ""},
		{"the last day", `<c r="A2" s="1"><v>2958465</v></c>`, "9999-12-31", ""},
		{"beyond it", `<c r="A2" s="1"><v>2958466</v></c>`, "2958466", ""},
		{"a time of day", `<c r="A2" s="5"><v>0.5</v></c>`, "12:00:00", ""},
		{"hours", `<c r="A2" s="6"><v>1.25</v></c>`, "30:00:00", ""},
		{"ISO 8601", `<c r="A2" s="1" t="d"><v>2026-11-22T00:00:00</v></c>`, "2026-11-22", ""},
		{"ISO 8601 with a time", `<c r="A2" s="1" t="d"><v>2026-11-22T12:30:15.000Z</v></c>`, "2026-11-22 12:30:15", ""},
		{"with what else a cell may have", `<c r="A2" t="s"><v>0</v><extLst><ext><v>7</v></ext></extLst></c>`, "Okafor", ""},
	} {
		rows, err := readAll(t, packed(t, parts(head+`<row r="2">`+c.cell+`<c r="B2" t="inlineStr"><is><t>a@example.org</t></is></c></row>`)))
		if err != nil || len(rows) != 1 || rows[0].Row != 2 {
			t.Errorf("%s: %+v, %v", c.name, rows, err)
			continue
		}
		if got := rows[0].Fields["username"]; got != c.want || why(rows[0]) != c.why {
			t.Errorf("%s: %q, %q; want %q, %q", c.name, got, why(rows[0]), c.want, c.why)
		}
	}
}

func TestXLSX_rowsAsExcelWritesThem(t *testing.T) {
	text := func(place, text string) string {
		return `<c r="` + place + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	in := parts(
		`<row r="1" spans="1:3"/><row r="2"><c r="A2" s="1"/></row>` + strings.NewReplacer(`r="1"`, `r="3"`, "1\"", "3\"").Replace(head) +
			`<row r="4">` + text("A4", "one") + text("C4", "Geneva") + `<c r="XFD4" s="1"/></row>` +
			`<row r="6" hidden="1">` + text("A6", "two") + `<c r="C6" s="1"/></row>` +
			`<row r="7"><c r="C7" s="1"/></row>` +
			`<row r="9">` + text("A9", "three") + text("B9", "three@example.org") + text("C9", "own") + `</row>` +
			`<row>` + text("A10", "four") + `</row>` +
			`<row r="11">` + text("A11", "five") + text("D11", "too much") + `</row>` +
			`<row r="12">` + text("A12", "six") + text("ALM12", "far away") + `</row>`)
	in["xl/worksheets/sheet1.xml"] = strings.Replace(in["xl/worksheets/sheet1.xml"], "</worksheet>",
		`<mergeCells count="3"><mergeCell ref="C4:C10"/><mergeCell ref="A20:B20"/><mergeCell ref="B4:B4"/></mergeCells></worksheet>`, 1)
	table, err := Open(t.Context(), packed(t, in), users)
	if err != nil {
		t.Fatal(err)
	}
	if name, others := table.Sheet(); name != "People" || !reflect.DeepEqual(others, []string{"More"}) || table.Row() != 3 {
		t.Errorf("sheet %q, others %q, header %d", name, others, table.Row())
	}
	var got []string
	for {
		r, err := table.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d %s %s %s%s", r.Row, r.Fields["username"], r.Fields["email"], r.Fields["phone"], why(r)))
	}
	want := []string{
		"4 one  Geneva", "6 two  Geneva", "9 three three@example.org own", "10 four  Geneva",
		"11   it has 4 fields, the header 3", "12   ALM: it has more than 1000 fields",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestXLSX_otherWriters(t *testing.T) {
	row := `<row r="2"><c r="A2" s="1"><v>44886</v></c><c r="B2" t="s"><v>0</v></c></row>`
	for name, change := range map[string]func(map[string]string){
		"from 1904": func(p map[string]string) {
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<workbookPr", `<workbookPr date1904="1"`, 1)
		},
		"strict": func(p map[string]string) {
			for name, text := range p {
				text = strings.ReplaceAll(text, "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
				p[name] = strings.ReplaceAll(text, "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
			}
			p["xl/worksheets/sheet1.xml"] = strings.Replace(p["xl/worksheets/sheet1.xml"], `<c r="A2" s="1"><v>44886</v>`, `<c r="A2" t="d"><v>2026-11-22</v>`, 1)
		},
		"with prefixes, as .NET writes them": func(p map[string]string) {
			text := strings.NewReplacer("</", "</x:", "<", "<x:").Replace(p["xl/worksheets/sheet1.xml"])
			p["xl/worksheets/sheet1.xml"] = strings.Replace(strings.ReplaceAll(text, "46348", "46348"), "xmlns=", "xmlns:x=", 1)
			p["xl/worksheets/sheet1.xml"] = strings.Replace(p["xl/worksheets/sheet1.xml"], "44886", "46348", 1)
		},
		"names in capitals, and the other stroke": func(p map[string]string) {
			for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"} {
				p[strings.ReplaceAll(strings.ToUpper(name), "/", `\`)] = strings.Replace(p[name], "44886", "46348", 1)
				delete(p, name)
			}
		},
	} {
		p := parts(head + row)
		change(p)
		rows, err := readAll(t, packed(t, p))
		if err != nil || len(rows) != 1 || rows[0].Fields["username"] != "2026-11-22" || rows[0].Fields["email"] != "Okafor" {
			t.Errorf("%s: %+v, %v", name, rows, err)
		}
	}
}

func TestXLSX_hostileFilesEnd(t *testing.T) {
	const page = "xl/worksheets/sheet1.xml"
	with := func(name, text string) io.Reader {
		p := parts(head)
		p[name] = text
		return packed(t, p)
	}
	without := func(name string) io.Reader {
		p := parts(head)
		delete(p, name)
		return packed(t, p)
	}
	begin, _, _ := strings.Cut(sheet("|"), "|")
	for name, c := range map[string]struct {
		file io.Reader
		code Code
	}{
		"no ZIP file":           {strings.NewReader("PK\x03\x04 and nothing else"), CodeNoTable},
		"an old one":            {strings.NewReader("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 100)), CodeNoTable},
		"an .odt":               {packed(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text"}), CodeNoTable},
		"no sheet":              {without(page), CodeNoTable},
		"all hidden":            {with("xl/workbook.xml", `<workbook><sheets/></workbook>`), CodeNoTable},
		"no rows":               {with(page, `<worksheet/>`), CodeEmpty},
		"cut off":               {with(page, strings.TrimSuffix(sheet(head), "</sheetData></worksheet>")), CodeNoTable},
		"rows in any order":     {with(page, sheet(head+`<row r="1"/>`)), CodeNoTable},
		"cells of other rows":   {with(page, sheet(head+`<row r="2"><c r="A7"><v>1</v></c></row>`)), CodeNoTable},
		"no such text":          {with(page, sheet(head+`<row r="2"><c r="A2" t="s"><v>3</v></c></row>`)), CodeNoTable},
		"more rows than any":    {with(page, sheet(head+`<row r="2000001"><c><v>3</v></c></row>`)), CodeTooLarge},
		"a document type":       {with("xl/sharedStrings.xml", `<!DOCTYPE sst [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`), CodeNoTable},
		"an entity":             {with("xl/sharedStrings.xml", `<sst><si><t>&a;</t></si></sst>`), CodeNoTable},
		"deep":                  {with("xl/sharedStrings.xml", strings.Repeat("<a>", 100)), CodeTooLarge},
		"a long text":           {with(page, sheet(head+`<row r="2"><c r="A2" t="inlineStr"><is><t>`+strings.Repeat("x", maxToken)+`</t></is></c></row>`)), CodeTooLarge},
		"a text without tags":   {with(page, begin+strings.Repeat("x", maxToken)), CodeTooLarge},
		"many attributes":       {with(page, `<worksheet`+strings.Repeat(` a=""`, maxToken/5)+`/>`), CodeTooLarge},
		"many pieces of a text": {with(page, sheet(head+`<row r="2"><c t="inlineStr"><is>`+strings.Repeat("<r><t>"+strings.Repeat("x", maxToken/10)+"</t></r>", 11)+`</is></c></row>`)), CodeTooLarge},
	} {
		_, err := readAll(t, c.file)
		if wrong, ok := errors.AsType[*Wrong](err); !ok || wrong.Code != c.code || wrong.Row != 0 || wrong.Text == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is read of a workbook has limits, whatever it has become from.
func TestXLSX_limits(t *testing.T) {
	p := parts(head + `<row r="2"><c r="A2" t="s"><v>1</v></c></row>` + strings.Repeat(`<row><c><v>1</v></c></row>`, 1000))
	p["xl/worksheets/sheet2.xml"] = sheet("", `<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells>`)
	file := packed(t, p)
	unpacked := int64(len(p["xl/worksheets/sheet1.xml"])) // is looked through, and read
	for name, most := range map[string]func(*limits){
		"file":     func(l *limits) { l.file = file.Size() - 1 },
		"unpacked": func(l *limits) { l.unpacked = unpacked * 2 },
		"parts":    func(l *limits) { l.parts = len(p) - 1 },
		"shared":   func(l *limits) { l.shared = 10 },
		"texts":    func(l *limits) { l.texts = 2 },
		"merges":   func(l *limits) { l.merges = 1 },
		"cells":    func(l *limits) { l.cells = 1003 },
	} {
		read := func(l limits) error {
			if _, err := file.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			s, err := openXLSX(t.Context(), file, l)
			for err == nil {
				_, err = s.next(t.Context())
			}
			return err
		}
		if err := read(workbookLimits); !errors.Is(err, io.EOF) {
			t.Fatalf("without other limits: %v", err)
		}
		l := workbookLimits
		most(&l)
		if wrong, ok := errors.AsType[*Wrong](read(l)); !ok || wrong.Code != CodeTooLarge {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}

func TestXLSX_givesUpWithItsContext(t *testing.T) {
	file := packed(t, parts(head+strings.Repeat("<row><c><v>1</v></c></row>", 1000)))
	ctx, cancel := context.WithCancel(t.Context())
	table, err := Open(ctx, file, users)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Next(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := table.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := Open(ctx, packed(t, parts(head)), users); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
	if _, err := Open(t.Context(), io.MultiReader(strings.NewReader("PK\x03\x04"), iotest.ErrReader(errDisk)), users); !errors.Is(err, errDisk) {
		t.Errorf("a disk that cannot be read: %v", err)
	}
}

var errDisk = errors.New("the disk is gone")

// What was written is read, in either format; what looked like a formula is a text.
func TestReader_readsWhatWasWritten(t *testing.T) {
	rows := [][]Cell{
		Texts("Username", "email", "phone", "title", "first_name"),
		{Text("=1+1"), Text("a_x0041_b"), Number(41227305111), Time(noon), Day(noon)},
		{Text("李明 😀"), Text("<&>\"'"), Number(-7), {}, Text("é")},
	}
	want := []map[string]string{
		{"username": "=1+1", "email": "a_x0041_b", "phone": "41227305111", "title": "2026-11-22 12:30:15", "first_name": "2026-11-22"},
		{"username": "李明 😀", "email": "<&>\"'", "phone": "-7", "title": "", "first_name": "é"},
	}
	for _, format := range []Format{XLSX, CSV} {
		got, err := readAll(t, bytes.NewReader(written(t, format, Look{Separator: ';'}, rows)))
		if err != nil || len(got) != 2 {
			t.Errorf("%s: %+v, %v", format, got, err)
			continue
		}
		if format == CSV {
			got[0].Fields["username"] = strings.TrimPrefix(got[0].Fields["username"], "'")
		}
		for i, r := range got {
			if !reflect.DeepEqual(r.Fields, want[i]) {
				t.Errorf("%s: got %q, want %q", format, r.Fields, want[i])
			}
		}
	}
}

func TestReadFormat_knowsDays(t *testing.T) {
	day, both, clock := numberFormat{day: true}, numberFormat{day: true, clock: true}, numberFormat{clock: true}
	hours := numberFormat{clock: true, elapsed: true}
	for code, want := range map[string]numberFormat{
		"General": {}, "": {}, "0": {digits: 1}, "000000": {digits: 6}, "#,##0.00": {}, "0.00E+00": {}, "@": {}, "0%": {},
		"yyyy-mm-dd": day, "m/d/yy": day, "mmm": day, "[$-F800]dddd, mmmm dd, yyyy": day, `d\.m\.yy`: day, "jj": {},
		"yyyy-mm-dd hh:mm": both, "h:mm AM/PM": clock, "mm:ss.0": clock, "[h]:mm:ss": hours, "[mm]:ss": hours, "[ss]": hours,
		`"day" 0`: {digits: 1}, `0 "days"`: {digits: 1}, "[Red]0": {digits: 1}, `0;[Red]"d"0`: {digits: 1}, `\d0`: {digits: 1}, "_d0": {digits: 1}, "*d0": {digits: 1},
		`"open`: {}, "[open": {}, `\`: {}, "[]": {}, "[hm]": {},
	} {
		if got := readFormat(code); got != want {
			t.Errorf("%s: %+v, want %+v", code, got, want)
		}
	}
}

// What LibreOffice saves is read as it shows it.
func TestReader_readsWhatLibreOfficeSaves(t *testing.T) {
	const table = `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles><number:date-style style:name="N1"><number:day/><number:text>.</number:text><number:month/><number:text>.</number:text><number:year number:style="long"/></number:date-style><number:boolean-style style:name="N2"><number:boolean/></number:boolean-style><style:style style:name="yes" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="People">
<table:table-row><table:table-cell office:value-type="string"><text:p>username</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>email</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>phone</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>title</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>organization</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>田中 _x000D_</text:p></table:table-cell><table:table-cell office:value-type="string" table:formula="of:=[.A2]&amp;&quot;!&quot;" office:string-value="x"><text:p>x</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="41227305111"/><table:table-cell table:style-name="day" office:value-type="date" office:date-value="2026-11-22"/><table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>Both</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>two</text:p></table:table-cell><table:table-cell/><table:table-cell office:value-type="float" office:value="0.1"/><table:table-cell table:style-name="yes" office:value-type="boolean" office:boolean-value="true"/><table:covered-table-cell/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document>`
	rows, err := readAll(t, bytes.NewReader(converted(t, []byte(table), "fods", "xlsx", "")))
	if err != nil || len(rows) != 2 {
		t.Fatalf("%+v, %v", rows, err)
	}
	for i, want := range []map[string]string{
		{"username": "田中 _x000D_", "email": "x", "phone": "41227305111", "title": "2026-11-22", "organization": "Both"},
		{"username": "two", "email": "", "phone": "0.1", "title": "TRUE", "organization": "Both"},
	} {
		if !reflect.DeepEqual(rows[i].Fields, want) {
			t.Errorf("got %q, want %q", rows[i].Fields, want)
		}
	}
}

// Whatever the parts of a workbook say, reading it ends, with rows whose numbers grow and
// whose fields are texts.
func FuzzXLSX(f *testing.F) {
	p := parts(head + `<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="2"><v>46348.5</v></c></row>`)
	f.Add(p["xl/worksheets/sheet1.xml"], p["xl/sharedStrings.xml"], p["xl/styles.xml"], p["xl/workbook.xml"])
	f.Add(sheet(head+`<row><c><f/></c></row><row r="9"><c r="C9"><v>-1e308</v></c></row>`, `<mergeCells><mergeCell ref="A1:C9"/></mergeCells>`), "<sst><si/></sst>", `<s><cellXfs><xf numFmtId="46"/></cellXfs></s>`, p["xl/workbook.xml"])
	f.Fuzz(func(t *testing.T, page, shared, styles, book string) {
		p := parts("")
		p["xl/worksheets/sheet1.xml"], p["xl/sharedStrings.xml"], p["xl/styles.xml"], p["xl/workbook.xml"] = page, shared, styles, book
		rows, err := readAll(t, packed(t, p))
		if err != nil {
			if _, ok := errors.AsType[*Wrong](err); !ok {
				t.Fatal(err)
			}
		}
		last := 0
		for _, r := range rows {
			if r.Row <= last {
				t.Fatalf("row %d after %d", r.Row, last)
			}
			last = r.Row
			for _, text := range r.Fields {
				if !utf8.ValidString(text) {
					t.Fatalf("%q", text)
				}
			}
		}
	})
}

// Whatever bytes a workbook has, reading it ends.
func FuzzXLSXBytes(f *testing.F) {
	f.Add(written(f, XLSX, Look{}, [][]Cell{Texts("username", "email"), Texts("a", "b")}))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := readAll(t, bytes.NewReader(file)); err != nil {
			if _, ok := errors.AsType[*Wrong](err); !ok {
				t.Fatal(err)
			}
		}
	})
}

// Any text is read as it was written, but for what no cell can have.
func FuzzXLSXText(f *testing.F) {
	for _, text := range []string{"a", "_x0041_", "_x005F_", "\x01\x1f", "\ufffe", "__x000D_", "&lt;", "😀"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.TrimSpace(text) != text || text == "" || len(text) > 1000 || strings.ContainsRune(text, '\r') || strings.ContainsRune(text, utf8.RuneError) || !utf8.ValidString(text) {
			return
		}
		rows, err := readAll(t, bytes.NewReader(written(t, XLSX, Look{}, [][]Cell{Texts("username", "email"), Texts("x", text)})))
		if err != nil || len(rows) != 1 || rows[0].Fields["email"] != text {
			t.Fatalf("%q became %+v, %v", text, rows, err)
		}
	})
}

// A heading that is merged over two rows is no row below itself, nor one that comes again in
// CSV that was put together.
func TestReader_aHeadingIsReadOnce(t *testing.T) {
	merged := parts(head + `<row r="2"><c r="A2" s="1"/></row><row r="3"><c r="A3" t="str"><v>amina</v></c></row>`)
	merged["xl/worksheets/sheet1.xml"] = strings.Replace(merged["xl/worksheets/sheet1.xml"], "</worksheet>",
		`<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/><mergeCell ref="C1:C2"/></mergeCells></worksheet>`, 1)
	for name, in := range map[string]io.Reader{
		"merged": packed(t, merged), "twice": strings.NewReader("username,email,phone\nUsername, EMAIL ,Phone,\namina\nusername,,\nusername,email,phone\n"),
	} {
		table, err := Open(t.Context(), in, users)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for {
			r, err := table.Next(t.Context())
			if err != nil {
				break
			}
			got = append(got, fmt.Sprint(r.Row, r.Fields["username"]))
		}
		want := map[string]string{"merged": "3amina", "twice": "3amina 4username"}[name]
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %q", name, text)
		}
	}
}
