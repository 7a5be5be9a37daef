package wordsearch_test

import (
	"strings"
	"testing"

	"plenary/rules"
	"plenary/service/wordsearch"
)

func TestDriver_theRarestWord(t *testing.T) {
	words := wordsearch.Words("smith zdenka")
	rows := map[string]int{"smith": wordsearch.Many, "zdenka": 3}
	count := func(p wordsearch.Prefix) int { return rows[string(p.From)] }
	if i := wordsearch.Driver(words, "", count); !words[i].Begins("zdenka") {
		t.Errorf("%q is looked up", words[i])
	}
	// The next page goes on with the word of the one before, whatever is rare by now.
	if i := wordsearch.Driver(words, "smithson", count); !words[i].Begins("smith") {
		t.Errorf("behind smithson, %q is looked up", words[i])
	}
	if i := wordsearch.Driver(nil, "", count); i != 0 {
		t.Errorf("of no words, %d", i)
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("ж", 100)
	forms := wordsearch.Forms(5, "a b c d e f g", long)
	if len(forms) != 5 {
		t.Errorf("%d forms", len(forms))
	}
	forms = wordsearch.Forms(50, long)
	for _, w := range wordsearch.Words(long) {
		if _, ok := wordsearch.Find([]rules.SearchWord{w}, 0, forms); !ok {
			t.Errorf("a long word does not find itself among %q", forms)
		}
	}
	if n := len(wordsearch.Words("a b c d e f g h i j k l")); n != 8 {
		t.Errorf("%d words", n)
	}
	if got := wordsearch.Cut("ä€", 3); got != "ä" {
		t.Errorf("cut: %q", got)
	}
}

func TestPrefixes_noneWithinAnother(t *testing.T) {
	list := wordsearch.Prefixes(rules.SearchWord{"mueller", "mue", "muller"})
	if len(list) != 2 || string(list[0].From) != "mue" || string(list[0].To) != "muf" || string(list[1].From) != "muller" {
		t.Errorf("%q", list)
	}
}
