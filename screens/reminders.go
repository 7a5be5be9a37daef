package screens

import (
	"context"
	"hash/maphash"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/settings"
)

// remindAhead is how long before a session a person is reminded of it.
const remindAhead = 10 * time.Minute

// notifyPatience is how long the system may take to show a notification.
const notifyPatience = 10 * time.Second

// reminders are what the person was reminded of, and what there is to remind of while the
// window is locked: when, and not of what.
type reminders struct {
	seed   maphash.Seed
	told   map[uint64]bool
	hidden []hiddenStart
	minute time.Time // when it was looked last
}

// hiddenStart is the start of a session of which nothing else is known.
type hiddenStart struct {
	at  time.Time
	key uint64
}

func newReminders() reminders {
	return reminders{seed: maphash.MakeSeed(), told: map[uint64]bool{}}
}

// key is what a session of a meeting is known by when the meeting is not to be.
func (r *reminders) key(code string, start time.Time) uint64 {
	return maphash.Comparable(r.seed, struct {
		code  string
		start int64
	}{code, start.Unix()})
}

// due tells whether a session is to be reminded of now, for the first time.
func (r *reminders) due(start time.Time, key uint64, now time.Time) bool {
	if r.told[key] || !now.Before(start) || start.Sub(now) > remindAhead {
		return false
	}
	r.told[key] = true
	return true
}

// remind tells of sessions that begin soon, by the service's clock: once each, until this
// Plenary ends. It looks once a minute, since sessions begin on full minutes.
func (s *Shell) remind() {
	now := s.env.Now()
	minute := now.Truncate(time.Minute)
	if minute.Equal(s.reminders.minute) {
		return
	}
	s.reminders.minute = minute
	if !s.prefs.BoolWithFallback(settings.PrefReminders, true) {
		return
	}
	if s.inside && s.frame != nil {
		s.eachSession(func(r *app.AgendaRow, session *api.MeetingSession) {
			if s.reminders.due(session.Start, s.reminders.key(r.Meeting, session.Start), now) {
				s.remindOf(r, session)
			}
		})
		return
	}
	for _, h := range s.reminders.hidden {
		if s.reminders.due(h.at, h.key, now) {
			title := s.env.T("reminder.locked.title", map[string]any{"Wait": kit.Distance(s.env.Words, h.at.Sub(now))})
			s.notify(title, s.env.T("reminder.locked.text"), "", func() {})
		}
	}
}

// eachSession visits the sessions of the meetings in which the person takes part.
func (s *Shell) eachSession(visit func(r *app.AgendaRow, session *api.MeetingSession)) {
	agenda := app.Agenda(s.services.Registrations.List(), s.services.Meetings.Get, s.env.Now())
	for i := range agenda {
		r := &agenda[i]
		if r.Part != app.AgendaToday && r.Part != app.AgendaComing || r.About == nil {
			continue
		}
		for j := range r.About.Sessions {
			visit(r, &r.About.Sessions[j])
		}
	}
}

// hiddenStarts are the starts that are still to come, for a window that is being locked.
func (s *Shell) hiddenStarts() []hiddenStart {
	var hidden []hiddenStart
	s.eachSession(func(r *app.AgendaRow, session *api.MeetingSession) {
		if session.Start.After(s.env.Now()) {
			hidden = append(hidden, hiddenStart{session.Start, s.reminders.key(r.Meeting, session.Start)})
		}
	})
	return hidden
}

func (s *Shell) remindOf(r *app.AgendaRow, session *api.MeetingSession) {
	title := r.About.Title.In(s.env.Words.Lang())
	text := meetings.StartsWords(s.env, r.About, session)
	code := r.Meeting
	s.notify(title, text, code, func() {
		s.say(parts.Notice{
			Tone: parts.Info, Words: []parts.Span{{Text: title + ". " + text}},
			Action: s.env.T("meetings.mine"), Act: func() { s.goTo(route{name: routeRegistration, code: code}) }, Closes: true,
		})
	})
}

// notify has the system show a notification that leads to a meeting, or to Plenary where the
// code is empty. Where the system shows none, the window says it, by otherwise.
func (s *Shell) notify(title, text, code string, otherwise func()) {
	if s.deps.Notify == nil {
		otherwise()
		return
	}
	link := rules.MeetingRef{Host: kit.HostOf(s.env.Info.Address), Code: code}.String()
	var err error
	s.env.Run.Run(s.ctx, func(ctx context.Context) {
		ctx, end := context.WithTimeout(ctx, notifyPatience)
		defer end()
		err = s.deps.Notify(ctx, title, text, link)
	}, func() {
		if err != nil {
			otherwise()
		}
	})
}
