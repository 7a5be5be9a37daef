package app

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"plenary/platform/files"
	computer "plenary/platform/system"
)

// Spreadsheet is a table on its way into a file that spreadsheet programs open rightly,
// Excel among them: CSV in UTF-8 with its mark, with the separator that this computer's
// lists have. It has its name once it is whole.
type Spreadsheet struct {
	folder, name string
	file         *os.File
	csv          *csv.Writer
}

// mark is by what Excel knows UTF-8.
const mark = "\ufeff"

// NewSpreadsheet begins a table in a folder; lang is the language that the person reads,
// by which the separator is chosen where the system does not say.
func NewSpreadsheet(folder, name, lang string) (*Spreadsheet, error) {
	file, err := newFile(folder, name+".part")
	if err != nil {
		return nil, err
	}
	s := &Spreadsheet{folder: folder, name: name, file: file, csv: csv.NewWriter(file)}
	s.csv.Comma, s.csv.UseCRLF = separator(computer.ListSeparator(), lang), true
	if _, err := file.WriteString(mark); err != nil {
		return nil, errors.Join(fmt.Errorf("save %s: %w", name, err), s.Discard())
	}
	return s, nil
}

// separator is the system's, or else a comma where none is needed in numbers.
func separator(systems, lang string) rune {
	switch r, size := utf8.DecodeRuneInString(systems); {
	case size > 0 && size == len(systems) && strings.ContainsRune(",;\t|", r):
		return r
	case lang == "en" || lang == "zh":
		return ','
	}
	return ';'
}

// Row adds a row.
func (s *Spreadsheet) Row(cells ...string) error {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = harmless(cell)
	}
	if err := s.csv.Write(texts); err != nil {
		return fmt.Errorf("save %s: %w", s.name, err)
	}
	return nil
}

// harmless makes a text of what a spreadsheet program would take for a formula: whoever
// chose a username, say, chooses no formula for whoever opens the table.
func harmless(cell string) string {
	if r, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
		return "'" + cell
	}
	return cell
}

// Save ends the table and returns its path, whose name is one that was still free.
func (s *Spreadsheet) Save() (string, error) {
	s.csv.Flush()
	err := s.csv.Error()
	if err == nil {
		err = s.file.Close()
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("save %s: %w", s.name, err), s.Discard())
	}
	place, err := newFile(s.folder, s.name)
	if err != nil {
		return "", errors.Join(err, s.Discard())
	}
	if err = place.Close(); err == nil {
		err = files.Rename(s.file.Name(), place.Name())
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("save %s: %w", s.name, err), files.RemoveIfThere(place.Name()), s.Discard())
	}
	return place.Name(), nil
}

// Discard gives the table up: nothing of it stays.
func (s *Spreadsheet) Discard() error {
	if err := s.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return errors.Join(err, files.RemoveIfThere(s.file.Name()))
	}
	return files.RemoveIfThere(s.file.Name())
}
