package httpapi

import (
	"context"
	"net/http"
	"time"

	"plenary/api"
	"plenary/service/caller"
)

// mailTestTime is for operations that ask a mail server, which may take 15 seconds.
const mailTestTime = 25 * time.Second

func (s *API) registerMail() {
	s.registerMailServer()
	secured(s, operation{Route: "GET /v1/mail/automatic", ID: "list-automatic-mails", Tag: "mail", Roles: administrators, Summary: "The e-mails that go out by themselves"},
		ask(s.Mail.Automatic))
	type switchMail struct {
		Template string `path:"template" maxLength:"40"`
		Body     api.Switch
	}
	secured(s, operation{
		Route: "PUT /v1/mail/automatic/{template}", ID: "switch-automatic-mail", Tag: "mail", Roles: administrators, Proof: true,
		Summary: "Switch the e-mails of a template on or off",
		Codes:   []api.Code{api.CodeWrongState},
	}, func(ctx context.Context, who caller.Caller, q *switchMail) (*none, error) {
		return nil, s.Mail.Switch(ctx, who, q.Template, q.Body)
	})
	secured(s, operation{
		Route: "GET /v1/mail/outgoing", ID: "list-outgoing-mails", Tag: "mail", Roles: administrators,
		Summary: "Outgoing e-mails, the newest first, without what they say",
	}, search(s.Mail.Outgoing))
	secured(s, operation{
		Route: "POST /v1/exports/mails", ID: "export-mails", Tag: "mail", Roles: administrators,
		Summary: "Note that outgoing e-mails are going to be exported",
	}, doWith(s.Mail.ExportMails))
	secured(s, operation{
		Route: "POST /v1/mail/outgoing/{id}/again", ID: "send-mail-again", Tag: "mail", Status: http.StatusAccepted, Roles: administrators, Proof: true,
		Summary: "Send an e-mail again; one with a link gets a new one",
		Codes:   []api.Code{api.CodeWrongState},
	}, doAbout(s.Mail.SendAgain))
}

func (s *API) registerMailServer() {
	secured(s, operation{
		Route: "GET /v1/mail/settings", ID: "get-mail-settings", Tag: "mail", Roles: administrators,
		Summary: "The organization's mail server, without its password",
	}, ask(s.Mail.Show))
	secured(s, operation{
		Route: "PUT /v1/mail/settings", ID: "save-mail-settings", Tag: "mail", Roles: administrators, Proof: true, Time: mailTestTime,
		Summary: "Save the mail server's settings if they work",
		Codes:   []api.Code{api.CodeMailFailed, api.CodeOutdated},
	}, doWith(s.Mail.Save))
	secured(s, operation{
		Route: "POST /v1/mail/test", ID: "test-mail", Tag: "mail", Roles: administrators, Proof: true, Time: mailTestTime,
		Summary: "EMail Test: try settings step by step, with an e-mail to oneself, within 15 seconds",
	}, askWith(s.Mail.Test))
	secured(s, operation{Route: "GET /v1/mail/test/last", ID: "get-last-mail-test", Tag: "mail", Roles: administrators, Summary: "One's own last test, also that of saving, and how far one is that goes on"},
		ask(s.Mail.LastTest))
}
