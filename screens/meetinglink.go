package screens

import (
	"strings"
	"unicode"

	"plenary/app"
	"plenary/rules"
	"plenary/screens/parts"
)

// Open leads to the meeting of a link or code: to its registration form, after
// the log-in if need be. It may be called at any time, on Fyne's goroutine.
func (s *Shell) Open(link string) {
	code, ok := rules.ParseMeetingRef(link)
	if !ok {
		s.say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{
			Text: s.env.T("shell.link.unknown", map[string]any{"Link": named(link)}),
		}}})
		return
	}
	s.link = code
	if s.inside {
		s.followLink()
	} else if login, ok := s.page.(*Login); ok {
		login.SetNotice(s.linkNotice())
	}
}

// named is a link as a notice names it. It may come from any web page: one line
// without marks that change the text around it, and too short for a message.
func named(link string) string {
	const most = 48
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return -1
	}, link))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}

// followLink leads to the form of the meeting that somebody came for, or to
// the meeting where one cannot register, or to one's registration.
func (s *Shell) followLink() {
	code := s.link
	s.link = ""
	m, known := s.services.Meetings.Get(code)
	mine, registered := s.services.Registrations.Get(code)
	registered = registered && mine.State != app.StateDraft
	switch {
	case registered:
		s.goTo(route{name: routeRegistration, code: code})
	case known && meetingState(&m, s.env.Now()) <= meetingWaitlist:
		s.goTo(route{name: routeRegister, code: code})
	case known:
		s.goTo(route{name: routeMeetings, code: code})
	default:
		s.findLinked(code)
	}
}

// findLinked asks the service for a meeting that is not known here.
func (s *Shell) findLinked(code string) {
	s.goTo(route{name: routeMeetings})
	meetings, ok := s.page.(*Meetings)
	if !ok {
		return
	}
	meetings.Seek(code, func() {
		s.link = code
		s.followLink()
	})
}

func (s *Shell) linkNotice() parts.Notice {
	name := s.link
	if s.opened {
		if m, ok := s.services.Meetings.Get(s.link); ok {
			name = m.Title.In(s.env.Words.Lang())
		}
	}
	return parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("shell.link.kept", map[string]any{"Meeting": name})}}}
}
