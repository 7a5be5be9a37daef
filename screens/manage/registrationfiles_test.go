package manage

import (
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// withFiles are a meeting that asks for files, and a first registration that has some.
func withFiles(t *testing.T, e kit.Env) (*Registrations, *screentest.Registrar) {
	t.Helper()
	catalog, service := registrationsCatalog(), screentest.NewRegistrar()
	questions := &catalog.All[0].Form.Sections[0].Questions
	*questions = append(*questions,
		api.Question{ID: "photo", Kind: api.KindPhoto, Label: api.Text{"en": "Photo for the badge"}},
		api.Question{ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}})
	number := service.Rows[0].Number
	one := service.Details[number]
	one.Answers = api.Answers{"meals": {"vegan"}, "letter": service.Keep("letter of our ministry.pdf", []byte("%PDF-1.7"))}
	service.Details[number] = one
	r := NewRegistrations(e, service, catalog, "C-00016512", RegistrationsEvents{Back: func() {}})
	r.save = func(name string, _ []byte) (string, error) { return filepath.Join("/home/me/Downloads", name), nil }
	t.Cleanup(r.Close)
	return r, service
}

// A manager saves the files that were sent with a registration.
func TestRegistrations_savesFiles(t *testing.T) {
	r, service := withFiles(t, screentest.NewEnv(t))
	w := screentest.Show(t, r.Content(), 1300, 740)
	r.pick(0)
	screentest.TabTo(t, w, "answer.letter")
	screentest.Press(t, w, fyne.KeyReturn)
	if got := screentest.Said(w, "registrations.bar"); got != "Saved as "+filepath.FromSlash("/home/me/Downloads/letter of our ministry.pdf") {
		t.Errorf("says %q", got)
	}
	service.FileErr = &api.Problem{Code: api.CodeNotFound}
	screentest.Press(t, w, fyne.KeyReturn)
	if got := screentest.Said(w, "registrations.bar"); got == "" || got[:5] == "Saved" {
		t.Errorf("says %q", got)
	}
}

func TestRegistrations_picturesOfFiles(t *testing.T) {
	var r *Registrations
	screentest.CaptureFew(t, "registrations-files", func(e kit.Env) fyne.CanvasObject {
		r, _ = withFiles(t, e)
		return r.Content()
	}, func(w fyne.Window) {
		screentest.Settle(w)
		r.pick(0)
	})
}
