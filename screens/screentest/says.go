package screentest

import (
	"strings"
	"testing"
)

// Says checks that a text has all of these in it.
func Says(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("says %q, which lacks %q", said, w)
		}
	}
}
