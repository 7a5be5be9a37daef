package spreadsheet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// maxLine is how many bytes a line of CSV may have; a longer one is refused, and skipped
// without keeping it.
const maxLine = 64 << 10

// csvSource reads CSV as spreadsheet programs save it (RFC 4180): in UTF-8, with or
// without a byte order mark, or in UTF-16 with one; lines that end in LF, CR LF or CR;
// comma, semicolon or tab between the fields, or what a first line such as "sep=;" says;
// empty fields at the end of a line left out. It reads a line at a time: what is in it
// cannot make it use more memory than a line may have. A field has no line breaks; so a
// quotation mark that is not closed costs its own line only.
type csvSource struct {
	r     *bufio.Reader
	end   byte // of a line: LF or CR
	comma rune // 0 until the first line was read
	line  int
}

func newCSVSource(in *bufio.Reader) *csvSource {
	if isUTF16(in) {
		in = bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(in), maxLine)
	}
	return &csvSource{r: in, end: lineEnd(in)}
}

func (s *csvSource) about() (string, []string) { return "", nil }

func (s *csvSource) next(context.Context) (row, error) {
	first := s.comma == 0
	text, err := s.readLine()
	if first && err == nil {
		text, err = s.begin(text)
	}
	r := row{number: s.line}
	switch {
	case errors.Is(err, errLongLine):
		r.wrong = &Wrong{Code: CodeTooLong, Text: err.Error()}
	case err != nil:
		return r, err
	case !utf8.Valid(text):
		r.wrong = &Wrong{Code: CodeEncoding, Text: "the line is not UTF-8"}
	default:
		if r.cells, err = s.split(string(text)); err != nil {
			r.wrong = &Wrong{Code: CodeQuotes, Text: "the quotation marks do not match; a field has no line breaks"}
		}
	}
	return r, nil
}

// begin finds out from the first line what separates the fields, and gives the line that
// names the columns.
func (s *csvSource) begin(line []byte) ([]byte, error) {
	text := strings.TrimPrefix(string(line), mark)
	if strings.ContainsRune(text, 0) {
		return nil, wrongFile(CodeEncoding, "the file is in UTF-16 without a byte order mark: save it as CSV UTF-8")
	}
	if sep, ok := strings.CutPrefix(strings.ToLower(text), "sep="); ok && utf8.RuneCountInString(sep) == 1 && strings.Contains(separators, sep) {
		s.comma, _ = utf8.DecodeRuneInString(sep)
		return s.readLine()
	}
	s.comma = ','
	for _, c := range separators {
		if strings.Count(text, string(c)) > strings.Count(text, string(s.comma)) {
			s.comma = c
		}
	}
	return []byte(text), nil
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
	begin, _ := r.Peek(maxLine) // an error comes again when it is read
	if i := bytes.IndexAny(begin, "\r\n"); i >= 0 && begin[i] == '\r' && (i+1 == len(begin) || begin[i+1] != '\n') {
		return '\r'
	}
	return '\n'
}

// errLongLine is what readLine gives for a line that was skipped for its length.
var errLongLine = errors.New("the line is too long")

// readLine gives the next line without its end; it is good until the one after.
func (s *csvSource) readLine() ([]byte, error) {
	s.line++
	line, err := s.r.ReadSlice(s.end)
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = s.r.ReadSlice(s.end)
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = errLongLine
		}
		return nil, err
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{s.end}), []byte("\r")), nil
}

// split takes one line apart. A field that begins with a quotation mark ends with
// one, and those inside are doubled.
func (s *csvSource) split(line string) ([]string, error) {
	if strings.Trim(line, " \t"+string(s.comma)) == "" {
		return nil, nil
	}
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.FieldsPerRecord = s.comma, -1
	return r.Read()
}

// CheckUTF8 reads a file to its end and says in one sentence what is wrong with how it was
// saved, before any row is taken in: plain CSV of a spreadsheet program is in
// Windows-1252, and everybody with an accent would be left out.
func CheckUTF8(r io.Reader) error {
	s, other := linesOf(r)
	if other != "" {
		return nil
	}
	for text, err := range s.all() {
		switch {
		case err != nil:
			return err
		case !utf8.Valid(text):
			return wrongFile(CodeEncoding, "line %d is not UTF-8, so nothing was taken in: save the file as \"CSV UTF-8\", or add "+
				"--encoding windows-1252 if it is plain CSV that was saved on Windows in a language of Western Europe", s.line)
		}
	}
	return nil
}

// FromWindows1252 reads a file that was saved as plain CSV on Windows, in a language
// of Western Europe.
func FromWindows1252(r io.Reader) io.Reader { return charmap.Windows1252.NewDecoder().Reader(r) }

// CheckWindows1252 is CheckUTF8 for a file that is said to be in Windows-1252: in another
// encoding every letter with an accent would be taken in as two or three wrong ones. What
// is read for something else by mistake is hardly ever UTF-8.
func CheckWindows1252(r io.Reader) error {
	leaveOut := func(is string) error {
		return wrongFile(CodeEncoding, "the file is %s, so nothing was taken in: leave --encoding out", is)
	}
	s, other := linesOf(r)
	if other != "" {
		return leaveOut(other)
	}
	accents := false
	for text, err := range s.all() {
		switch {
		case err != nil:
			return err
		case !utf8.Valid(text):
			return nil
		}
		accents = accents || bytes.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
	}
	if accents {
		return leaveOut("in UTF-8")
	}
	return nil
}

// linesOf gives a file's lines, or says what it is instead of a file whose letters are
// bytes.
func linesOf(r io.Reader) (s *csvSource, other string) {
	in := bufio.NewReaderSize(r, maxLine)
	begin, _ := in.Peek(8)
	switch {
	case isWorkbook(begin):
		return nil, "a workbook"
	case isOldWorkbook(begin):
		return nil, "an old workbook"
	case isUTF16(in):
		return nil, "in UTF-16"
	}
	return &csvSource{r: in, end: lineEnd(in)}, ""
}

// all gives all lines but those that are too long, whose rows are refused.
func (s *csvSource) all() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for {
			text, err := s.readLine()
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, errLongLine):
				continue
			case err != nil:
				err = fmt.Errorf("line %d: %w", s.line, err)
			}
			if !yield(text, err) || err != nil {
				return
			}
		}
	}
}
