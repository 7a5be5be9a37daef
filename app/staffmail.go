package app

import (
	"context"

	"plenary/api"
)

// MailSettings returns those of now, without the password.
func (s *Staff) MailSettings(ctx context.Context) (api.MailSettings, error) {
	return ask(ctx, s.session, "read the mail settings", func(access string) (api.MailSettings, error) {
		return s.client().MailSettings(ctx, access)
	})
}

// SaveMailSettings saves settings that work. Others are refused with
// api.CodeMailFailed, and those of now stay: then the test is returned as well,
// with its steps, if it could be had. Errors to test for: api.CodeInvalid,
// api.CodeOutdated where somebody else has saved others since these were read.
func (s *Staff) SaveMailSettings(ctx context.Context, m api.MailSettings) (test api.MailTest, err error) {
	err = s.do(ctx, "save the mail settings", func(access string) error { return s.client().SaveMailSettings(ctx, access, m) })
	if err != nil && !api.HasCode(err, api.CodeMailFailed) {
		return test, err
	}
	lastErr := s.do(ctx, "read the last mail test", func(access string) (err error) {
		test, err = s.client().LastMailTest(ctx, access)
		return err
	})
	if lastErr != nil {
		s.session.core.log.Info("the steps of the mail test were not read", "cause", Explain(lastErr).Kind)
	}
	return test, err
}

// TestMail is "EMail Test": it tries settings, saved or not, within 20 seconds.
func (s *Staff) TestMail(ctx context.Context, m api.MailSettings) (api.MailTest, error) {
	return ask(ctx, s.session, "test the mail settings", func(access string) (api.MailTest, error) {
		return s.client().TestMail(ctx, access, api.TestMail{Settings: m})
	})
}

// AutomaticMails lists the kinds of e-mail that go out by themselves.
func (s *Staff) AutomaticMails(ctx context.Context) ([]api.AutomaticMail, error) {
	list, err := ask(ctx, s.session, "list the automatic e-mails", func(access string) (api.AutomaticMails, error) {
		return s.client().AutomaticMails(ctx, access)
	})
	return list.Mails, err
}

// SwitchMail turns one of them on or off.
func (s *Staff) SwitchMail(ctx context.Context, template string, on bool) error {
	return s.do(ctx, "switch an automatic e-mail", func(access string) error {
		return s.client().SwitchMail(ctx, access, template, api.Switch{On: on})
	})
}

// Outgoing returns a page of the outgoing mail, the newest first.
func (s *Staff) Outgoing(ctx context.Context, f api.MailFilter) (api.OutgoingMails, error) {
	return ask(ctx, s.session, "list the outgoing mail", func(access string) (api.OutgoingMails, error) {
		return s.client().Outgoing(ctx, access, f)
	})
}

// SendAgain sends one of them again.
func (s *Staff) SendAgain(ctx context.Context, id string) error {
	return s.do(ctx, "send an e-mail again", func(access string) error { return s.client().SendMailAgain(ctx, access, id) })
}
