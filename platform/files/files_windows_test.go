package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLong_marksWhatIsLongAsAWhole(t *testing.T) {
	here := filepath.Join(t.TempDir(), strings.Repeat("folder", 20))
	if err := os.MkdirAll(here, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(here)
	name, deep := strings.Repeat("name", 40), `C:\`+strings.Repeat(`folder\`, 40)
	for path, want := range map[string]string{
		"name":                          "name",
		`C:\folder\name`:                `C:\folder\name`,
		name:                            `\\?\` + filepath.Join(here, name), // short, but not where it is
		deep + "name":                   `\\?\` + deep + "name",
		`\\?\` + deep + "name":          `\\?\` + deep + "name",
		`\\server\share\` + name + name: `\\?\UNC\server\share\` + name + name,
	} {
		if got := long(path); got != want {
			t.Errorf("long(%q) is %q, want %q", path, got, want)
		}
	}
}
