package app

import (
	"context"
	"sync"
	"time"

	"plenary/api"
)

// MailSettings returns those of now, without the password.
func (s *Staff) MailSettings(ctx context.Context) (api.MailSettings, error) {
	return ask(ctx, s.session, "read the mail settings", func(access string) (api.MailSettings, error) {
		return s.client().MailSettings(ctx, access)
	})
}

// lookEvery is how often a test that goes on is asked how far it is.
const lookEvery = 300 * time.Millisecond

// whileItRuns does what tests the mail server, and tells meanwhile how far the test is.
// seen is called beside the caller, by one at a time, and never after the end.
func (s *Staff) whileItRuns(ctx context.Context, seen func(api.MailTest), try func(context.Context) error) error {
	looking, end := context.WithCancel(ctx)
	var looks sync.WaitGroup
	looks.Go(func() {
		t := time.NewTicker(lookEvery)
		defer t.Stop()
		for {
			select {
			case <-looking.Done():
				return
			case <-t.C:
			}
			// What fails here is asked again; what the test comes to does not depend on it.
			if test, err := s.lastMailTest(looking); err == nil && test.Running && looking.Err() == nil {
				seen(test)
			}
		}
	})
	err := try(ctx)
	end()
	looks.Wait()
	return err
}

func (s *Staff) lastMailTest(ctx context.Context) (api.MailTest, error) {
	return ask(ctx, s.session, "read the last mail test", func(access string) (api.MailTest, error) {
		return s.client().LastMailTest(ctx, access)
	})
}

// SaveMailSettings saves settings that work; seen is told how far their test is. Others
// are refused with api.CodeMailFailed, and those of now stay: then the test is returned
// as well, with its steps, if it could be had. Errors to test for: api.CodeInvalid,
// api.CodeOutdated where somebody else has saved others since these were read.
func (s *Staff) SaveMailSettings(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (test api.MailTest, err error) {
	err = s.whileItRuns(ctx, seen, func(ctx context.Context) error {
		return s.do(ctx, "save the mail settings", func(access string) error { return s.client().SaveMailSettings(ctx, access, m) })
	})
	if err != nil && !api.HasCode(err, api.CodeMailFailed) {
		return test, err
	}
	test, lastErr := s.lastMailTest(ctx)
	if lastErr != nil {
		s.session.core.log.Info("the steps of the mail test were not read", "cause", Explain(lastErr).Kind)
	}
	return test, err
}

// TestMail is "EMail Test": it tries settings, saved or not, within 20 seconds; seen is
// told how far it is. It ends at once with ctx.
func (s *Staff) TestMail(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (test api.MailTest, err error) {
	err = s.whileItRuns(ctx, seen, func(ctx context.Context) error {
		test, err = ask(ctx, s.session, "test the mail settings", func(access string) (api.MailTest, error) {
			return s.client().TestMail(ctx, access, api.TestMail{Settings: m})
		})
		return err
	})
	return test, err
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
