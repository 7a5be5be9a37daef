package words

import (
	"strings"
	"testing"
	"unicode"
)

// TestPseudo_hasEveryTextInArabicLetters, with its parameters and its plurals.
func TestPseudo_hasEveryTextInArabicLetters(t *testing.T) {
	w := Pseudo()
	if w.Direction() != "rtl" {
		t.Errorf("it is written %s", w.Direction())
	}
	for key := range all[English].load().keys {
		if !w.Has(key) {
			t.Errorf("%s is missing", key)
		}
	}
	for _, text := range []string{w.T("login.title"), w.N("error.wait-minutes", 1), w.N("error.wait-minutes", 3)} {
		if text == "" || strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
			t.Errorf("it says %q", text)
		}
	}
	if text := w.N("error.wait-minutes", 3); !strings.Contains(text, "3") {
		t.Errorf("of 3 it says %q", text)
	}
}
