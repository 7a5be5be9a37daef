package rules

import (
	"slices"
	"strings"
	"testing"
)

func TestNames_areInTheirOrder(t *testing.T) {
	var table struct{ Names [][6]string }
	readTable(t, "names.json", &table)
	for _, c := range table.Names {
		title, first, family, together, addressed, sort := c[0], c[1], c[2], c[3], c[4], c[5]
		if got := FullName(first, family); got != together {
			t.Errorf("%q %q together: %q, want %q", first, family, got, together)
		}
		if got := AddressedName(title, first, family); got != addressed {
			t.Errorf("%q %q %q addressed: %q, want %q", title, first, family, got, addressed)
		}
		if got, _, _ := strings.Cut(SortName(first, family), "\x00"); got != Fold(sort) {
			t.Errorf("%q %q sorted by %q, want %q", first, family, got, sort)
		}
	}
}

func TestSortName_isTheOrderOfLists(t *testing.T) {
	sorted := [][2]string{
		{"", "Abel"}, {"Zoe", "Abel"}, {"Ada", "Abelard"}, {"Élodie", "Étoile"}, {"Émile", "Etoile"}, {"Suharto", ""}, {"Ada", "van der Berg"}, {"Юлия", "Щербакова"},
	}
	var keys []string
	for _, n := range sorted {
		keys = append(keys, SortName(n[0], n[1]))
	}
	if !slices.IsSorted(keys) {
		t.Errorf("%q", keys)
	}
}

func TestNameSpellings_areTheWaysToWriteItTogether(t *testing.T) {
	for _, c := range []struct {
		first, family string
		want          []string
	}{
		{"小明", "王", []string{"王小明", "小明王"}},
		{"さくら", "はな", []string{"はなさくら", "さくらはな"}},
		{"Ada", "Sample", nil},
		{"小明", "", nil},
	} {
		if got := NameSpellings(c.first, c.family); !slices.Equal(got, c.want) {
			t.Errorf("%q %q: %q, want %q", c.first, c.family, got, c.want)
		}
	}
}
