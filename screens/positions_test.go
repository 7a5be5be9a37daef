package screens

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sided is what means the left or the right side of the screen.
var sided = regexp.MustCompile(`\.Move\(|Position1|\.TextAlignLeading|case fyne\.Key(Left|Right):`)

// TestPositions_goThroughOnePlace: what is placed, drawn or led to is mirrored for languages
// that are written from the right (parts/mirror.go), or the line says that the physical
// side is meant.
func TestPositions_goThroughOnePlace(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || path == filepath.Join("parts", "mirror.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(source), "\n") {
			if sided.MatchString(line) && !strings.Contains(line, "// physical") {
				t.Errorf("%s:%d has a side of its own: %s", path, i+1, strings.TrimSpace(line))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
