package credential

import (
	"strings"
	"testing"
)

func TestTyped_isNFCAndBounded(t *testing.T) {
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{"Zoe\u0308", "Zoë", true},
		{strings.Repeat("e\u0308", 128), strings.Repeat("ë", 128), true},
		{strings.Repeat("x", 129), "", false},
		{strings.Repeat("😀", 128), strings.Repeat("😀", 128), true},
		{strings.Repeat("x", 1<<20), "", false},
	} {
		got, err := Typed(c.in)
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("%.20q: %.20q, %v", c.in, got, err)
		}
	}
}
