package httpapi

import (
	"context"
	"net/http"
	"time"

	"plenary/api"
	"plenary/service/accounts"
	"plenary/service/mail"
)

// mailTestTime is for operations that ask a mail server, which may take 15 seconds.
const mailTestTime = 25 * time.Second

func (s *API) registerMail() {
	s.registerMailServer()
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/mail/automatic", ID: "list-automatic-mails", Tag: "mail",
		Summary: "The e-mails that go out by themselves", Roles: administrators,
	}, func(ctx context.Context, _ accounts.Principal, _ *none) (*out[api.AutomaticMails], error) {
		return answer(s.Mail.Automatic(ctx))
	})
	type switchMail struct {
		Template string `path:"template" maxLength:"40"`
		Body     api.Switch
	}
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/mail/automatic/{template}", ID: "switch-automatic-mail", Tag: "mail", Status: statusNoContent,
		Summary: "Switch the e-mails of a template on or off", Roles: administrators, Proof: true,
		Codes: []api.Code{api.CodeWrongState},
	}, func(ctx context.Context, _ accounts.Principal, q *switchMail) (*none, error) {
		return nil, s.Mail.Switch(ctx, q.Template, q.Body.On)
	})
	type listOutgoing struct {
		State string `query:"state" enum:"waiting,sent,failed,expired"`
		Query string `query:"query" maxLength:"254" doc:"part of the recipient's address"`
		After string `query:"after" maxLength:"400" doc:"next of the page before"`
	}
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/mail/outgoing", ID: "list-outgoing-mails", Tag: "mail",
		Summary: "Outgoing e-mails, the newest first, without what they say", Roles: administrators,
	}, func(ctx context.Context, _ accounts.Principal, q *listOutgoing) (*out[api.OutgoingMails], error) {
		return answer(s.Mail.Outgoing(ctx, mail.Filter{State: q.State, Query: q.Query, After: q.After}))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/mail/outgoing/{id}/again", ID: "send-mail-again", Tag: "mail", Status: statusAccepted,
		Summary: "Send an e-mail again; one with a link gets a new one", Roles: administrators, Proof: true,
		Codes: []api.Code{api.CodeWrongState},
	}, func(ctx context.Context, _ accounts.Principal, q *byID) (*none, error) {
		return nil, s.Mail.SendAgain(ctx, q.ID)
	})
}

func (s *API) registerMailServer() {
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/mail/settings", ID: "get-mail-settings", Tag: "mail",
		Summary: "The organization's mail server, without its password", Roles: administrators,
	}, func(ctx context.Context, _ accounts.Principal, _ *none) (*out[api.MailSettings], error) {
		return answer(s.Mail.Show(ctx))
	})
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/mail/settings", ID: "save-mail-settings", Tag: "mail", Status: statusNoContent, Time: mailTestTime,
		Summary: "Save the mail server's settings if they work", Roles: administrators, Proof: true,
		Codes: []api.Code{api.CodeMailFailed, api.CodeOutdated},
	}, func(ctx context.Context, p accounts.Principal, q *in[api.MailSettings]) (*none, error) {
		return nil, s.Mail.Save(ctx, p.AccountID, q.Body)
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/mail/test", ID: "test-mail", Tag: "mail", Time: mailTestTime,
		Summary: "EMail Test: try settings step by step, with an e-mail to oneself, within 15 seconds", Roles: administrators, Proof: true,
	}, func(ctx context.Context, p accounts.Principal, q *in[api.TestMail]) (*out[api.MailTest], error) {
		return answer(s.Mail.Test(ctx, p.AccountID, q.Body))
	})
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/mail/test/last", ID: "get-last-mail-test", Tag: "mail",
		Summary: "One's own last test, also that of saving", Roles: administrators,
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.MailTest], error) {
		return answer(s.Mail.LastTest(ctx, p.AccountID))
	})
}
