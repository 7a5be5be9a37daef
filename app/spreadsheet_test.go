package app

import (
	"path/filepath"
	"strings"
	"testing"

	"plenary/spreadsheet"
)

func TestSpreadsheet_replacesNothingAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	begin := func() *Spreadsheet {
		t.Helper()
		s, err := NewSpreadsheet(dir, "Log", spreadsheet.CSV, "en", false)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Row(spreadsheet.Text("a")); err != nil {
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
	if _, err := NewSpreadsheet(filepath.Join(dir, "gone"), "Log", spreadsheet.XLSX, "en", false); err == nil {
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
