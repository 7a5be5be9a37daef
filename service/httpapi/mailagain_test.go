package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/store"
)

// exec changes the database behind everybody's back.
func (s *server) exec(query string, args ...any) {
	s.t.Helper()
	if err := s.deps.DB.Update(s.t.Context(), func(tx *store.Tx) error {
		tx.Do(query, args...)
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
}

// mails are the e-mails of a template, newest first, with their secrets.
func (s *server) mails(template string) (found []mail.Shown) {
	s.t.Helper()
	for m, err := range s.outgoing() {
		if err != nil {
			s.t.Fatal(err)
		}
		if m.Template == template {
			found = append(found, m)
		}
	}
	return found
}

// What the list offers to send again can be sent again, and nothing else.
func TestSendAgain_doesWhatTheListOffers(t *testing.T) {
	s := serve(t, withMail(t))
	admin := s.account("admin", api.RoleAdministrator)
	s.prove(admin.Access)
	var all api.AutomaticMails
	s.as(admin, "GET", "/v1/mail/automatic", nil, &all)
	for _, kind := range all.Mails {
		switch {
		case kind.Template == mail.Activate, kind.Template == mail.Invited, kind.Template == mail.Reset, kind.Template == mail.ResetWaiting, kind.Template == mail.MeetingCancelled, strings.HasPrefix(kind.Template, "registration-"):
			continue // about something else than an account
		}
		s.exec(`DELETE FROM mails`)
		if err := s.deps.DB.Update(t.Context(), func(tx *store.Tx) error {
			s.outbox().Queue(tx, mail.Message{To: "admin@example.org", Template: kind.Template, Subject: admin.Account.ID})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		s.exec(`UPDATE mails SET state = 'sent', params = '{}', done_at = 1`)
		var page api.OutgoingMails
		s.as(admin, "GET", "/v1/mail/outgoing", nil, &page)
		want := http.StatusConflict
		if page.Mails[0].Again {
			want = http.StatusAccepted
		}
		if a := s.as(admin, "POST", "/v1/mail/outgoing/"+page.Mails[0].ID+"/again", nil, nil); a.StatusCode != want {
			t.Errorf("%s is offered %v, and then: %d %s", kind.Template, page.Mails[0].Again, a.StatusCode, a.body)
		}
	}
}

// E-mails with a link and a code get new ones, and the old code is worth nothing.
func TestSendAgain_withANewLinkAndCode(t *testing.T) {
	s := serve(t, withMail(t))
	admin := s.account("admin", api.RoleAdministrator)
	s.prove(admin.Access)
	if a := s.post("/v1/account/sign-up", signUp(flowA, "boris@example.org", "boris")); a.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	s.post("/v1/account/recovery", api.Recover{Flow: flowB, Identifier: "admin"})
	if a := s.post("/v1/account/recovery/send", api.Flow{Token: flowB}); a.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, template := range []string{mail.Activate, mail.Reset} {
		before := s.mails(template)
		if len(before) != 1 {
			t.Fatalf("%s: %d e-mails", template, len(before))
		}
		s.exec(`UPDATE mails SET state = 'failed', done_at = 1, secrets = NULL, params = '{}' WHERE id = $1`, before[0].ID)
		if a := s.as(admin, "POST", "/v1/mail/outgoing/"+before[0].ID+"/again", nil, nil); a.StatusCode != http.StatusAccepted {
			t.Fatalf("%s: %d %s", template, a.StatusCode, a.body)
		}
		after := s.mails(template)
		if len(after) != 2 || after[0].To != before[0].To || after[0].Secrets[mail.Code] == before[0].Secrets[mail.Code] ||
			after[0].Secrets[mail.Link] == before[0].Secrets[mail.Link] || after[0].Secrets[mail.Link] == "" {
			t.Fatalf("%s: %+v", template, after)
		}
		old, now := before[0].Secrets[mail.Code], after[0].Secrets[mail.Code]
		path, body := "/v1/account/recovery/check", func(code string) any { return api.RecoveryCode{Flow: flowB, Code: code} }
		if template == mail.Activate {
			path, body = "/v1/account/activate", func(code string) any { return api.Activate{Flow: flowA, Code: code, Password: password} }
		}
		if a := s.post(path, body(old)); a.StatusCode < 400 {
			t.Errorf("%s: the old code still counts: %d", template, a.StatusCode)
		}
		if a := s.post(path, body(now)); a.StatusCode >= 300 {
			t.Errorf("%s: the new code: %d %s", template, a.StatusCode, a.body)
		}
	}
	// The sign-up was used, and there is nothing to activate any more.
	if a := s.as(admin, "POST", "/v1/mail/outgoing/"+s.mails(mail.Activate)[1].ID+"/again", nil, nil); a.problem(t).Code != api.CodeWrongState {
		t.Errorf("after the activation: %d %s", a.StatusCode, a.body)
	}
}
