package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Folders first, by name whatever its case and accents, without what is hidden, of another
// kind, or leads nowhere.
func TestReadFolder_order(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"b.png", "Ä.PNG", "c.txt", ".hidden.png", "z/x.png", "Y/x.png", ".git/x.png"} {
		path := filepath.Join(dir, name)
		if err := writeFile(path, []byte("1234")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "nowhere.png")); err != nil {
		t.Log("no links here:", err)
	}
	entries, err := ReadFolder(dir, []string{".png"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, " "); got != "Y z Ä.PNG b.png" || !entries[0].Folder || entries[2].Size != 4 || entries[2].Path != filepath.Join(dir, "Ä.PNG") {
		t.Errorf("%s: %+v", got, entries)
	}
	if _, err := ReadFolder(filepath.Join(dir, "nowhere"), nil); err == nil {
		t.Error("no error for a folder that is not there")
	}
}
