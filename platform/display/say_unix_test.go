//go:build !windows && !darwin

package display

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDialog_showsTheTextWhereTheDesktopCan(t *testing.T) {
	folder := t.TempDir()
	script := "#!/bin/sh\nprintf '%s|' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(folder, "kdialog"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	t.Setenv("WAYLAND_DISPLAY", "")
	text := "It's “so”; $(nothing) -is <b>run</b>"

	t.Setenv("DISPLAY", "")
	if d := dialog("Plenary", text); d != nil {
		t.Errorf("there is a dialog without a display: %v", d)
	}
	t.Setenv("DISPLAY", ":7")
	got, err := dialog("Plenary", text).Output()
	if want := "--title|Plenary|--error|" + text + "|"; err != nil || string(got) != want {
		t.Errorf("the dialog got %q (%v), want %q", got, err, want)
	}
	t.Setenv("PATH", t.TempDir())
	if d := dialog("Plenary", text); d != nil {
		t.Errorf("a desktop without such a program has the dialog %v", d)
	}
}
