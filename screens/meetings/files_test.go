package meetings

import (
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/screentest"
)

// photoMeeting is a meeting that asks for a photo, which everybody may leave out.
func photoMeeting() api.Meeting {
	m := screentest.Meetings()[1]
	m.Form = api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Papers"}, Questions: []api.Question{
		{ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}},
	}}}}
	return m
}

// What was chosen stands in what is to be checked, by its name, and is saved from there and
// from the registration.
func TestRegister_checksFiles(t *testing.T) {
	mine := &screentest.Registrations{}
	r := NewRegister(screentest.NewEnv(t), photoMeeting(), screentest.Account, mine, RegisterEvents{Submitted: func(string) {}})
	w := screentest.Show(t, r.Content(), 1000, 700)
	in := r.form.Entered()
	in.Participation = api.Remote
	in.Answers["letter"] = mine.Keep("letter.pdf", []byte("%PDF-1.7"))
	r.form.Fill(in)
	r.review()
	if got := screentest.SaidIn(r.holder); !strings.Contains(got, "letter.pdf  Save") {
		t.Errorf("to be checked: %q", got)
	}
	screentest.Tap(t, w, "register.submit")
	if len(mine.Submitted) != 1 || mine.Submitted[0].Answers["letter"][1] != "letter.pdf" {
		t.Errorf("submitted %+v", mine.Submitted)
	}
}

// Who registers again gets what they had entered, without the files of the registration that
// is over.
func TestRegister_againWithoutTheOldFiles(t *testing.T) {
	mine := &screentest.Registrations{}
	here := mine.Keep("here.pdf", []byte("%PDF-1.7"))
	for name, c := range map[string]struct {
		answer []string
		want   bool
	}{"at the service": {[]string{"01920000-0000-7000-8000-00000000ffff", "sent.pdf"}, false}, "here": {here, true}} {
		mine.Mine = []app.Mine{{State: api.Withdrawn, Registration: api.Registration{
			Number: "R-7F3K-92QD", Meeting: photoMeeting().Code, State: api.Withdrawn, Participation: api.Remote, JobTitle: "Engineer",
			Answers: api.Answers{"letter": c.answer},
		}}}
		r := NewRegister(screentest.NewEnv(t), photoMeeting(), screentest.Account, mine, RegisterEvents{})
		in := r.form.Entered()
		if in.JobTitle != "Engineer" || (in.Answers["letter"] != nil) != c.want {
			t.Errorf("%s: begins with %+v", name, in)
		}
		r.Close()
	}
}

func TestRegistration_savesFiles(t *testing.T) {
	one := screentest.ConfirmedRemote()
	one.Meeting = photoMeeting().Code
	r, known, w, _ := testRegistration(t, screentest.NewEnv(t), one, screentest.Now)
	known.Mine[0].Answers = api.Answers{"letter": known.Keep("letter.pdf", []byte("%PDF-1.7"))}
	r.catalog.(*screentest.Catalog).All[1] = photoMeeting()
	r.show()
	screentest.TabTo(t, w, "answer.letter")
	screentest.Press(t, w, fyne.KeyReturn)
	if got := screentest.Said(w, "registration.bar"); got != "Saved as "+filepath.FromSlash("/home/elena/Downloads/letter.pdf") {
		t.Errorf("says %q", got)
	}
}
