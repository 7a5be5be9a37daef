package app

import (
	"context"
	"sync"
	"time"

	"plenary/api"
	"plenary/client"
)

// SaveMailSettings saves settings that work; seen is told how far their test is. Others
// are refused with api.CodeMailFailed, and those of now stay: then the test is returned
// as well, with its steps, if it could be had. Errors to test for: api.CodeInvalid,
// api.CodeOutdated where somebody else has saved others since these were read.
func (s *Service) SaveMailSettings(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (test api.MailTest, err error) {
	c := s.As(s.session.tokens())
	err = whileItRuns(ctx, c, seen, func(ctx context.Context) error { return c.SaveMailSettings(ctx, m) })
	if err != nil && !api.HasCode(err, api.CodeMailFailed) {
		return test, err
	}
	test, lastErr := c.LastMailTest(ctx)
	if lastErr != nil {
		s.session.core.log.Info("the steps of the mail test were not read", "cause", Explain(lastErr).Kind)
	}
	return test, err
}

// TestMail is "EMail Test": it tries settings, saved or not, within 20 seconds; seen is
// told how far it is. It ends at once with ctx.
func (s *Service) TestMail(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (test api.MailTest, err error) {
	c := s.As(s.session.tokens())
	err = whileItRuns(ctx, c, seen, func(ctx context.Context) error {
		test, err = c.TestMail(ctx, api.TestMail{Settings: m})
		return err
	})
	return test, err
}

// lookEvery is how often a test that goes on is asked how far it is.
const lookEvery = 300 * time.Millisecond

// whileItRuns does what tests the mail server, and tells meanwhile how far the test is.
// seen is called beside the caller, by one at a time, and never after the end.
func whileItRuns(ctx context.Context, c *client.Client, seen func(api.MailTest), try func(context.Context) error) error {
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
			if test, err := c.LastMailTest(looking); err == nil && test.Running && looking.Err() == nil {
				seen(test)
			}
		}
	})
	err := try(ctx)
	end()
	looks.Wait()
	return err
}
