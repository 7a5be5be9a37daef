package rules

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestLine_keepsWhatCanBeSeen(t *testing.T) {
	for _, c := range []struct {
		typed, want string
		ok          bool
	}{
		{" Ada  Sample\u00a0", "Ada Sample", true},
		{"Jose\u0301", "José", true},
		{"e\u200b\u0301", "é", true},
		{"\ufeffSam\u00adple\u2060", "Sample", true},
		{"\u200b\u2060\u3164\ufe0f", "", true}, // a name of nothing is none
		{"می\u200cخواهم", "می\u200cخواهم", true},
		{"क\u094d\u200dष", "क\u094d\u200dष", true},
		{"葛\U000e0100", "葛\U000e0100", true},
		{"\u200cAda\u200d", "Ada", true},
		{"عمر\u200f (Omar)\u200f", "عمر\u200f (Omar)", true},
		{"Ada\u200e Sample", "Ada Sample", true},
		{"a\tb", "ab", false},
		{"a\nb", "ab", false},
		{"a\u2028b", "ab", false},
		{"a\u202eb", "ab", false},
		{"\u2067Omar\u2069", "Omar", false},
		{"a\x00b", "ab", false},
		{"a\xffb", "ab", false},
		{"a\ufffdb", "ab", false},
		{"", "", true},
	} {
		if got, ok := Line(c.typed); got != c.want || ok != c.ok {
			t.Errorf("%+q: %+q, %v; want %+q, %v", c.typed, got, ok, c.want, c.ok)
		}
	}
	if got, ok := Lines("one \r\n\ttwo\rthree\u202e"); got != "one \n\ttwo\nthree" || ok {
		t.Errorf("%q, %v", got, ok)
	}
	if got := Visible(" two\r\nlines\u202e, \u2066one\x00 "); got != "two lines, one" {
		t.Errorf("%q", got)
	}
	if got := Typed(" \u200bann\u00ada@example.org\ufeff\n"); got != "anna@example.org" {
		t.Errorf("%q", got)
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"a\u200d\u200cb", "\u05d0\u200f\u200f.", "e\u200b\u0301", "葛\U000e0100\U000e0100", "\u1100\u115f\u1161", "x \u200d y", "A\u200d ", "\u0600\u0661"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, keep := range map[string]func(string) (string, bool){"Line": Line, "Lines": Lines} {
			kept, ok := keep(s)
			if again, good := keep(kept); again != kept || !good {
				t.Errorf("%s: %+q is kept as %+q, and that as %+q, %v", name, s, kept, again, good)
			}
			if !utf8.ValidString(kept) || !norm.NFC.IsNormalString(kept) || strings.TrimSpace(kept) != kept || strings.ContainsFunc(kept, turnsAround) {
				t.Errorf("%s: %+q is kept as %+q, %v", name, s, kept, ok)
			}
		}
	})
}
