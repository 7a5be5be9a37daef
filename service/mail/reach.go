package mail

import (
	"context"
	"errors"

	"plenary/api"
)

// Reach talks to the server as far as it would take an e-mail to its own sender, and
// sends none. It gives "" where all that works, and else the step at which it does
// not, and why, without addresses. The server has a few seconds.
func (s *Server) Reach(ctx context.Context) (problem string) {
	ctx, cancel := context.WithTimeout(ctx, min(testTime, s.timeout()))
	defer cancel()
	d := delivery{server: s, to: s.From}
	err := d.run(ctx, func(api.MailStep) {})
	failed, _ := errors.AsType[*sendError](err)
	switch {
	case err == nil:
		return ""
	case failed != nil:
		return failed.stored()
	default:
		return err.Error()
	}
}

// Current gives the server that counts, as of the last Refresh; nil: e-mails wait.
func (s *Settings) Current() *Server { return s.current().server }
