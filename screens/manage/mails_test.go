package manage

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func testMails(t *testing.T, service *screentest.Mailer) (*Mails, fyne.Window) {
	t.Helper()
	m := NewMails(screentest.NewEnv(t), service, registrationsCatalog(), "C-00016512", MailsEvents{Back: func() {}})
	t.Cleanup(m.Close)
	return m, screentest.Show(t, m.Content(), 1024, 700)
}

// writeMail types an e-mail in two languages.
func writeMail(t *testing.T, m *Mails, w fyne.Window) {
	t.Helper()
	m.write()
	screentest.Input(t, w, "mails.subject").SetText("Another room")
	screentest.Input(t, w, "mails.text").SetText("It is room 2.")
	m.writer.language.OnChange("fr")
	screentest.Input(t, w, "mails.subject").SetText("Une autre salle")
	screentest.Input(t, w, "mails.text").SetText("C’est la salle 2.")
	m.writer.to.state.Set(api.Confirmed)
	m.writer.to.state.OnChange(api.Confirmed)
}

func TestMails_pictures(t *testing.T) {
	var m *Mails
	service := screentest.NewMailer()
	build := func(e kit.Env) fyne.CanvasObject {
		*service = *screentest.NewMailer()
		m = NewMails(e, service, registrationsCatalog(), "C-00016512", MailsEvents{Back: func() {}})
		t.Cleanup(m.Close)
		return m.Content()
	}
	screentest.Capture(t, "mails-list", build, func(fyne.Window) { m.toggle("n3") })
	screentest.Capture(t, "mails-write", build, func(w fyne.Window) { writeMail(t, m, w) })
	screentest.Capture(t, "mails-preview", build, func(w fyne.Window) {
		writeMail(t, m, w)
		m.writer.look()
	})
	screentest.CaptureFew(t, "mails-refused", build, func(w fyne.Window) {
		writeMail(t, m, w)
		m.writer.look()
		m.preview.sendIt()
		service.Send(api.CodeNotFound)
	})
}

// What is sent is what the preview showed; it waits, and stands among the others once the
// service has it.
func TestMails_sendsWhatWasPreviewed(t *testing.T) {
	service := screentest.NewMailer()
	m, w := testMails(t, service)
	writeMail(t, m, w)
	if service.Draft.Text["fr"] != "C’est la salle 2." || service.Draft.To.State != api.Confirmed {
		t.Errorf("kept is %+v", service.Draft)
	}
	screentest.Tap(t, w, "mails.preview")
	if text := m.preview.send.Text(); text != "Send to 312 people" {
		t.Errorf("the button says %q", text)
	}
	m.preview.choose("fr")
	if text, ok := screentest.Find(w, "mails.preview.text").(*parts.Text); !ok || !strings.Contains(text.String(), "C’est la salle 2.") {
		t.Error("the French e-mail is not shown")
	}
	screentest.Tap(t, w, "mails.send")
	if len(service.Waiting) != 1 || service.Waiting[0].Subject["fr"] != "Une autre salle" || service.Waiting[0].To.State != api.Confirmed || service.Waiting[0].Meeting != "C-00016512" {
		t.Fatalf("waiting is %+v", service.Waiting)
	}
	if m.writer.any() || len(service.Draft.Text) != 0 || m.writer.content.Visible() {
		t.Error("the e-mail is there to be sent again")
	}
	if m.waiting() != 1 {
		t.Errorf("%d wait", m.waiting())
	}
	service.Send("")
	if m.waiting() != 0 || len(m.notices) != 4 || m.notices[0].Subject["en"] != "Another room" {
		t.Errorf("%d wait, %d are there", m.waiting(), len(m.notices))
	}
}

