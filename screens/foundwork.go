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
			s.found = work
			s.sayStanding()
		}
	})
}

// foundNotice says what was found and is not sent yet; nil for nothing.
func (s *Shell) foundNotice() *parts.Notice {
	if !s.found.Any() {
		return nil
	}
	name, at := s.placeOfWork(s.found)
	return &parts.Notice{
		Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("shell.found") + " " + strings.Join(s.workWords(s.found), " ")}},
		Action: s.env.T("nav." + name), Act: func() {
			s.found = app.LocalWork{}
			s.sayStanding()
			s.goTo(at)
		},
	}
}

// placeOfWork is where one finds work, and what that is called in the navigation: that of
// one's own, if there is any.
func (s *Shell) placeOfWork(work app.LocalWork) (name string, at route) {
	switch {
	case work == app.LocalWork{Delegates: work.Delegates} && s.delegates():
		return routeDelegation, route{name: routeDelegation}
	case work == app.LocalWork{Guests: work.Guests} && s.manages():
		if meetings := s.services.Guests.GuestDrafts(); len(meetings) > 0 {
			return routeManage, route{name: routeGuest, code: meetings[0]}
		}
		return routeManage, route{name: routeManage}
	}
	return routeMine, route{name: routeMine}
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
		{"shell.work.delegates", work.Delegates},
		{"shell.work.guests", work.Guests},
	} {
		if what.n > 0 {
			words = append(words, s.env.Words.N(what.key, what.n))
		}
	}
	return words
}
