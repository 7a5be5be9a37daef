package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/mail/mailtest"
	"plenary/service/store"
)

// withMail lets administrators set a mail server on this machine.
func withMail(t *testing.T) func(*Deps) {
	return func(d *Deps) {
		limits := mail.Limits{None: true, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
		settings := mail.NewSettings(d.DB, serviceKey, limits, nil, "desk@example.org", slog.New(slog.DiscardHandler))
		if _, err := settings.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.Mail = mail.NewAdmin(mail.Deps{
			DB: d.DB, Settings: settings, Now: time.Now, Audit: audit.New(serviceKey, time.Now),
			Info:    func(context.Context) (mail.Info, error) { return mail.Info{Organization: "Example"}, nil },
			Account: d.Accounts.Account, Accounts: d.Accounts.MailAgain, Registrations: d.Registrations.MailAgain,
		})
	}
}

func mailServer(s *mailtest.Server) api.MailSettings {
	return api.MailSettings{Host: s.Host, Port: s.Port, Security: api.MailNone, Sender: "no-reply@example.org"}
}

// mailOperations are all of them.
var mailOperations = []struct {
	method, path string
	body         any
	proof        bool
}{
	{"GET", "/v1/mail/settings", nil, false},
	{"PUT", "/v1/mail/settings", api.MailSettings{Security: api.MailTLS}, true},
	{"POST", "/v1/mail/test", api.TestMail{Settings: api.MailSettings{Security: api.MailTLS}}, true},
	{"GET", "/v1/mail/test/last", nil, false},
	{"GET", "/v1/mail/automatic", nil, false},
	{"PUT", "/v1/mail/automatic/active", api.Switch{}, true},
	{"GET", "/v1/mail/outgoing", nil, false},
	{"POST", "/v1/mail/outgoing/0193b5a0-0000-7000-8000-000000000000/again", nil, true},
}

func TestMail_isForAdministratorsAndChangesNeedAProof(t *testing.T) {
	s := serve(t, withMail(t))
	admin, others := s.account("admin", api.RoleAdministrator), []api.Session{s.account("nobody"), s.account("manager", api.RoleMeetingManager)}
	for _, o := range mailOperations {
		if a := s.do(o.method, o.path, ""); a.problem(t).Code != api.CodeUnauthenticated {
			t.Errorf("%s %s without a session: %s", o.method, o.path, a.body)
		}
		for _, other := range others {
			if a := s.as(other, o.method, o.path, o.body, nil); a.problem(t).Code != api.CodeForbidden {
				t.Errorf("%s %s as %s: %s", o.method, o.path, other.Account.Username, a.body)
			}
		}
		if a := s.as(admin, o.method, o.path, o.body, nil); o.proof && a.problem(t).Code != api.CodeProofNeeded {
			t.Errorf("%s %s without a proof: %s", o.method, o.path, a.body)
		}
	}
	s.prove(admin.Access)
	for _, o := range mailOperations {
		a := s.as(admin, o.method, o.path, o.body, nil)
		if a.StatusCode == http.StatusForbidden || a.StatusCode >= 500 {
			t.Errorf("%s %s: %d %s", o.method, o.path, a.StatusCode, a.body)
		}
	}
}

// From the first test to the e-mail sent again, as an administrator does it.
func TestMail_testedSavedAndSentAgain(t *testing.T) {
	server := mailtest.Start(t, mailtest.Manners{})
	dead := mailtest.Start(t, mailtest.Manners{OnSender: func(string) error { return mailtest.Refuse(553) }})
	s := serve(t, withMail(t))
	admin := s.account("admin", api.RoleAdministrator)
	s.prove(admin.Access)

	var test api.MailTest
	if a := s.as(admin, "POST", "/v1/mail/test", api.TestMail{Settings: mailServer(server)}, &test); a.StatusCode != 200 || !test.OK || test.Recipient != "admin@example.org" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if inbox := server.Inbox(); len(inbox) != 1 || inbox[0].To != "admin@example.org" {
		t.Errorf("arrived: %+v", inbox)
	}
	var now api.MailSettings
	s.as(admin, "GET", "/v1/mail/settings", nil, &now)
	save := func(server *mailtest.Server) answered {
		in := mailServer(server)
		in.Version = now.Version
		return s.as(admin, "PUT", "/v1/mail/settings", in, nil)
	}
	if a := save(dead); a.problem(t).Code != api.CodeMailFailed || a.StatusCode != 422 || strings.Contains(string(a.body), "SERVER-TEXT") {
		t.Errorf("settings that do not work: %d %s", a.StatusCode, a.body)
	}
	a := s.as(admin, "GET", "/v1/mail/test/last", nil, &test)
	failed := slices.IndexFunc(test.Steps, func(m api.MailStep) bool { return m.State == api.MailStepFailed })
	if a.StatusCode != 200 || test.OK || failed < 0 || test.Steps[failed].Step != api.MailStepSender || test.Steps[failed].Code != 553 || strings.Contains(string(a.body), "SERVER-TEXT") {
		t.Errorf("the steps of saving: %d %s", a.StatusCode, a.body)
	}
	if a := save(server); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := save(server); a.StatusCode != http.StatusConflict || a.problem(t).Code != api.CodeOutdated {
		t.Errorf("settings of before: %d %s", a.StatusCode, a.body)
	}
	var settings api.MailSettings
	if a := s.as(admin, "GET", "/v1/mail/settings", nil, &settings); settings.Origin != "saved" || settings.Port != server.Port {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}

	if err := s.deps.DB.Update(t.Context(), func(tx *store.Tx) error {
		s.outbox().Queue(tx, mail.Message{
			To: "admin@example.org", Template: mail.PasswordChanged, Subject: admin.Account.ID, Params: map[string]string{"Username": "admin"},
		})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var page api.OutgoingMails
	if a := s.as(admin, "GET", "/v1/mail/outgoing?state=waiting&query=ADMIN@", nil, &page); len(page.Mails) != 1 || page.Waiting != 1 || !page.Mails[0].Again {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if err := s.deps.DB.Update(t.Context(), func(tx *store.Tx) error {
		tx.Do(`UPDATE mails SET state = 'sent', done_at = 1`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if a := s.as(admin, "POST", "/v1/mail/outgoing/"+page.Mails[0].ID+"/again", nil, nil); a.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if s.as(admin, "GET", "/v1/mail/outgoing", nil, &page); len(page.Mails) != 2 || page.Mails[0].Template != mail.PasswordChanged {
		t.Errorf("%+v", page)
	}
}

func TestMail_switchesAutomaticMails(t *testing.T) {
	s := serve(t, withMail(t))
	admin := s.account("admin", api.RoleAdministrator)
	s.prove(admin.Access)
	for _, tc := range []struct {
		template string
		status   int
	}{
		{mail.Active, http.StatusNoContent},
		{mail.RegistrationConfirmed, http.StatusNoContent},
		{mail.Reset, http.StatusConflict},
		{mail.PasswordChanged, http.StatusConflict},
		{"lottery", http.StatusNotFound},
	} {
		if a := s.as(admin, "PUT", "/v1/mail/automatic/"+tc.template, api.Switch{}, nil); a.StatusCode != tc.status {
			t.Errorf("%s: %d %s", tc.template, a.StatusCode, a.body)
		}
	}
	var all api.AutomaticMails
	s.as(admin, "GET", "/v1/mail/automatic", nil, &all)
	var off []string
	for _, m := range all.Mails {
		if !m.On {
			off = append(off, m.Template)
		}
	}
	if !slices.Equal(off, []string{mail.Active, mail.RegistrationConfirmed}) {
		t.Errorf("switched off: %v", off)
	}
}

func TestMail_hostileInputIsRefused(t *testing.T) {
	s := serve(t, withMail(t))
	admin := s.account("admin", api.RoleAdministrator)
	s.prove(admin.Access)
	as := []string{"Authorization", "Bearer " + admin.Access}
	settings := func(change string) string {
		return fmt.Sprintf(`{"host":"mail.example.org","port":25,"security":"tls","sender":"a@example.org"%s}`, change)
	}
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
	}{
		{"header in the sender", "PUT", "/v1/mail/settings", `{"host":"mail.example.org","port":25,"security":"tls","sender":"a@example.org\r\nBcc: b@example.org"}`, 422},
		{"header in reply-to", "PUT", "/v1/mail/settings", settings(`,"reply_to":"a@example.org\nBcc: b@example.org"`), 422},
		{"duplicate key", "PUT", "/v1/mail/settings", settings(`,"host":"127.0.0.1"`), 400},
		{"unknown key", "PUT", "/v1/mail/settings", settings(`,"loopback":true`), 422},
		{"a huge password", "PUT", "/v1/mail/settings", settings(`,"password":"` + strings.Repeat("x", 2000) + `"`), 422},
		{"security of another kind", "POST", "/v1/mail/test", `{"settings":{"host":"h","port":25,"security":"off","sender":"a@example.org"}}`, 422},
		{"a port beyond ports", "POST", "/v1/mail/test", `{"settings":{"host":"h","port":65536,"security":"tls","sender":"a@example.org"}}`, 422},
		{"another state", "GET", "/v1/mail/outgoing?state=all", "", 422},
		{"a broken cursor", "GET", "/v1/mail/outgoing?after=%27", "", 422},
		{"no id", "POST", "/v1/mail/outgoing/x/again", "", 404},
		{"nobody's id", "POST", "/v1/mail/outgoing/0193b5a0-0000-7000-8000-000000000000/again", "", 404},
	} {
		a := s.do(tc.method, tc.path, tc.body, as...)
		if a.StatusCode != tc.status || strings.Contains(string(a.body), "Bcc") {
			t.Errorf("%s: %d %s", tc.name, a.StatusCode, a.body)
		}
	}
	var now api.MailSettings
	if s.as(admin, "GET", "/v1/mail/settings", nil, &now); now.Origin != "missing" {
		t.Errorf("something was saved: %+v", now)
	}
}

func (s *server) outbox() *mail.Outbox { return mail.NewOutbox(serviceKey, time.Now) }
