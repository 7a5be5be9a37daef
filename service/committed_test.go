package service_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// READ COMMITTED puts nothing in order by itself: each call says why it is right.
func TestUpdateCommitted_saysWhyEachTime(t *testing.T) {
	calls := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			if !strings.Contains(line, ".UpdateCommitted(") {
				continue
			}
			calls++
			first := i
			for first > 0 && strings.HasPrefix(strings.TrimSpace(lines[first-1]), "//") {
				first--
			}
			if !strings.Contains(strings.Join(lines[first:i], "\n"), "READ COMMITTED: ") {
				t.Errorf("%s:%d does not say why it is READ COMMITTED", path, i+1)
			}
		}
		return nil
	})
	if err != nil || calls < 10 {
		t.Fatalf("%d calls were found: does this test still look in the right place? (%v)", calls, err)
	}
}
