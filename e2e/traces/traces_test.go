package traces

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestFind(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"clean":           "nothing of interest",
		"log":             "GET /?email=a%40example.org",
		"deep/er/journal": `{"name":"\u00c9lise"}`,
		"binary":          "\x00\x01secret-word\xff",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, err := Find(map[string]string{"address": "a@example.org", "name": "Élise", "password": "secret-word", "token": "none"}, folder)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"address in " + filepath.Join(folder, "log"),
		"name in " + filepath.Join(folder, "deep/er/journal"),
		"password in " + filepath.Join(folder, "binary"),
	}
	if slices.Sort(found); !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
}
