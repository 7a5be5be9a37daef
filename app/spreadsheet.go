package app

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"plenary/platform/files"
	computer "plenary/platform/system"
	"plenary/spreadsheet"
)

// Spreadsheet is a table on its way into a file that spreadsheet programs open rightly,
// Excel among them. It has its name once it is whole.
type Spreadsheet struct {
	folder, name string
	file         *os.File
	table        spreadsheet.Writer
}

// NewSpreadsheet begins a table in a folder; its name has no ending yet. lang is the
// language that the person reads, by which the separator of CSV is chosen where the system
// does not say; fromRight is whether that is written from the right.
func NewSpreadsheet(folder, name string, format spreadsheet.Format, lang string, fromRight bool) (*Spreadsheet, error) {
	file, err := newFile(folder, name+"."+string(format)+".part")
	if err != nil {
		return nil, err
	}
	s := &Spreadsheet{folder: folder, name: name + "." + string(format), file: file}
	s.table, err = spreadsheet.NewWriter(file, format, spreadsheet.Look{
		Title: name, RightToLeft: fromRight, Separator: separator(computer.ListSeparator(), lang),
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("save %s: %w", s.name, err), s.Discard())
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

// Row adds a row; the first one is the heading.
func (s *Spreadsheet) Row(cells ...spreadsheet.Cell) error {
	if err := s.table.Row(cells...); err != nil {
		return fmt.Errorf("save %s: %w", s.name, err)
	}
	return nil
}

// Save ends the table and returns its path, whose name is one that was still free.
func (s *Spreadsheet) Save() (string, error) {
	err := s.table.Close()
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
