package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSpreadsheet_isWhatExcelExpects(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := NewSpreadsheet(dir, "Log.csv", "fr")
	if err != nil {
		t.Fatal(err)
	}
	s.csv.Comma = ';' // whatever this computer is set to
	for _, row := range [][]string{
		{"Heure", "Événement"},
		{"2026-11-22 09:13:05", "李明; \"deux\"\nlignes"},
		{"=1+2", "@SUM(A1)"},
		{"+41 22", "-5"},
		{"\t=1", "a=b"},
	} {
		if err := s.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "Log.csv")); err == nil {
		t.Error("it has its name before it is whole")
	}
	path, err := s.Save()
	if err != nil || path != filepath.Join(dir, "Log.csv") {
		t.Fatalf("%s, %v", path, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "\xef\xbb\xbfHeure;Événement\r\n2026-11-22 09:13:05;\"李明; \"\"deux\"\"\r\nlignes\"\r\n" +
		"'=1+2;'@SUM(A1)\r\n'+41 22;'-5\r\n'\t=1;a=b\r\n"
	if got := string(data); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpreadsheet_replacesNothingAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	begin := func() *Spreadsheet {
		t.Helper()
		s, err := NewSpreadsheet(dir, "Log.csv", "en")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Row("a"); err != nil {
			t.Fatal(err)
		}
		return s
	}
	one, two, three := begin(), begin(), begin()
	if err := two.Discard(); err != nil {
		t.Error(err)
	}
	for _, s := range []*Spreadsheet{one, three} {
		if _, err := s.Save(); err != nil {
			t.Error(err)
		}
	}
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || strings.Join(found, " ") != filepath.Join(dir, "Log-2.csv")+" "+filepath.Join(dir, "Log.csv") {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := NewSpreadsheet(filepath.Join(dir, "gone"), "Log.csv", "en"); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func TestSeparator_isTheSystems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		system, lang string
		want         rune
	}{
		{";", "en", ';'},
		{",", "fr", ','},
		{"\t", "en", '\t'},
		{"", "en", ','},
		{"", "fr", ';'},
		{"", "ar", ';'},
		{", ", "fr", ';'},
		{"\"", "en", ','},
		{"\xff", "en", ','},
	} {
		if got := separator(c.system, c.lang); got != c.want {
			t.Errorf("%q, %s: %q, want %q", c.system, c.lang, got, c.want)
		}
	}
}
