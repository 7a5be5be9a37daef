package rules

import (
	"slices"
	"testing"
)

// finds says whether every word that was typed stands in a text.
func finds(text, typed string) bool {
	words := SearchWords(typed)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w SearchWord) bool { return !w.In(Spellings(text)) })
}

func TestSearchWords_findBothCustoms(t *testing.T) {
	var table struct{ Both, Neither [][2]string }
	readTable(t, "searches.json", &table)
	for _, c := range table.Both {
		if !finds(c[0], c[1]) || !finds(c[1], c[0]) {
			t.Errorf("%q is found by %q: %v; the other way round: %v", c[0], c[1], finds(c[0], c[1]), finds(c[1], c[0]))
		}
	}
	for _, c := range table.Neither {
		if finds(c[0], c[1]) || finds(c[1], c[0]) {
			t.Errorf("%q and %q find each other", c[0], c[1])
		}
	}
}

// FuzzSearchWords: what is found is the same under one of the two foldings, and
// whatever is typed finds itself.
func FuzzSearchWords(f *testing.F) {
	for _, s := range []string{"Müller", "mueller", "ö ü", "Đặng", "ǖ", "щ ь", "½", "각"} {
		f.Add(s, "ue")
	}
	f.Fuzz(func(t *testing.T, text, typed string) {
		if spellings := Spellings(text); spellings[0] != Fold(text) || len(spellings) > 2 {
			t.Errorf("%q has the spellings %q", text, spellings)
		}
		if again := Passport(Passport(text)); again != Passport(text) {
			t.Errorf("%q, as passports write it, is %q, and that %q", text, Passport(text), again)
		}
		for _, word := range SearchWords(text) {
			if !word.In(Spellings(text)) {
				t.Errorf("%q is not found by its word %q", text, word)
			}
		}
		for _, word := range SearchWords(typed) {
			if len(word) > 2 || slices.Contains(word, "") {
				t.Errorf("%q has the word %q", typed, word)
			}
		}
	})
}
