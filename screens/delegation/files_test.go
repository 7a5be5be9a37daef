package delegation

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func withFiles(service *screentest.Delegation) *screentest.Delegation {
	letter := service.Keep("letter of our ministry.pdf", []byte("%PDF-1.7"))
	service.Delegates[1].Files = []api.File{
		{ID: letter[0], Question: "talk", Name: letter[1]}, {ID: letter[0], Question: "gone", Name: "old.pdf"},
	}
	return service
}

// Whoever is appointed saves the files that were sent with a registration.
func TestDelegation_savesFiles(t *testing.T) {
	service := withFiles(screentest.NewDelegation())
	d, w := shown(t, service, Events{})
	d.save = func(name string, _ []byte) (string, error) { return "/home/me/" + name, nil }
	screentest.Tap(t, w, "delegation.tab.all")
	d.list.ChooseID(service.Delegates[1].Number)
	screentest.Says(t, screentest.SaidIn(d.detail.Content), "Title of your talk", "gone")
	screentest.TabTo(t, w, "delegation.file.talk")
	screentest.Press(t, w, fyne.KeyReturn)
	if got := screentest.Said(w, "delegation.bar"); got != "Saved as /home/me/letter of our ministry.pdf" {
		t.Errorf("says %q", got)
	}
}

// Somebody is registered with a file.
func TestRegister_withAFile(t *testing.T) {
	service := screentest.NewDelegation()
	meeting := screentest.Meetings()[1]
	meeting.Form = api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Papers"}, Questions: []api.Question{
		{ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}, Required: true},
	}}}}
	r := NewRegister(screentest.NewEnv(t), meeting, service, screentest.Account, nil, "", func() {}, func() {})
	t.Cleanup(r.Close)
	r.family.SetText("Ng")
	in := r.form.Entered()
	in.Participation, in.BadgeName = api.OnSite, "Ng"
	in.Answers["letter"] = service.Keep("letter.pdf", []byte("%PDF-1.7"))
	r.form.Fill(in)
	r.submit()
	if len(service.Asked) != 1 || service.Asked[0].Answers["letter"][1] != "letter.pdf" {
		t.Errorf("asked %+v, %s", service.Asked, r.foot)
	}
}

func TestDelegation_picturesOfFiles(t *testing.T) {
	var d *Delegation
	screentest.CaptureFew(t, "delegation-files", func(e kit.Env) fyne.CanvasObject {
		service := withFiles(screentest.NewDelegation())
		d = New(e, service, catalog(), Events{})
		t.Cleanup(d.Close)
		return d.Content()
	}, func(w fyne.Window) {
		screentest.Settle(w)
		d.list.ChooseID("R-AAAA-0001")
		d.panes.ShowDetail(true)
	})
}
