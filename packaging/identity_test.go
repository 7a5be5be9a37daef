package packaging

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestIdentity_isSaidInOnePlace: who builds packages of their own changes
// identity.sh, and none of its placeholders is left in them.
func TestIdentity_isSaidInOnePlace(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "identity.sh" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for line := range bytes.Lines(text) {
			for _, placeholder := range []string{"plenary.int", "The Plenary authors"} {
				// Whose work Plenary is stays.
				if bytes.Contains(line, []byte(placeholder)) && !bytes.Contains(line, []byte("Apache License")) {
					t.Errorf("%s says %s, which belongs into identity.sh: %s", path, placeholder, line)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
