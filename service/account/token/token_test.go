package token

import (
	"bytes"
	"strings"
	"testing"
)

func TestNew_makesTokensThatHash(t *testing.T) {
	a, b := New(), New()
	ha, okA := Hash(a)
	hb, okB := Hash(b)
	if !okA || !okB || len(ha) != 32 {
		t.Fatalf("%q and %q are no tokens", a, b)
	}
	if a == b || bytes.Equal(ha, hb) {
		t.Error("two tokens are the same")
	}
	if strings.Trim(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("%q has characters that a link would have to escape", a)
	}
}

// There is one text for each token: what differs is another one, or none.
func FuzzHash(f *testing.F) {
	made := New()
	for _, s := range []string{"", made, made[:42], made + "A", made[:42] + "=", strings.Repeat("/", 43), strings.Repeat("A", 42) + "B"} {
		f.Add(s)
	}
	want, _ := Hash(made)
	f.Fuzz(func(t *testing.T, s string) {
		h, ok := Hash(s)
		if ok != (h != nil) || ok && len(s) != Length {
			t.Errorf("%q: %x, %v", s, h, ok)
		}
		if s != made && bytes.Equal(h, want) {
			t.Errorf("%q counts as %q", s, made)
		}
	})
}
