package screens

import (
	"context"

	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// What is said when the service is not quite the one of before: it has moved, has another
// name, was restored from a backup, or was set up anew.

// sayMoved tells that the service has another address, once.
func (s *Shell) sayMoved() {
	from := s.services.Moved()
	if from == "" || from == s.movedSeen {
		return
	}
	s.movedSeen = from
	s.say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{
		Text: s.env.T("shell.moved", map[string]any{"From": kit.HostOf(from), "To": kit.HostOf(s.services.Address)}),
	}}})
}

// sayRenamed tells that the organization has another name.
func (s *Shell) sayRenamed(old, now string) {
	if old == "" || now == "" || old == now {
		return
	}
	s.say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("shell.renamed", map[string]any{"Old": old, "New": now})}}})
}

// sayRestored tells that the service was restored from a backup, and lacked what is sent
// again.
func (s *Shell) sayRestored(status app.Status) {
	if status.Again <= s.againSeen {
		return
	}
	s.againSeen = status.Again
	s.say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.Words.N("shell.restored", status.Again)}}})
}

// askReplace asks whether the service that answers now is to be used in place of the one
// of before, which was set up anew.
func (s *Shell) askReplace() {
	t := s.env.T
	parts.Ask(s.deps.Window.Canvas(), t("shell.replace.title"), t("shell.replace.text", map[string]any{"Address": kit.HostOf(s.services.Address)}),
		parts.Answer{ID: "replace.yes", Text: t("shell.replace.yes"), Kind: parts.Danger, Do: s.replaceService},
		parts.Answer{ID: "replace.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

// replaceService closes the service of before, whose data stays sealed, and opens the one
// that answers now.
func (s *Shell) replaceService() {
	address, replace := s.services.Address, s.services.Replace
	s.show(newWaiting(s.env))
	var err error
	s.env.Run.Run(s.ctx, func(context.Context) { err = replace() }, func() {
		s.outside()
		s.closeServices(func() {
			if err != nil {
				n := s.env.Problem(err)
				s.unsaid = &n
			}
			s.open(address)
		})
	})
}
