package accounts

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// readUsers reads a file to its end.
func readUsers(r io.Reader) (rows []userRow, err error) {
	f, err := newUserFile(r)
	if err != nil {
		return nil, err
	}
	for {
		row, err := f.read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func TestUserFile_headers(t *testing.T) {
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
		{"UTF-16", "\xff\xfeu\x00s\x00", false},
		{"quotation marks", "\"username,email", false},
		{"too long", "username,email," + strings.Repeat("x", maxUserLine), false},
	} {
		_, err := newUserFile(strings.NewReader(c.header))
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestUserFile_lines(t *testing.T) {
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
		{`"amina,a@example.org`, "", "", "the quotation marks do not match"},
		{`ami"na,a@example.org`, "", "", "the quotation marks do not match"},
		{`"amina"x,a@example.org`, "", "", "the quotation marks do not match"},
		{`amina`, "", "", "the line has 1 fields, the header 2"},
		{`amina,a@example.org,king`, "", "", "the line has 3 fields, the header 2"},
		{"am\xffina,a@example.org", "", "", "the line is not UTF-8"},
		{strings.Repeat("a", 41) + ",a@example.org", strings.Repeat("a", 41), "a@example.org", "username: too long"},
	} {
		rows, err := readUsers(strings.NewReader("username,email\n" + c.line + "\nnext,n@example.org\n"))
		if err != nil || len(rows) != 2 {
			t.Errorf("%s: %+v, %v", c.line, rows, err)
			continue
		}
		r := rows[0]
		if r.line != 2 || r.fields["username"] != c.username || r.fields["email"] != c.email || r.why != c.why {
			t.Errorf("%q: got %+v", c.line, r)
		}
		if next := rows[1]; next.line != 3 || next.fields["username"] != "next" || next.why != "" {
			t.Errorf("after %q: %+v", c.line, next)
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

func TestUserFile_skipsWhatIsTooLong(t *testing.T) {
	for name, filler := range map[string]byte{"letters": 'x', "quotation marks": '"', "commas": ',', "NUL": 0} {
		r := io.MultiReader(strings.NewReader("username,email\n"), &endless{10 << 20, filler}, strings.NewReader("\namina,a@example.org"))
		rows, err := readUsers(r)
		if err != nil || len(rows) != 2 || rows[0].why != "the line is too long" || rows[0].fields != nil || rows[1].fields["username"] != "amina" {
			t.Errorf("%s: %+v, %v", name, rows, err)
		}
	}
	// Lines without anything are no rows, and do not count for the limit of memory.
	rows, err := readUsers(io.MultiReader(strings.NewReader("username,email\n"), &endless{1 << 20, '\n'}, strings.NewReader(",\n ;\namina,a@example.org")))
	if err != nil || len(rows) != 2 || rows[1].fields["username"] != "amina" {
		t.Errorf("got %+v, %v", rows, err)
	}
	_, err = readUsers(io.MultiReader(strings.NewReader("username,email\n"), &endless{maxUserRows + 2, '\n'}))
	if err == nil {
		t.Error("a file of any length was read")
	}
}

// Whatever a file says, each of its lines is one row or none, a row has a field
// for each column or says why not, and what was quoted is what is read.
func FuzzUserFile(f *testing.F) {
	f.Add("username,email\na,b\n")
	f.Add("\ufeffemail;username\r\n\"a\"\"b\";c\r\n;;;\r\n\"x")
	f.Add("username,email\n\x00,\xff\n=1+1,@\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := readUsers(strings.NewReader(text))
		if err != nil {
			return
		}
		last := 1
		for _, r := range rows {
			if r.line <= last {
				t.Fatalf("line %d after %d", r.line, last)
			}
			last = r.line
			if r.why == "" && len(r.fields) < 2 {
				t.Fatalf("got %+v", r)
			}
			for _, v := range r.fields {
				if !utf8.ValidString(v) || strings.ContainsRune(v, '\n') {
					t.Fatalf("got %q", v)
				}
			}
		}
		if strings.Contains(text, "\n") || !utf8.ValidString(text) {
			return
		}
		for _, comma := range []byte{',', ';'} {
			line := `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			got, ok := splitCSV(line+string(comma)+line, comma)
			if !ok || !reflect.DeepEqual(got, []string{text, text}) {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}
