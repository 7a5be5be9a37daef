package mail

import (
	"context"

	"plenary/api"
)

// Reach talks to the server as far as it would take an e-mail to its own sender, and
// sends none. It gives "" where all that works, and else the step at which it does
// not, and why, without addresses. The server has a few seconds; seen gets each step
// as it begins and as it ends.
func (s *Server) Reach(ctx context.Context, seen func(api.MailStep)) (problem string) {
	ctx, cancel := context.WithTimeout(ctx, min(testTime, s.timeout()))
	defer cancel()
	if failed := s.reach(ctx, letter{to: s.From}, seen); failed != nil {
		return failed.stored()
	}
	return ""
}

// reach goes through all steps of a conversation about one e-mail.
func (s *Server) reach(ctx context.Context, l letter, seen func(api.MailStep)) *sendError {
	c := &conversation{server: s}
	defer c.end()
	return c.run(ctx, append(c.opening(), c.handing(l)...), seen)
}

// Current gives the server that counts, as of the last Refresh; nil: e-mails wait.
func (s *Settings) Current() *Server { return s.current().server }
