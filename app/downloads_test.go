package app

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestSaveNew_replacesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := saveNew(dir, "C-00016342.ics", []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := saveNew(dir, "C-00016342.ics", []byte("two"))
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(second) != "C-00016342-2.ics" {
		t.Errorf("second file is %s", second)
	}
	if data, err := os.ReadFile(first); err != nil || string(data) != "one" {
		t.Errorf("the first file holds %q (%v)", data, err)
	}
}

func TestSaveNew_folderThatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := saveNew(filepath.Join(t.TempDir(), "gone"), "a.ics", nil); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func TestDownloads_followsTheDesktop(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Log("only the home folder counts here")
		return
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	if got, err := Downloads(); err != nil || got != home {
		t.Errorf("without any folder: %q (%v), want the home folder", got, err)
	}
	for _, dir := range []string{"Downloads", "Téléchargements", ".config"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := Downloads(); err != nil || got != filepath.Join(home, "Downloads") {
		t.Errorf("got %q (%v), want Downloads", got, err)
	}
	dirs := "# comment\nXDG_DESKTOP_DIR=\"$HOME/Bureau\"\nXDG_DOWNLOAD_DIR=\"$HOME/Téléchargements\"\n"
	if err := os.WriteFile(filepath.Join(home, ".config", "user-dirs.dirs"), []byte(dirs), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Downloads(); err != nil || got != filepath.Join(home, "Téléchargements") {
		t.Errorf("got %q (%v), want what the desktop says", got, err)
	}
}

func TestSaveNew_staysInTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inner := filepath.Join(dir, "Downloads")
	if err := os.Mkdir(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../evil.ics", "a/b.ics", "/tmp/evil.ics", "..", ".", ""} {
		if path, err := saveNew(inner, name, []byte("x")); err == nil {
			t.Errorf("%q was saved as %s", name, path)
		}
	}
}
