package screens

import (
	"context"
	"strings"

	"plenary/app"
	"plenary/screens/parts"
)

// lookForFoundWork tells of work that an earlier run has left, of which nobody could be
// asked: the system ended it, or it crashed.
func (s *Shell) lookForFoundWork() {
	session := s.services.Session
	var work app.LocalWork
	var err error
	s.env.Run.Run(s.during, func(ctx context.Context) { work, err = session.FoundWork(ctx) }, func() {
		if err == nil && s.frame != nil {
			s.sayFound(work)
		}
	})
}

// sayFound says what was found; nothing of no work.
func (s *Shell) sayFound(work app.LocalWork) {
	s.found, s.foundSaid = work, ""
	if !work.Any() {
		return
	}
	s.foundSaid = s.env.T("shell.found") + " " + strings.Join(s.workWords(work), " ")
	s.say(parts.Notice{
		Tone: parts.Info, Words: []parts.Span{{Text: s.foundSaid}},
		Action: s.env.T("nav.mymeetings"), Act: func() {
			s.unsayFound()
			s.goTo(route{name: routeMine})
		},
	})
}

// foundSent follows what waited and has been sent meanwhile.
func (s *Shell) foundSent(status app.Status) {
	if s.foundSaid == "" || status.Waiting >= s.found.Waiting || s.bar.String() != s.foundSaid {
		return
	}
	work := s.found
	work.Waiting = status.Waiting
	s.unsayFound()
	s.sayFound(work)
}

func (s *Shell) unsayFound() {
	s.found, s.foundSaid = app.LocalWork{}, ""
	s.unsay()
}

// workWords name work that exists on this computer alone.
func (s *Shell) workWords(work app.LocalWork) (words []string) {
	for _, what := range []struct {
		key string
		n   int
	}{
		{"shell.work.waiting", work.Waiting},
		{"shell.work.refused", work.Refused},
		{"shell.work.drafts", work.Drafts},
	} {
		if what.n > 0 {
			words = append(words, s.env.Words.N(what.key, what.n))
		}
	}
	return words
}