// What the service has refused can be taken up again, and replaces nothing without a
// question.
func TestMails_refusedGoesOn(t *testing.T) {
	service := screentest.NewMailer()
	m, w := testMails(t, service)
	writeMail(t, m, w)
	m.writer.look()
	m.preview.sendIt()
	service.Send(api.CodeNotFound)
	screentest.Tap(t, w, "mails.write")
	screentest.Input(t, w, "mails.subject").SetText("Something else")
	screentest.Tap(t, w, "mails.leave")
	screentest.Tap(t, w, "mails.refused.op0.again")
	if len(service.Waiting) != 1 || m.writer.subject["en"] != "Something else" {
		t.Fatal("what was being written is gone without a question")
	}
	screentest.Tap(t, w, "mails.again.yes")
	if len(service.Waiting) != 0 || m.writer.subject["fr"] != "Une autre salle" || service.Draft.Text["en"] != "It is room 2." {
		t.Errorf("left is %+v, written %v, kept %+v", service.Waiting, m.writer.subject, service.Draft)
	}
}

// What is refused is discarded after a question that names it.
func TestMails_refusedIsDiscarded(t *testing.T) {
	service := screentest.NewMailer()
	m, w := testMails(t, service)
	writeMail(t, m, w)
	m.writer.look()
	m.preview.sendIt()
	service.Send(api.CodeNotFound)
	screentest.Tap(t, w, "mails.refused.op0.dismiss")
	screentest.Tap(t, w, "mails.refused.op0.discard.no")
	if len(service.Waiting) != 1 {
		t.Fatal("it is gone in spite of no")
	}
	screentest.Tap(t, w, "mails.refused.op0.dismiss")
	screentest.Tap(t, w, "mails.refused.op0.discard.yes")
	if len(service.Waiting) != 0 || len(m.mailings) != 0 || screentest.Find(w, "mails.refused.op0.dismiss") != nil {
		t.Errorf("still there is %+v", service.Waiting)
	}
}

// Whoever has left the e-mail is not brought back by its preview, and whoever reads another
// one goes on reading while the numbers change.
func TestMails_leavesAlone(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewMailer()
	m := NewMails(e, service, registrationsCatalog(), "C-00016512", MailsEvents{Back: func() {}})
	t.Cleanup(m.Close)
	w := screentest.Show(t, m.Content(), 1024, 700)
	steps.All()
	writeMail(t, m, w)
	steps.All()
	for name, leave := range map[string]func(){"Esc": func() { m.Back(); m.Back() }, "the button": func() { screentest.Tap(t, w, "mails.leave") }} {
		m.write()
		m.writer.look()
		leave()
		steps.All()
		if m.preview.content.Visible() || !m.list.Visible() {
			t.Errorf("left by %s, the preview comes all the same", name)
		}
	}
	m.Back()
	link := func() fyne.Focusable { return screentest.Widget(t, w, "mails.n3.text").(fyne.Focusable) }
	parts.Focus(link())
	screentest.Press(t, w, fyne.KeySpace)
	if !m.open["n3"] || w.Canvas().Focused() != link() {
		t.Errorf("open %t, the keyboard is at %v", m.open["n3"], w.Canvas().Focused())
	}
	// An answer that does not come is not asked for all the time.
	service.Err = client.ErrUnreachable
	m.asked = m.asked.Add(-noticesEvery)
	m.Tick()
	steps.All()
	m.Tick()
	if steps.Len() != 0 {
		t.Error("asked again at once")
	}
}

