package rules

import "testing"

func TestPasted_keepsWhatWasMeant(t *testing.T) {
	for _, c := range []struct{ in, line, password string }{
		{"Correct-Horse7\n", "Correct-Horse7", "Correct-Horse7"},
		{"Correct-Horse7 \r\n", "Correct-Horse7 ", "Correct-Horse7 "},
		{"\r\n\r\nabc", "abc", "abc"},
		{"  \n  abc \n \n", "  abc ", "  abc "},
		{"\ufeffabc\u200b", "abc", "abc"},
		{"\u202aabc\u202c", "abc", "abc"},
		{"\u2068 abc\u2069\n", " abc", " abc"},
		{"abc\x00\x1b", "abc", "abc"},
		{"first\nsecond", "first second", "first second"},
		{"first\r\nsecond\rthird\u2028fourth", "first second third fourth", "first second third fourth"},
		{"\tabc\t", "\tabc\t", "abc"},
		{"abc \t", "abc \t", "abc "},
		{"می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"},
		{"❤\ufe0f", "❤\ufe0f", "❤\ufe0f"},
		{"\u0601\u0661", "\u0601\u0661", "\u0601\u0661"},
		{"\n", "", ""},
		{"\u200b\u200b", "", ""},
		{" ", " ", " "},
		{"", "", ""},
	} {
		if got := Pasted(c.in); got != c.line {
			t.Errorf("Pasted(%q) = %q, want %q", c.in, got, c.line)
		}
		if got := PastedPassword(c.in); got != c.password {
			t.Errorf("PastedPassword(%q) = %q, want %q", c.in, got, c.password)
		}
	}
}
