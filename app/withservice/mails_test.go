package withservice

import (
	"strings"
	"testing"

	"plenary/api"
)

// An e-mail to participants that waits here goes once, however often it is delivered, and
// is at the service then.
func TestMailings_waitAndGo(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.staff(api.RoleMeetingManager)
	service := p.app.Service
	if err := p.app.Registrations.Submit(t.Context(), register(openMeeting)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the confirmation", func() bool { return p.state(openMeeting) == api.Confirmed })
	in := api.MailParticipants{Meeting: openMeeting, Subject: api.Text{"en": "Another room"}, Text: api.Text{"en": "It is room 2."}}
	if err := service.KeepMailDraft(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if kept, ok := service.MailDraft(openMeeting); !ok || kept.Text["en"] != in.Text["en"] {
		t.Fatalf("kept is %+v", kept)
	}
	preview, err := service.PreviewMail(t.Context(), in)
	if err != nil || preview.People != 1 || preview.Letters[0].People != 1 || len(preview.Letters) != 1 || !strings.Contains(preview.Letters[0].Text, "It is room 2.") || !strings.Contains(preview.Letters[0].Text, openMeeting) {
		t.Fatalf("%+v, %v", preview, err)
	}
	p.online(false)
	if err := service.MailParticipants(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, ok := service.MailDraft(openMeeting); ok {
		t.Error("the draft is still there")
	}
	if work, err := p.app.Session.LocalWork(t.Context()); err != nil || work.Drafts != 0 {
		t.Errorf("%+v, %v", work, err)
	}
	if waits := service.Mailings(openMeeting); len(waits) != 1 || waits[0].Refused || len(service.Mailings("C-1")) != 0 {
		t.Errorf("waiting are %+v", waits)
	}
	p.online(true)
	wait(t, "the e-mail to be sent", func() bool { return len(service.Mailings(openMeeting)) == 0 })
	list, err := service.Notices(t.Context(), openMeeting)
	if err != nil || len(list) != 1 || list[0].Total != preview.People || list[0].Subject["en"] != "Another room" {
		t.Errorf("%+v, %v", list, err)
	}
	// One that the service refuses can be looked at and dismissed.
	in.Meeting = "C-00099999"
	if err := service.MailParticipants(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	wait(t, "the refusal", func() bool { list := service.Mailings(in.Meeting); return len(list) == 1 && list[0].Refused })
	waits := service.Mailings(in.Meeting)
	if waits[0].Code != api.CodeNotFound {
		t.Fatalf("refused are %+v", waits)
	}
	if err := service.DismissMailing(t.Context(), waits[0].Operation); err != nil || len(service.Mailings(in.Meeting)) != 0 {
		t.Errorf("left are %+v, %v", service.Mailings(in.Meeting), err)
	}
}
