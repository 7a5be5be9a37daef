package screens

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// atPhoto is a window with the form of a meeting that asks for a photo and a letter.
func atPhoto(t *testing.T) *testProgram {
	t.Helper()
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
		p.meetings.All[1].Form = api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Papers"}, Questions: []api.Question{
			{ID: "photo", Kind: api.KindPhoto, Label: api.Text{"en": "Photo"}}, {ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}},
		}}}}
	})
	p.window.Resize(fyne.NewSize(1100, 740))
	p.shell.goTo(route{name: routeRegister, code: p.meetings.All[1].Code})
	return p
}

// atHome gives the person an empty home folder, on each system.
func atHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	return home
}

// Escape closes the choice of a file, as the lock does; nothing is chosen then, and the form
// is still there. Keys that lead elsewhere do nothing meanwhile.
func TestChooseFile_escape(t *testing.T) {
	p := atPhoto(t)
	atHome(t)
	screentest.TabTo(t, p.window, "register.photo.choose")
	screentest.Press(t, p.window, fyne.KeyReturn)
	if screentest.Find(p.window, "files.search") == nil {
		t.Fatal("no file can be chosen")
	}
	typeShortcut(p.window, fyne.KeyF)
	typeShortcut(p.window, fyne.Key2)
	screentest.Press(t, p.window, fyne.KeyEscape)
	if screentest.Find(p.window, "files.search") != nil || !p.registering(p.meetings.All[1].Code) || len(p.mine.Kept) != 0 {
		t.Errorf("at %T", p.shell.page)
	}
	if got := screentest.FocusedID(p.window); got != "register.photo.choose" {
		t.Errorf("the keyboard is at %q", got)
	}
	screentest.Tap(t, p.window, "register.photo.choose")
	p.shell.lockNow()
	if p.window.Canvas().Overlays().Top() != nil {
		t.Error("it is over the lock")
	}
}

// A photo is chosen from the disk.
func TestChooseFile_photo(t *testing.T) {
	p := atPhoto(t)
	home := atHome(t)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "me.png"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	screentest.Tap(t, p.window, "register.photo.choose")
	screentest.Write(t, p.window, "me")
	screentest.Press(t, p.window, fyne.KeyDown, fyne.KeyReturn)
	if got := screentest.Said(p.window, "register.photo.name"); got != "me.jpg (1 KB)" || p.shell.folder != home {
		t.Errorf("says %q, from %q", got, p.shell.folder)
	}
}

// A file that is dropped on the window goes into the field on which it falls.
func TestChooseFile_dropped(t *testing.T) {
	p := atPhoto(t)
	path := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(path, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	field := screentest.Widget(t, p.window, "register.letter.field").(*parts.Field)
	parts.IntoView(field)
	screentest.Settle(p.window)
	input := screentest.Widget(t, p.window, "register.letter")
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(input)
	p.shell.dropped(fyne.NewPos(1, 1), []fyne.URI{storage.NewFileURI(path)})
	if len(p.mine.Kept) != 0 {
		t.Fatal("taken beside the field")
	}
	p.shell.dropped(at.AddXY(4, 4), []fyne.URI{storage.NewFileURI(path)})
	if len(p.mine.Kept) != 1 || screentest.Said(p.window, "register.letter.name") != "letter.pdf (1 KB)" {
		t.Errorf("kept %d, says %q, %q", len(p.mine.Kept), screentest.Said(p.window, "register.letter.name"), field.Error())
	}
}
