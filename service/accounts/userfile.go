package accounts

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"plenary/api"
)

// Limits of a file of users.
const (
	maxUserLine = 64 << 10 // bytes; a longer line is refused, and skipped without keeping it
	maxUserRows = 2_000_000
)

// userColumn is a column, and the field of the contract that it becomes.
type userColumn struct {
	name  string
	of    reflect.Type
	field string
}

// userColumns are the columns of a file of users; the lengths of the
// contract count for them too.
var userColumns = []userColumn{
	{"username", reflect.TypeFor[api.ChangeUsername](), "Username"},
	{"email", reflect.TypeFor[api.ChangeEmail](), "Email"},
	{"title", reflect.TypeFor[api.ChangeProfile](), "Title"},
	{"first_name", reflect.TypeFor[api.ChangeProfile](), "FirstName"},
	{"family_name", reflect.TypeFor[api.ChangeProfile](), "FamilyName"},
	{"phone", reflect.TypeFor[api.ChangeProfile](), "Phone"},
	{"language", reflect.TypeFor[api.ChangeProfile](), "Language"},
	{"country", reflect.TypeFor[api.ChangeProfile](), "Country"},
	{"membership", reflect.TypeFor[api.ChangeProfile](), "Membership"},
	{"organization", reflect.TypeFor[api.NewOrganization](), "Name"},
}

// contractTag reads what the contract says of a field, such as its maxLength.
func contractTag(of reflect.Type, field, tag string) string {
	f, ok := of.FieldByName(field)
	if !ok {
		panic("accounts: the contract has no field " + field)
	}
	return f.Tag.Get(tag)
}

// userRow is a line of the file: its fields by column, or why it is none.
type userRow struct {
	line   int // in the file, from 1; the header is the first
	fields map[string]string
	why    string
}

// userFile reads a CSV file of users (RFC 4180, UTF-8 with or without a byte
// order mark, comma or semicolon), one line at a time: what is in it cannot make
// it use more memory than a line may have. A field has no line breaks, since
// nothing that is in a profile has; so a quotation mark that is not closed costs
// its own line only.
type userFile struct {
	r       *bufio.Reader
	comma   byte
	columns []string
	line    int
}

// newUserFile reads the header: the columns in any order, username and email
// among them.
func newUserFile(r io.Reader) (*userFile, error) {
	f := &userFile{r: bufio.NewReaderSize(r, maxUserLine)}
	header, err := f.next()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty")
	}
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(header, []byte{0xff, 0xfe}) || bytes.HasPrefix(header, []byte{0xfe, 0xff}) {
		return nil, errors.New("the file is in UTF-16: save it as UTF-8")
	}
	text := string(bytes.TrimPrefix(header, []byte("\xef\xbb\xbf")))
	f.comma = ','
	if strings.Count(text, ";") > strings.Count(text, ",") {
		f.comma = ';'
	}
	names, ok := splitCSV(text, f.comma)
	if !ok {
		return nil, errors.New("the header's quotation marks do not match")
	}
	for i, name := range names {
		names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	f.columns = names
	return f, f.checkHeader()
}

func (f *userFile) checkHeader() error {
	for i, name := range f.columns {
		switch {
		case !slices.ContainsFunc(userColumns, func(c userColumn) bool { return c.name == name }):
			return fmt.Errorf("column %d is none of %s", i+1, columnNames())
		case slices.Contains(f.columns[:i], name):
			return fmt.Errorf("the column %s stands twice", name)
		}
	}
	for _, name := range []string{"username", "email"} {
		if !slices.Contains(f.columns, name) {
			return fmt.Errorf("the column %s is missing; the first line names the columns: %s", name, columnNames())
		}
	}
	return nil
}

func columnNames() string {
	var names []string
	for _, c := range userColumns {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// errLongLine is what next gives for a line that was skipped for its length.
var errLongLine = errors.New("the line is too long")

// next gives the next line without its end; it is good until the one after.
func (f *userFile) next() ([]byte, error) {
	f.line++
	line, err := f.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = f.r.ReadSlice('\n')
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = errLongLine
		}
		return nil, err
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
}

// read gives the next line that is not empty, or io.EOF.
func (f *userFile) read() (userRow, error) {
	for {
		text, err := f.next()
		row := userRow{line: f.line}
		switch {
		case errors.Is(err, errLongLine):
			row.why = err.Error()
			return row, nil
		case err != nil:
			return row, err
		case f.line > maxUserRows:
			return row, fmt.Errorf("the file has more than %d lines: divide it", maxUserRows)
		case !utf8.Valid(text):
			row.why = "the line is not UTF-8"
			return row, nil
		}
		if strings.Trim(string(text), " \t"+string(f.comma)) == "" {
			continue
		}
		f.fill(&row, string(text))
		return row, nil
	}
}

// fill takes a line apart and measures its fields.
func (f *userFile) fill(row *userRow, text string) {
	fields, ok := splitCSV(text, f.comma)
	switch {
	case !ok:
		row.why = "the quotation marks do not match"
		return
	case len(fields) != len(f.columns):
		row.why = fmt.Sprintf("the line has %d fields, the header %d", len(fields), len(f.columns))
		return
	}
	row.fields = make(map[string]string, len(fields))
	for i, name := range f.columns {
		row.fields[name] = strings.TrimSpace(fields[i])
	}
	for _, c := range userColumns {
		limit, err := strconv.Atoi(contractTag(c.of, c.field, "maxLength"))
		if err == nil && utf8.RuneCountInString(row.fields[c.name]) > limit {
			row.why = c.name + ": too long"
		}
	}
}

// splitCSV takes a line apart. It is false where quotation marks do not match:
// a field that begins with one ends with one, and those inside are doubled.
func splitCSV(line string, comma byte) (fields []string, ok bool) {
	for {
		field, rest, quoted := strings.Cut(line, string(comma))
		if strings.HasPrefix(line, `"`) {
			if field, rest, quoted, ok = unquote(line[1:], comma); !ok {
				return nil, false
			}
		} else if strings.Contains(field, `"`) {
			return nil, false
		}
		fields = append(fields, field)
		if !quoted {
			return fields, true
		}
		line = rest
	}
}

// unquote reads a quoted field after its first quotation mark, up to the comma;
// more tells whether there was one.
func unquote(text string, comma byte) (field, rest string, more, ok bool) {
	var b strings.Builder
	for {
		part, after, closed := strings.Cut(text, `"`)
		if !closed {
			return "", "", false, false
		}
		b.WriteString(part)
		switch {
		case after == "":
			return b.String(), "", false, true
		case after[0] == '"':
			b.WriteByte('"')
			text = after[1:]
		case after[0] == comma:
			return b.String(), after[1:], true, true
		default:
			return "", "", false, false
		}
	}
}
