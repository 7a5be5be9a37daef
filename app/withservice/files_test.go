package withservice

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
)

var aLetter = []byte("%PDF-1.7\nDear colleagues")

func aPicture(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, side, side/2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (p *person) question(meeting, id string) *api.Question {
	p.t.Helper()
	m, ok := p.app.Meetings.Get(meeting)
	for _, s := range m.Form.Sections {
		for i := range s.Questions {
			if s.Questions[i].ID == id {
				return &s.Questions[i]
			}
		}
	}
	p.t.Fatalf("%s has no question %s: %v", meeting, id, ok)
	return nil
}

// adds chooses a file as the answer to a question.
func (p *person) adds(in *api.Register, question, name string, content []byte) {
	p.t.Helper()
	answer, err := p.app.Registrations.AddFile(p.t.Context(), p.question(in.Meeting, question), name, content)
	if err != nil {
		p.t.Fatal(err)
	}
	in.Answers[question] = answer
}

// filledWithFiles is a registration for a meeting with a photo and a letter.
func (p *person) filledWithFiles() api.Register {
	p.t.Helper()
	wait(p.t, "the meetings", func() bool { _, ok := p.app.Meetings.Get(approvedMeeting); return ok })
	m, _ := p.app.Meetings.Get(approvedMeeting)
	in := filled(p.t, m)
	p.adds(&in, "photo", "me.png", aPicture(p.t, 2600))
	p.adds(&in, "letter", "letter.pdf", aLetter)
	return in
}

// Files are chosen without network, survive the program's end, go with the registration once
// there is a network, and are not kept here any longer than that.
func TestFiles_offline(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	wait(t, "the meetings", func() bool { _, ok := p.app.Meetings.Get(approvedMeeting); return ok })
	p.online(false)
	in := p.filledWithFiles()
	photo, letter := in.Answers["photo"], in.Answers["letter"]
	if photo[1] != "me.jpg" || letter[1] != "letter.pdf" || p.app.Registrations.FileSize(letter[0]) != len(aLetter) {
		t.Errorf("chosen: %v %v", photo, letter)
	}
	if err := p.app.Registrations.Submit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if work, err := p.app.Session.LocalWork(t.Context()); err != nil || work != (app.LocalWork{Waiting: 1}) {
		t.Errorf("work: %+v, %v", work, err)
	}
	p.quit()
	p.start()
	if _, err := p.app.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if content, err := p.app.Registrations.File(t.Context(), letter[0]); err != nil || !bytes.Equal(content, aLetter) {
		t.Errorf("after the restart: %v", err)
	}
	p.online(true)
	wait(t, "the registration", func() bool {
		mine, _ := p.app.Registrations.Get(approvedMeeting)
		return mine.Number != "" && mine.State == api.WaitingSecretariat
	})
	wait(t, "the files to go", func() bool {
		return p.app.Registrations.FileSize(letter[0])+p.app.Registrations.FileSize(photo[0]) == 0
	})
	content, err := p.app.Registrations.File(t.Context(), photo[0])
	if err != nil {
		t.Fatal(err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(content)); err != nil || c.Width != rules.MaxPhotoSide || c.Height != rules.MaxPhotoSide/2 {
		t.Errorf("the photo at the service: %+v, %v", c, err)
	}
	if err := p.app.Service.Prove(t.Context(), password, ""); err != nil {
		t.Fatal(err)
	}
	exported, err := p.app.Service.Export(t.Context())
	if err != nil || !bytes.Contains(exported, []byte(`"letter.pdf"`)) || bytes.Contains(exported, []byte("Dear")) {
		t.Errorf("the own data: %s, %v", exported, err)
	}
}

// The answers to the file and to the operation are lost: both are sent again, and are there
// once.
func TestFiles_lostAnswers(t *testing.T) {
	t.Parallel()
	var puts, deliveries atomic.Int32
	p := newPersonBy(t, func(address string) string {
		to, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			lost := false
			switch {
			case strings.HasPrefix(r.URL.Path, "/v1/files/") && r.Method == http.MethodPut:
				lost = puts.Add(1) == 1
			case r.URL.Path == "/v1/operations" && puts.Load() > 0:
				lost = deliveries.Add(1) == 1
			}
			if lost {
				through.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
			through.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		return server.URL
	})
	p.signUp()
	p.logIn(true)
	wait(t, "the meetings", func() bool { _, ok := p.app.Meetings.Get(approvedMeeting); return ok })
	m, _ := p.app.Meetings.Get(approvedMeeting)
	in := filled(t, m)
	p.adds(&in, "letter", "letter.pdf", aLetter)
	if err := p.app.Registrations.Submit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	wait(t, "the registration", func() bool {
		p.app.Sync.Now()
		mine, _ := p.app.Registrations.Get(approvedMeeting)
		return mine.Number != ""
	})
	if list := p.app.Registrations.List(); len(list) != 1 || puts.Load() != 2 || deliveries.Load() < 2 {
		t.Errorf("%d registrations, %d uploads, %d deliveries", len(list), puts.Load(), deliveries.Load())
	}
	if content, err := p.app.Registrations.File(t.Context(), in.Answers["letter"][0]); err != nil || !bytes.Equal(content, aLetter) {
		t.Errorf("at the service: %v", err)
	}
}

// A focal point registers somebody with a photo, without network, and reads it in the
// delegation then.
func TestFiles_ofTheDelegation(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.appointed()
	wait(t, "the appointment", func() bool { kind, _ := p.app.Delegation.About(); return kind == api.FocalPoint })
	p.online(false)
	in := p.filledWithFiles()
	if err := p.app.Delegation.RegisterFor(t.Context(), api.RegisterFor{Register: in, FirstName: "Zoë", FamilyName: "Ng", Language: "fr"}, ""); err != nil {
		t.Fatal(err)
	}
	p.online(true)
	wait(t, "the delegate", func() bool { return len(p.delegate().Files) == 2 })
	one := p.delegate()
	if content, err := p.app.Registrations.File(t.Context(), one.Files[0].ID); err != nil || one.Files[0].Name != "letter.pdf" || !bytes.Equal(content, aLetter) {
		t.Errorf("%+v: %v", one.Files, err)
	}
}
