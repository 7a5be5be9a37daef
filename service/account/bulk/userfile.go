package bulk

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

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
		panic("bulk: the contract has no field " + field)
	}
	return f.Tag.Get(tag)
}

// userRow is a line of the file: its fields by column, or why it is none.
type userRow struct {
	line   int // in the file, from 1; the header is the first
	fields map[string]string
	why    string
}

// userFile reads a file of users as spreadsheets save them (RFC 4180): in UTF-8,
// with or without a byte order mark, or in UTF-16 with one; lines that end in LF,
// CR LF or CR; comma, semicolon or tab between the fields, or what a first line
// such as "sep=;" says; empty fields at the end of a line left out. It reads a line
// at a time: what is in it cannot make it use more memory than a line may have. A
// field has no line breaks, since nothing that is in a profile has; so a quotation
// mark that is not closed costs its own line only.
type userFile struct {
	r       *bufio.Reader
	end     byte // of a line: LF or CR
	comma   rune
	columns []string
	width   int // fields that a line may have: the columns, and empty ones behind them
	line    int
}

// newUserFile reads the header: the columns in any order, username and email
// among them.
func newUserFile(r io.Reader) (*userFile, error) {
	f := &userFile{r: bufio.NewReaderSize(r, maxUserLine)}
	if isUTF16(f.r) {
		f.r = bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(f.r), maxUserLine)
	}
	f.end = lineEnd(f.r)
	header, err := f.header()
	if err != nil {
		return nil, err
	}
	names, err := f.split(header)
	if err != nil {
		return nil, errors.New("the header's quotation marks do not match")
	}
	f.width = len(names)
	for i, name := range names {
		names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	f.columns = names
	return f, f.checkHeader()
}

// header gives the line that names the columns, and finds out what separates them.
func (f *userFile) header() (string, error) {
	line, err := f.next()
	if errors.Is(err, io.EOF) {
		return "", errors.New("the file is empty")
	}
	if err != nil {
		return "", err
	}
	text := strings.TrimPrefix(string(line), "\ufeff")
	if strings.ContainsRune(text, 0) {
		return "", errors.New("the file is in UTF-16 without a byte order mark: save it as CSV UTF-8")
	}
	if sep, ok := strings.CutPrefix(strings.ToLower(text), "sep="); ok && utf8.RuneCountInString(sep) == 1 && strings.Contains(separators, sep) {
		f.comma, _ = utf8.DecodeRuneInString(sep)
		line, err := f.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return string(line), nil
	}
	f.comma = ','
	for _, c := range separators {
		if strings.Count(text, string(c)) > strings.Count(text, string(f.comma)) {
			f.comma = c
		}
	}
	return text, nil
}

// separators stand between fields.
const separators = ",;\t"

// isUTF16 tells whether a file begins with a byte order mark of UTF-16.
func isUTF16(r *bufio.Reader) bool {
	mark, err := r.Peek(2)
	return err == nil && (bytes.Equal(mark, []byte{0xff, 0xfe}) || bytes.Equal(mark, []byte{0xfe, 0xff}))
}

// lineEnd is CR where the first line ends in one alone, as old programs for the
// Mac write it, else LF.
func lineEnd(r *bufio.Reader) byte {
	begin, _ := r.Peek(maxUserLine) // an error comes again when it is read
	if i := bytes.IndexAny(begin, "\r\n"); i >= 0 && begin[i] == '\r' && (i+1 == len(begin) || begin[i+1] != '\n') {
		return '\r'
	}
	return '\n'
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
	line, err := f.r.ReadSlice(f.end)
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = f.r.ReadSlice(f.end)
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = errLongLine
		}
		return nil, err
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{f.end}), []byte("\r")), nil
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
		case bytes.ContainsRune(text, utf8.RuneError):
			row.why = "a letter of the line was lost when the file was saved, and is U+FFFD now"
			return row, nil
		}
		if strings.Trim(string(text), " \t"+string(f.comma)) == "" {
			continue
		}
		f.fill(&row, string(text))
		return row, nil
	}
}

// fill takes a line apart and measures its fields. Those that are missing at its
// end are empty: spreadsheets leave separators out where nothing follows them.
func (f *userFile) fill(row *userRow, text string) {
	fields, err := f.split(text)
	switch {
	case err != nil:
		row.why = "the quotation marks do not match; a field has no line breaks"
		return
	case len(fields) > f.width || len(fields) > len(f.columns) && strings.Join(fields[len(f.columns):], "") != "":
		row.why = fmt.Sprintf("the line has %d fields, the header %d", len(fields), len(f.columns))
		return
	}
	row.fields = make(map[string]string, len(f.columns))
	for i, name := range f.columns[:min(len(f.columns), len(fields))] {
		row.fields[name] = strings.TrimSpace(fields[i])
	}
	for _, c := range userColumns {
		limit, err := strconv.Atoi(contractTag(c.of, c.field, "maxLength"))
		if err == nil && utf8.RuneCountInString(row.fields[c.name]) > limit {
			row.why = c.name + ": too long"
		}
	}
}

// split takes one line apart. A field that begins with a quotation mark ends with
// one, and those inside are doubled.
func (f *userFile) split(line string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.FieldsPerRecord = f.comma, -1
	fields, err := r.Read()
	if errors.Is(err, io.EOF) { // an empty line
		return []string{""}, nil
	}
	return fields, err
}
