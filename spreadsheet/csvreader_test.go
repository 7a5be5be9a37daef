package spreadsheet

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// users are the columns of a file of users.
var users = Columns{
	Known:  []string{"username", "email", "title", "first_name", "family_name", "phone", "language", "country", "membership", "organization"},
	Needed: []string{"username", "email"},
}

// readAll reads a file to its end.
func readAll(t testing.TB, r io.Reader) (rows []Record, err error) {
	t.Helper()
	table, err := Open(t.Context(), r, users)
	if err != nil {
		return nil, err
	}
	for {
		row, err := table.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func why(r Record) string {
	if r.Wrong == nil {
		return ""
	}
	return r.Wrong.Why()
}

func TestCSV_headers(t *testing.T) {
	for _, c := range []struct {
		name, header string
		ok           bool
	}{
		{"plain", "username,email", true},
		{"any order, semicolons", "email;organization;username", true},
		{"byte order mark", "\ufeffusername,email", true},
		{"quoted, in capitals, with space", "\"Username\" , EMAIL", false}, // space after a quoted field
		{"quoted, in capitals", "\"Username\",\" EMAIL\"", true},
		{"end of line of Windows", "username,email\r\n", true},
		{"all", "username,email,title,first_name,family_name,phone,language,country,membership,organization", true},
		{"empty", "", false},
		{"no email", "username,title", false},
		{"no username", "email", false},
		{"unknown column", "username,email,roles", false},
		{"password", "username,email,password", false},
		{"column twice", "username,email,Email", false},
		{"UTF-16 without a byte order mark", "u\x00s\x00e\x00r\x00n\x00a\x00m\x00e\x00,\x00e\x00m\x00a\x00i\x00l\x00", false},
		{"UTF-16, unknown column", "\xff\xfeu\x00s\x00", false},
		{"tabs", "username\temail\ttitle", true},
		{"empty columns at the end", "username;email;;", true},
		{"an empty column within", "username;;email", false},
		{"says its separator", "sep=;\r\nusername;email", true},
		{"says another separator", "sep=:\nusername:email", false},
		{"says its separator, and nothing else", "sep=;", false},
		{"ends of lines of old programs", "username,email\ra,b\r", true},
		{"quotation marks", "\"username,email", false},
		{"too long", "username,email," + strings.Repeat("x", maxLine), false},
	} {
		_, err := Open(t.Context(), strings.NewReader(c.header), users)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestCSV_lines(t *testing.T) {
	for _, c := range []struct {
		line     string
		username string
		email    string
		why      string
	}{
		{`amina,a@example.org`, "amina", "a@example.org", ""},
		{`" amina ","a@example.org"`, "amina", "a@example.org", ""},
		{`"a""b","c,d"`, `a"b`, "c,d", ""},
		{`"",""""`, "", `"`, ""},
		{`"amina,a@example.org`, "", "", "the quotation marks do not match; a field has no line breaks"},
		{`ami"na,a@example.org`, "", "", "the quotation marks do not match; a field has no line breaks"},
		{`"amina"x,a@example.org`, "", "", "the quotation marks do not match; a field has no line breaks"},
		{`amina`, "amina", "", ""}, // a separator with nothing behind it is often left out
		{`amina,a@example.org,`, "", "", "it has 3 fields, the header 2"},
		{`amina,a@example.org,king`, "", "", "it has 3 fields, the header 2"},
		{"am\xffina,a@example.org", "", "", "the line is not UTF-8"},
		{"am\ufffdna,a@example.org", "", "", "username: a letter was lost when the file was saved, and is U+FFFD now"},
	} {
		rows, err := readAll(t, strings.NewReader("username,email\n"+c.line+"\nnext,n@example.org\n"))
		if err != nil || len(rows) != 2 {
			t.Errorf("%s: %+v, %v", c.line, rows, err)
			continue
		}
		r := rows[0]
		if r.Row != 2 || r.Fields["username"] != c.username || r.Fields["email"] != c.email || why(r) != c.why {
			t.Errorf("%q: got %+v", c.line, r)
		}
		if next := rows[1]; next.Row != 3 || next.Fields["username"] != "next" || why(next) != "" {
			t.Errorf("after %q: %+v", c.line, next)
		}
	}
}

// TestCSV_asSpreadsheetsSave reads one list as different programs save it.
func TestCSV_asSpreadsheetsSave(t *testing.T) {
	const list = "username;email;first_name;family_name;phone;organization\n" +
		"one;one@example.com;René;One;;\n" +
		"two;two@example.com;Two;Łódź;+44 20 7946 0018;Œuvre\n"
	sixteen := func(order unicode.Endianness) string {
		s, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(list, ";", "\t"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, text := range map[string]string{
		"as it is":                 list,
		"byte order mark":          "\ufeff" + list,
		"CR LF":                    strings.ReplaceAll(list, "\n", "\r\n"),
		"CR":                       strings.ReplaceAll(list, "\n", "\r"),
		"commas":                   strings.ReplaceAll(list, ";", ","),
		"tabs":                     strings.ReplaceAll(list, ";", "\t"),
		"sep=":                     "sep=;\r\n" + list,
		"byte order mark and sep=": "\ufeffSEP=;\n" + list,
		"separators left out":      strings.ReplaceAll(list, ";;\n", "\n"),
		"separators behind":        strings.ReplaceAll(list, "\n", ";;\n"),
		"no end of the last line":  strings.TrimSuffix(list, "\n"),
		"UTF-16 little endian":     sixteen(unicode.LittleEndian),
		"UTF-16 big endian":        sixteen(unicode.BigEndian),
	} {
		if err := CheckUTF8(strings.NewReader(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		rows, err := readAll(t, strings.NewReader(text))
		if err != nil || len(rows) != 2 {
			t.Errorf("%s: %+v, %v", name, rows, err)
			continue
		}
		one, two := rows[0].Fields, rows[1].Fields
		if why(rows[0])+why(rows[1]) != "" || one["username"] != "one" || one["first_name"] != "René" || one["phone"]+one["organization"] != "" ||
			two["family_name"] != "Łódź" || two["organization"] != "Œuvre" {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

func TestCSV_savedForAnotherAlphabet(t *testing.T) {
	const plain = "username;email;first_name\r\none;one@example.com;Plain\r\ntwo;two@example.com;Ren\xe9\r\n"
	if err := CheckUTF8(strings.NewReader(plain)); err == nil || !strings.Contains(err.Error(), "line 3 is not UTF-8") {
		t.Errorf("got %v", err)
	}
	rows, err := readAll(t, FromWindows1252(strings.NewReader(plain)))
	if err != nil || len(rows) != 2 || rows[1].Fields["first_name"] != "René" {
		t.Errorf("read for what it is: %+v, %v", rows, err)
	}
	if err := CheckUTF8(io.MultiReader(strings.NewReader("username"), iotest.ErrReader(errors.New("the disk is gone")))); err == nil {
		t.Error("a disk that cannot be read is fine")
	}
	if err := CheckUTF8(io.MultiReader(strings.NewReader("username,email\n"), &endless{10 << 20, 'x'})); err != nil {
		t.Errorf("a long line: %v", err)
	}
}

// TestCheckUTF8_namesHowItWasSaved: also where lines end in CR alone, in a file
// that is longer than a line may be.
func TestCheckUTF8_namesHowItWasSaved(t *testing.T) {
	const head = "username;email;first_name\n"
	plain := head + strings.Repeat("one;one@example.com;Plain\n", 2*maxLine/20)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(head + "two;two@example.com;René\n")
	if err != nil {
		t.Fatal(err)
	}
	last := strings.Count(plain, "\n") + 1
	for _, c := range []struct {
		name, text            string
		asUTF8, asWindows1252 string // what the error says; empty means none
	}{
		{"no accents", plain, "", ""},
		{"UTF-8", plain + "two;two@example.com;René\n", "", "in UTF-8"},
		{"UTF-8 with a byte order mark", "\ufeff" + plain, "", "in UTF-8"},
		{"UTF-16", utf16, "", "in UTF-16"},
		{"Windows-1252", plain + "two;two@example.com;Ren\xe9\n", fmt.Sprintf("line %d is not UTF-8", last), ""},
	} {
		for end, text := range map[string]string{"LF": c.text, "CR": strings.ReplaceAll(c.text, "\n", "\r"), "CR LF": strings.ReplaceAll(c.text, "\n", "\r\n")} {
			if c.name == "UTF-16" && end != "LF" {
				continue
			}
			for of, check := range map[string]struct {
				err  error
				says string
			}{
				"UTF-8":        {CheckUTF8(strings.NewReader(text)), c.asUTF8},
				"Windows-1252": {CheckWindows1252(strings.NewReader(text)), c.asWindows1252},
			} {
				if (check.err == nil) != (check.says == "") || check.err != nil && !strings.Contains(check.err.Error(), check.says) {
					t.Errorf("%s, %s, read as %s: %v", c.name, end, of, check.err)
				}
			}
		}
	}
}

// endless is a reader of one byte, many times.
type endless struct {
	left int
	b    byte
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range n {
		p[i] = e.b
	}
	e.left -= n
	return n, nil
}

func TestCSV_skipsWhatIsTooLong(t *testing.T) {
	for name, filler := range map[string]byte{"letters": 'x', "quotation marks": '"', "commas": ',', "NUL": 0} {
		r := io.MultiReader(strings.NewReader("username,email\n"), &endless{10 << 20, filler}, strings.NewReader("\namina,a@example.org"))
		rows, err := readAll(t, r)
		if err != nil || len(rows) != 2 || why(rows[0]) != "the line is too long" || rows[0].Fields != nil || rows[1].Fields["username"] != "amina" {
			t.Errorf("%s: %+v, %v", name, rows, err)
		}
	}
	// Lines without anything are no rows, and do not count for the limit of memory.
	rows, err := readAll(t, io.MultiReader(strings.NewReader("username,email\n"), &endless{1 << 20, '\n'}, strings.NewReader(",\n ;\namina,a@example.org")))
	if err != nil || len(rows) != 2 || rows[1].Fields["username"] != "amina" {
		t.Errorf("got %+v, %v", rows, err)
	}
	_, err = readAll(t, io.MultiReader(strings.NewReader("username,email\n"), &endless{maxRows + 2, '\n'}))
	if err == nil {
		t.Error("a file of any length was read")
	}
}

// Whatever a file says, each of its lines is one row or none, a row has a field
// for each column or says why not, and what was quoted is what is read.
func FuzzCSV(f *testing.F) {
	f.Add("username,email\na,b\n")
	f.Add("\ufeffemail;username\r\n\"a\"\"b\";c\r\n;;;\r\n\"x")
	f.Add("username,email\n\x00,\xff\n=1+1,@\n")
	f.Add("sep=\t\rusername\temail\ra\r")
	f.Add("\xff\xfeu\x00s\x00e\x00r\x00n\x00a\x00m\x00e\x00;\x00e\x00m\x00a\x00i\x00l\x00\n\x00\xd8\x00\n\x00")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := readAll(t, strings.NewReader(text))
		if err != nil {
			return
		}
		last := 1
		for _, r := range rows {
			if r.Row <= last {
				t.Fatalf("line %d after %d", r.Row, last)
			}
			last = r.Row
			if why(r) == "" && len(r.Fields) == 0 {
				t.Fatalf("got %+v", r)
			}
			for _, v := range r.Fields {
				if !utf8.ValidString(v) || strings.ContainsRune(v, '\n') {
					t.Fatalf("got %q", v)
				}
			}
		}
		if strings.ContainsAny(text, "\r\n") || !utf8.ValidString(text) {
			return
		}
		for _, comma := range separators {
			line := `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			f := csvSource{comma: comma}
			got, err := f.split(line + string(comma) + line)
			if err != nil || !reflect.DeepEqual(got, []string{text, text}) {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}
