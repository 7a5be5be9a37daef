package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 30, 15, 0, time.FixedZone("", 3600))

// table is one with everything that a cell can be.
var table = [][]Cell{
	Texts("Number", "Day", "Time", "Text"),
	{Number(12), Day(noon), Time(noon), Text("李明; \"deux\"\nlignes")},
	{Number(-7), Day(time.Time{}), {}, Text("=1+2")},
	{Text("+41 22"), Text("007"), Text("2026-11-22"), Text("@SUM(A1)")},
	{Text("\t=1"), Text("a=b"), Text(" <&> "), Text("_x000D_")},
	{Time(time.Date(1850, 1, 2, 3, 4, 5, 0, time.UTC)), Day(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)), Text(""), Text("last")},
}

func written(t testing.TB, format Format, look Look, rows [][]Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, format, look)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCSV_isWhatExcelExpects(t *testing.T) {
	want := "\xef\xbb\xbfNumber;Day;Time;Text\r\n12;2026-11-22;2026-11-22 12:30:15;\"李明; \"\"deux\"\"\r\nlignes\"\r\n" +
		"-7;;;'=1+2\r\n'+41 22;007;2026-11-22;'@SUM(A1)\r\n'\t=1;a=b;\" <&> \";_x000D_\r\n" +
		"1850-01-02 03:04:05;1900-03-01;;last\r\n"
	if got := string(written(t, CSV, Look{Separator: ';'}, table)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// parts gives the parts of a workbook by their names, each of which is XML.
func partsOf(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	return parts
}

func TestXLSX_looksLikeATable(t *testing.T) {
	for _, c := range []struct {
		name  string
		look  Look
		wants []string
		lacks string
	}{
		{"plain", Look{Title: "Plenary users 2026-11-22"}, []string{
			`<sheet name="Plenary users 2026-11-22"`, `state="frozen"`, `<col min="1" max="1" width="21"`, `<c r="A1" s="1" t="inlineStr">`,
			`<c r="A2"><v>12</v></c>`, `<c r="B2" s="2"><v>46348</v></c>`, `<c r="C2" s="3"><v>46348.521006944444</v></c>`, `<c r="D3" s="4" t="inlineStr">`,
		}, "rightToLeft"},
		{"from the right", Look{Title: "List: [a/b]?", RightToLeft: true}, []string{`rightToLeft="1"`, `name="List   a b"`}, ""},
		{"no title", Look{Title: "'"}, []string{`<sheet name="1"`}, ""},
		{"long title", Look{Title: strings.Repeat("é", 40)}, []string{`name="` + strings.Repeat("é", 30) + `…"`}, ""},
	} {
		parts := partsOf(t, written(t, XLSX, c.look, table))
		text := parts["xl/workbook.xml"] + parts["xl/worksheets/sheet1.xml"]
		for _, want := range c.wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in %s", c.name, want, text)
			}
		}
		if c.lacks != "" && strings.Contains(text, c.lacks) {
			t.Errorf("%s: %s in %s", c.name, c.lacks, text)
		}
		if strings.Contains(text, "<f>") {
			t.Errorf("%s: a formula", c.name)
		}
	}
}

