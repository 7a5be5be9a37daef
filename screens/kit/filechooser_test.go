package kit_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// aHome is a home folder with files in it.
func aHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	for _, dir := range []string{"Pictures", ".hidden", "Archive"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"me.JPG", "letter.pdf", "notes.txt", ".secret.png", "Pictures/Zürich.png", "Pictures/åland.png"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

type picked struct {
	name, content, folder string
}

// choosingFile is a window over which a file is chosen.
func choosingFile(t *testing.T, change func(*kit.Env), endings ...string) (fyne.Window, *picked) {
	t.Helper()
	env := screentest.NewEnv(t)
	if change != nil {
		change(&env)
	}
	w := screentest.Show(t, parts.Space(1), 900, 600)
	got := &picked{}
	kit.ChooseFile(env, w.Canvas(), "", endings, func(f kit.ChosenFile, folder string) {
		content, _, err := f.Read(100)
		if err != nil {
			t.Error(err)
		}
		*got = picked{f.Name, string(content), folder}
	})
	screentest.Settle(w)
	return w, got
}

// listed are the names that are listed, of all that there are.
func listed(t *testing.T, w fyne.Window) (names []string) {
	t.Helper()
	screentest.Settle(w)
	if err := filepath.WalkDir(os.Getenv("HOME"), func(path string, _ fs.DirEntry, err error) error {
		if screentest.Find(w, "files.row."+path) != nil {
			names = append(names, filepath.Base(path))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

// With the keyboard alone: into a folder, by a part of a name, and the file.
func TestChooseFile_byKeyboard(t *testing.T) {
	home := aHome(t)
	w, got := choosingFile(t, nil, ".jpg", ".png")
	if names := listed(t, w); !slices.Equal(names, []string{"Archive", "Pictures", "me.JPG"}) {
		t.Fatalf("lists %q", names)
	}
	if screentest.FocusedID(w) != "files.search" {
		t.Fatalf("the keyboard is at %q", screentest.FocusedID(w))
	}
	screentest.Write(t, w, "pict")
	screentest.Press(t, w, fyne.KeyDown, fyne.KeyReturn)
	if names := listed(t, w); !slices.Equal(names, []string{"Zürich.png", "åland.png"}) || screentest.Said(w, "files.path") != filepath.Join(home, "Pictures") {
		t.Fatalf("then lists %q of %q", names, screentest.Said(w, "files.path"))
	}
	screentest.Write(t, w, "zuri")
	screentest.Press(t, w, fyne.KeyDown, fyne.KeyReturn)
	if want := (picked{"Zürich.png", "Pictures/Zürich.png", filepath.Join(home, "Pictures")}); *got != want {
		t.Errorf("chosen %+v", *got)
	}
	if parts.Asks(w.Canvas()) {
		t.Error("it is still there")
	}
}

// A path that is typed or pasted leads there.
func TestChooseFile_byPath(t *testing.T) {
	home := aHome(t)
	w, got := choosingFile(t, nil, ".pdf", ".png")
	entry := screentest.Input(t, w, "files.search")
	entry.SetText(filepath.Join(home, "Pictures", "åla"))
	if names := listed(t, w); !slices.Equal(names, []string{"åland.png"}) {
		t.Fatalf("lists %q", names)
	}
	entry.SetText(filepath.Join(home, "nowhere") + string(filepath.Separator))
	if said := screentest.Said(w, "files.bar"); !strings.Contains(said, "cannot be opened") {
		t.Errorf("says %q", said)
	}
	entry.SetText(filepath.Join(home, "letter.pdf"))
	screentest.Press(t, w, fyne.KeyDown, fyne.KeyReturn)
	if got.name != "letter.pdf" || screentest.Said(w, "files.bar") != "" {
		t.Errorf("chosen %+v", *got)
	}
}

// The folder above, and the places from which one begins.
func TestChooseFile_places(t *testing.T) {
	home := aHome(t)
	w, _ := choosingFile(t, nil, ".png")
	for _, step := range []struct{ link, want string }{
		{"files.place.1", filepath.Join(home, "Pictures")}, {"files.up", home}, {"files.up", filepath.Dir(home)}, {"files.place.0", home},
	} {
		w.Canvas().Unfocus()
		screentest.TabTo(t, w, step.link)
		screentest.Press(t, w, fyne.KeyReturn)
		if got := screentest.Said(w, "files.path"); got != step.want {
			t.Errorf("%s leads to %q, want %q", step.link, got, step.want)
		}
	}
}

// The second click of a double click takes nothing, and the folder is read beside the
// window.
func TestChooseFile_doubleClick(t *testing.T) {
	aHome(t)
	steps := &screentest.Stepped{}
	w, got := choosingFile(t, func(e *kit.Env) { e.Run = steps }, ".png")
	steps.All()
	screentest.Settle(w)
	list := screentest.Widget(t, w, "files.list").(*parts.RowList)
	list.OnOpened(1) // Pictures
	list.OnOpened(0)
	steps.All()
	if names := listed(t, w); !slices.Equal(names, []string{"Zürich.png", "åland.png"}) || *got != (picked{}) {
		t.Fatalf("lists %q, chosen %+v", names, *got)
	}
	list.OnOpened(0)
	if *got != (picked{}) || !parts.Asks(w.Canvas()) {
		t.Error("what is under the list hears the second click")
	}
	steps.All()
	if got.name != "åland.png" {
		t.Errorf("chosen %+v", *got)
	}
}

// What is typed before the first folder was read stays.
func TestChooseFile_typedAtOnce(t *testing.T) {
	home := aHome(t)
	steps := &screentest.Stepped{}
	w, _ := choosingFile(t, func(e *kit.Env) { e.Run = steps }, ".png")
	entry := screentest.Input(t, w, "files.search")
	entry.SetText("pict")
	steps.All()
	if names := listed(t, w); entry.Text != "pict" || !slices.Equal(names, []string{"Pictures"}) {
		t.Errorf("%q, lists %q", entry.Text, names)
	}
	w, _ = choosingFile(t, func(e *kit.Env) { e.Run = steps }, ".png")
	entry = screentest.Input(t, w, "files.search")
	entry.SetText(filepath.Join(home, "Pictures") + string(filepath.Separator))
	steps.All()
	if got := screentest.Said(w, "files.path"); got != filepath.Join(home, "Pictures") {
		t.Errorf("a path leads to %q", got)
	}
}

func TestChooseFile_pictures(t *testing.T) {
	home := aHome(t)
	for _, name := range []string{"A photograph with a long name, taken in the garden of the conference centre.jpg", "passport.png"} {
		if err := os.WriteFile(filepath.Join(home, name), make([]byte, 1234567), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var env kit.Env
	screentest.Capture(t, "filechooser", func(e kit.Env) fyne.CanvasObject {
		env = e
		return parts.Space(1)
	}, func(w fyne.Window) {
		kit.ChooseFile(env, w.Canvas(), "", []string{".jpg", ".png"}, func(kit.ChosenFile, string) {})
	})
}
