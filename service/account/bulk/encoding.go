package bulk

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// CheckUserFile reads a file of users to its end and says in one sentence what is
// wrong with how it was saved, before any row is taken in: plain CSV of a
// spreadsheet is in Windows-1252, and everybody with an accent would be left out.
func CheckUserFile(r io.Reader) error {
	f, sixteen := linesOf(r)
	if sixteen {
		return nil
	}
	for text, err := range f.all() {
		switch {
		case err != nil:
			return err
		case !utf8.Valid(text):
			return fmt.Errorf("line %d is not UTF-8, so nothing was taken in: save the file as \"CSV UTF-8\", or add "+
				"--encoding windows-1252 if it is plain CSV that was saved on Windows in a language of Western Europe", f.line)
		}
	}
	return nil
}

// FromWindows1252 reads a file that was saved as plain CSV on Windows, in a language
// of Western Europe.
func FromWindows1252(r io.Reader) io.Reader { return charmap.Windows1252.NewDecoder().Reader(r) }

// CheckWindows1252 is CheckUserFile for a file that is said to be in Windows-1252: in
// another encoding every letter with an accent would be taken in as two or three
// wrong ones. What is read for something else by mistake is hardly ever UTF-8.
func CheckWindows1252(r io.Reader) error {
	f, sixteen := linesOf(r)
	if sixteen {
		return errors.New("the file is in UTF-16, so nothing was taken in: leave --encoding out")
	}
	accents := false
	for text, err := range f.all() {
		switch {
		case err != nil:
			return err
		case !utf8.Valid(text):
			return nil
		}
		accents = accents || bytes.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
	}
	if accents {
		return errors.New("the file is in UTF-8, so nothing was taken in: leave --encoding out")
	}
	return nil
}

// linesOf gives a file's lines, or says that it is in UTF-16.
func linesOf(r io.Reader) (f *userFile, sixteen bool) {
	f = &userFile{r: bufio.NewReaderSize(r, maxUserLine)}
	if isUTF16(f.r) {
		return nil, true
	}
	f.end = lineEnd(f.r)
	return f, false
}

// all gives all lines but those that are too long, whose rows are refused.
func (f *userFile) all() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for {
			text, err := f.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, errLongLine):
				continue
			case !yield(text, err) || err != nil:
				return
			}
		}
	}
}