// A table that is longer than a sheet may be goes on in another one.
func TestXLSX_goesOnInAnotherSheet(t *testing.T) {
	var b bytes.Buffer
	w, err := newXLSXWriter(&b, Look{Title: "List"})
	if err != nil {
		t.Fatal(err)
	}
	w.limit = measured + 50
	for i := range 2*w.limit + 1 {
		if err := w.Row(Number(int64(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	parts := partsOf(t, b.Bytes())
	var rows []int
	for _, name := range []string{"sheet1", "sheet2", "sheet3"} {
		text := parts["xl/worksheets/"+name+".xml"]
		rows = append(rows, strings.Count(text, "<row "))
		if !strings.Contains(text, `<c r="A1" s="1"><v>0</v></c>`) {
			t.Errorf("%s has no heading", name)
		}
	}
	if !reflect.DeepEqual(rows, []int{w.limit, w.limit, 3}) || !strings.Contains(parts["xl/workbook.xml"], `name="List 3"`) {
		t.Errorf("%d rows, %s", rows, parts["xl/workbook.xml"])
	}
}

func TestXLSX_ofNothing(t *testing.T) {
	if parts := partsOf(t, written(t, XLSX, Look{}, nil)); !strings.Contains(parts["xl/worksheets/sheet1.xml"], "<sheetData></sheetData>") {
		t.Errorf("%v", parts)
	}
}

func TestCutUTF16_isWhatACellTakes(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"äöü", 3, "äöü"},
		{"äöüß", 3, "äö…"},
		{"😀", 2, "😀"},
		{"😀😀", 3, "😀…"},
		{"😀😀", 2, "…"},
		{"a\xffbcde", 3, "a\xff…"},
	} {
		if got := cutUTF16(c.text, c.n); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

// converted has LibreOffice convert a file, and gives what it made of it.
func converted(t *testing.T, file []byte, from, to, filter string) []byte {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "table."+from), file, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, "--headless", "--norestore", "-env:UserInstallation=file://"+dir+"/profile",
		"--convert-to", to+filter, "--outdir", filepath.Join(dir, "out"), filepath.Join(dir, "table."+from))
	c.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice: %v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "out", "table."+to))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// toCSV is how LibreOffice shows cells: as they are formatted, in UTF-8.
const toCSV = ":Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"

// What LibreOffice shows of either format is what was written; formulas are texts.
func TestWriters_LibreOfficeReadsThemBack(t *testing.T) {
	want := "Number,Day,Time,Text\n12,2026-11-22,2026-11-22 12:30:15,\"李明; \"\"deux\"\"\nlignes\"\n" +
		"-7,,,=1+2\n+41 22,007,2026-11-22,@SUM(A1)\n\t=1,a=b, <&> ,_x000D_\n1850-01-02 03:04:05,1900-03-01,,last\n"
	if got := string(converted(t, written(t, XLSX, Look{Title: "Test"}, table), "xlsx", "csv", toCSV)); got != want {
		t.Errorf("XLSX: got %q, want %q", got, want)
	}
}

// Numbers are such where spreadsheet programs show the same, with the comma that goes with
// semicolons.
func TestDecimal_isANumberWhereItStaysOne(t *testing.T) {
	for text, want := range map[string]struct{ comma, semicolon string }{
		"2.5": {"2.5", "2,5"}, "-7": {"-7", "-7"}, "0": {"0", "0"}, "007": {"007", "007"}, "1.": {"1.", "1."}, ".5": {".5", ".5"},
		"123456789012345": {"123456789012345", "123456789012345"}, "1234567890123456": {"1234567890123456", "1234567890123456"},
		"=1": {"'=1", "'=1"}, "-": {"'-", "'-"},
	} {
		for separator, cell := range map[rune]string{',': want.comma, ';': want.semicolon} {
			var b bytes.Buffer
			w, err := NewWriter(&b, CSV, Look{Separator: separator})
			if err == nil {
				err = errors.Join(w.Row(Decimal(text)), w.Close())
			}
			if got := strings.Trim(strings.TrimPrefix(b.String(), mark), "\r\n"); err != nil || got != cell && got != `"`+cell+`"` {
				t.Errorf("%q with %q: %q, %v", text, separator, got, err)
			}
		}
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, XLSX, Look{})
	if err == nil {
		err = errors.Join(w.Row(Decimal("2.5"), Decimal("1234567890123456")), w.Close())
	}
	sheet := partsOf(t, b.Bytes())["xl/worksheets/sheet1.xml"]
	if err != nil || !strings.Contains(sheet, "<v>2.5</v>") || strings.Contains(sheet, "<v>1234567890123456</v>") {
		t.Errorf("%v: %s", err, sheet)
	}
}

func TestPlain_takesBackWhatMadeATextOfIt(t *testing.T) {
	for text, want := range map[string]string{"'=1": "=1", "'+41 22": "+41 22", "'tis": "'tis", "=1": "=1", "'": "'", "": ""} {
		if got := Plain(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
		if looksLikeFormula(want) && Plain(Text(want).String()) != want {
			t.Errorf("%q is not read back", want)
		}
	}
}