// Mistakes stand at their places, in the language in which they are.
func TestMails_mistakes(t *testing.T) {
	service := screentest.NewMailer()
	m, w := testMails(t, service)
	screentest.Tap(t, w, "mails.write")
	w.Canvas().Unfocus()
	screentest.Tap(t, w, "mails.preview")
	if len(service.Previewed) != 0 || m.writer.form.Field("subject").Error() == "" || m.writer.form.Field("text").Error() == "" {
		t.Error("an empty e-mail has no mistake")
	}
	if w.Canvas().Focused() != m.writer.form.First() {
		t.Error("the keyboard is not where the first mistake is")
	}
	if m.writer.form.Field("subject").Check(); m.writer.form.Field("subject").Error() == "" { // as it is judged when it is left
		t.Error("the mistake is gone once the keyboard is elsewhere")
	}
	writeMail(t, m, w)
	screentest.Input(t, w, "mails.text").SetText("")
	m.writer.language.OnChange("en")
	screentest.Tap(t, w, "mails.preview")
	if m.writer.lang != "fr" || m.writer.form.Field("text").Error() != m.env.T("mails.wrong.text.required") {
		t.Errorf("shown is %s with %q", m.writer.lang, m.writer.form.Field("text").Error())
	}
	screentest.Input(t, w, "mails.text").SetText("C’est la salle 2.")
	service.PreviewErr = &api.Problem{Status: 422, Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/subject/en", Code: api.FieldTooLong}}}
	screentest.Tap(t, w, "mails.preview")
	if m.writer.lang != "en" || m.writer.form.Field("subject").Error() == "" {
		t.Errorf("shown is %s with %q", m.writer.lang, m.writer.form.Field("subject").Error())
	}
}

// swiftMailer sends at once, so that the page never hears that something waits.
type swiftMailer struct{ *screentest.Mailer }

func (s swiftMailer) MailParticipants(ctx context.Context, in api.MailParticipants) error {
	err := s.Mailer.MailParticipants(ctx, in)
	s.Waiting = nil
	s.Told = append(s.Told, api.Notice{ID: "n4", Kind: api.NoticeMail, Made: screentest.Now, Subject: in.Subject, Text: in.Text})
	return err
}

func TestMails_sentBeforeItIsSeenToWait(t *testing.T) {
	m := NewMails(screentest.NewEnv(t), swiftMailer{screentest.NewMailer()}, registrationsCatalog(), "C-00016512", MailsEvents{Back: func() {}})
	t.Cleanup(m.Close)
	w := screentest.Show(t, m.Content(), 1024, 700)
	writeMail(t, m, w)
	screentest.Tap(t, w, "mails.preview")
	screentest.Tap(t, w, "mails.send")
	if screentest.Find(w, "mails.n4.text") == nil {
		t.Error("the e-mail that was sent is not shown")
	}
}

// Nobody is sent nothing, and what goes nowhere says so.
func TestMails_toNobody(t *testing.T) {
	service := screentest.NewMailer()
	service.People = 0
	m, w := testMails(t, service)
	writeMail(t, m, w)
	m.writer.look()
	if m.preview.send.Visible() || !m.preview.content.Visible() {
		t.Error("it can be sent to nobody")
	}
}

// An e-mail that is on its way is looked after; the draft of another one is there again.
func TestMails_progressAndDraft(t *testing.T) {
	service := screentest.NewMailer()
	service.Draft = api.MailParticipants{Meeting: "C-00016512", Subject: api.Text{"en": "Half"}, Text: api.Text{"en": "written"}, To: api.Recipients{Country: "FR"}}
	m, w := testMails(t, service)
	if m.begin.Text() != m.env.T("mails.write.on") {
		t.Errorf("the button says %q", m.begin.Text())
	}
	screentest.Tap(t, w, "mails.write")
	if screentest.Input(t, w, "mails.subject").Text != "Half" || m.writer.to.chosen() != service.Draft.To {
		t.Errorf("written is %+v", m.writer.entered())
	}
	service.Told[0].Told = 3120
	service.Told[0].Done = screentest.Now
	m.Tick() // too soon
	if m.notices[0].Told != 1200 {
		t.Error("asked again at once")
	}
	// A country that was chosen can be any again.
	screentest.Pick(m.writer.to.country, anyOne)
	if to := m.writer.to.chosen(); to != (api.Recipients{}) || service.Draft.To != to {
		t.Errorf("it goes to %+v, kept is %+v", to, service.Draft.To)
	}
	m.asked = m.asked.Add(-noticesEvery)
	m.Tick()
	if m.notices[0].Told != 3120 {
		t.Error("how far it is was not asked for")
	}
	service.Told[0].Told = 1
	m.asked = m.asked.Add(-time.Hour)
	m.Tick()
	if m.notices[0].Told != 3120 {
		t.Error("asked though all were told")
	}
	if m.Back(); m.writer.content.Visible() {
		t.Error("Esc does not lead back")
	}
}
