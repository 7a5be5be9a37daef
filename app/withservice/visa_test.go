package withservice

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/app"
)

// Visa support from the form to the answer: asked for without network, confirmed by a
// manager, read and answered by an officer, read by its person. The passport's number is in
// no file of the program's or the service's afterwards.
func TestVisa_fromTheFormToTheAnswer(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	wait(t, "meetings", func() bool { return !p.app.Meetings.Refreshed().IsZero() })
	meeting, err := p.app.Meetings.Find(t.Context(), approvedMeeting)
	if err != nil {
		t.Fatal(err)
	}
	const number = "QX7731905"
	in := filled(t, meeting)
	in.Participation, in.BadgeName, in.Visa = api.OnSite, "Elena García", true
	in.Passport = &api.Passport{
		FamilyName: "García", Nationality: "ES", Birth: "1980-02-29", BirthPlace: "Soria", Number: number,
		Issued: "2020-05-04", Expires: meeting.End().AddDate(3, 0, 0).Format("2006-01-02"),
	}
	p.online(false)
	if err := p.app.Registrations.Submit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if p.state(approvedMeeting) != app.StateWaitingToSend {
		t.Errorf("without network it is %q", p.state(approvedMeeting))
	}
	p.online(true)
	p.app.Sync.Now()
	wait(t, "the acknowledgement", func() bool { return p.state(approvedMeeting) == api.WaitingSecretariat })
	mine, _ := p.app.Registrations.Get(approvedMeeting)
	if mine.Visa != api.VisaAsked {
		t.Errorf("visa support is %q", mine.Visa)
	}
	if got, err := p.app.Registrations.Passport(t.Context(), mine.Number); err != nil || got.Number != number {
		t.Errorf("her own passport: %+v, %v", got, err)
	}
	p.approved(mine.Number)
	p.app.Sync.Now()
	wait(t, "the confirmation", func() bool {
		mine, _ = p.app.Registrations.Get(approvedMeeting)
		return mine.Visa == api.VisaWaiting
	})
	if err := p.app.Session.LogOut(t.Context(), app.UnsentKeep); err != nil {
		t.Fatal(err)
	}
	p.staff(api.RoleMeetingManager)
	if _, err := p.app.Service.Visas(t.Context(), api.VisaFilter{}); kind(err) != string(api.CodeForbidden) {
		t.Errorf("a manager lists the cases: %v", err)
	}
	if _, err := p.app.Service.Visa(t.Context(), mine.Number); kind(err) != string(api.CodeNotFound) {
		t.Errorf("a manager reads a passport: %v", err)
	}
	if err := p.app.Session.LogOut(t.Context(), app.UnsentKeep); err != nil {
		t.Fatal(err)
	}
	p.staff(api.RoleVisa)
	page, err := p.app.Service.Visas(t.Context(), api.VisaFilter{State: api.VisaWaiting})
	if err != nil || page.Waiting < 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	one, err := p.app.Service.Visa(t.Context(), mine.Number)
	if err != nil || one.Passport == nil || one.Passport.Number != number {
		t.Fatalf("the officer reads %+v, %v", one, err)
	}
	if err := p.app.Service.AnswerVisa(t.Context(), api.AnswerVisa{Registration: mine.Number, Grant: true, Answer: "The letter was sent."}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the answer to be sent", func() bool { return len(p.app.Service.VisaAnswers()) == 0 })
	if err := p.app.Session.LogOut(t.Context(), app.UnsentKeep); err != nil {
		t.Fatal(err)
	}
	p.logIn(true)
	p.app.Sync.Now()
	wait(t, "the answer", func() bool {
		mine, _ = p.app.Registrations.Get(approvedMeeting)
		return mine.VisaAnswer == "The letter was sent." && mine.Visa == api.VisaAnswered
	})
	wait(t, "the e-mail", func() (told bool) {
		for _, m := range p.mails() {
			told = told || strings.Contains(m.Subject, "visa") || strings.Contains(m.Subject, "Visa")
			if strings.Contains(m.Text, number) {
				t.Errorf("an e-mail has the number: %s", m.Text)
			}
		}
		return told
	})
	p.quit()
	err = filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), number) {
			t.Errorf("%s has the number", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
