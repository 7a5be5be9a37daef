package screens

import (
	"unicode"

	"plenary/app"
	"plenary/rules"
	"plenary/screens/account"
	"plenary/screens/meetings"
	"plenary/screens/parts"
)

// Open leads to the meeting of a link or code: to its registration form, after
// the first start and the log-in if need be. It may be called at any time, on
// Fyne's goroutine; of two links the later one counts.
func (s *Shell) Open(link string) {
	if s.takesNothing() {
		return
	}
	m, ok := rules.ReadMeeting(link)
	service, names := rules.ReadService(link)
	switch {
	case !ok && names:
		s.openService(service)
	case !ok:
		s.sayOfLink(parts.Warning, s.env.T("shell.link.unknown", map[string]any{"Link": inOneLine(link)}))
	case s.inside && s.opened:
		s.link = m
		s.followLink()
	default:
		s.keepLink(m)
	}
}

// openService follows a link that leads to a service and no meeting: the window
// has come to the front, which is all, unless it is about another service. The
// meeting that somebody came for stays.
func (s *Shell) openService(m rules.MeetingRef) {
	first, choosing := s.page.(*account.FirstStart)
	switch {
	case choosing:
		first.Propose(m)
	case !s.opened && s.link.Code == "":
		s.link = m
	case s.opened && s.env.Foreign(m):
		s.sayOfLink(parts.Warning, s.env.OtherService(m))
	}
}

// inOneLine is what somebody typed or a link as a text names it. It may come
// from any web page: one line without marks that change the text around it, and
// too short for a message.
func inOneLine(typed string) string {
	const most = 48
	var runes []rune
	for _, r := range typed {
		if len(runes) > most {
			return string(runes[:most]) + "…"
		}
		if unicode.IsGraphic(r) {
			runes = append(runes, r)
		}
	}
	return string(runes)
}

// keepLink keeps a meeting for after the log-in, and says so; none is fine.
func (s *Shell) keepLink(m rules.MeetingRef) {
	s.link = m
	if first, ok := s.page.(*account.FirstStart); ok {
		first.Propose(m)
		return
	}
	switch {
	case !s.opened: // what will be opened may be another service
	case s.env.Foreign(m):
		s.sayForeign()
	case m.Code != "" && s.canSay(): // else the log-in screen says it
		name := m.Code
		if known, ok := s.services.Meetings.Get(m.Code); ok {
			name = known.Title.In(s.env.Words.Lang())
		}
		s.say(parts.Notice{
			Tone: parts.Info, Words: []parts.Span{{Text: s.keptWords(name)}},
			Action: s.env.T("shell.link.drop"), Act: s.dropLink, Closes: true,
		})
	}
}

func (s *Shell) keptWords(name string) string {
	return s.env.T("shell.link.kept", map[string]any{"Meeting": name})
}

// nameLink gives the meeting that somebody came for its name, once that is known, where its
// code stands.
func (s *Shell) nameLink() {
	if _, known := s.services.Meetings.Get(s.link.Code); !known {
		return
	}
	said := wordsOf(s.news)
	if alone, ok := s.page.(noticed); ok {
		said = alone.Notice()
	}
	if said == s.keptWords(s.link.Code) {
		s.keepLink(s.link)
	}
}

// dropLink forgets the meeting that somebody came for: there is nothing to go on to after
// the log-in.
func (s *Shell) dropLink() {
	s.link = rules.MeetingRef{}
	s.focusFirst()
}

// sayForeign gives up a meeting of another service.
func (s *Shell) sayForeign() {
	s.sayOfLink(parts.Warning, s.env.OtherService(s.link))
	s.link = rules.MeetingRef{}
}

// sayOfLink says something about a link, until it is closed or a link is followed.
func (s *Shell) sayOfLink(tone parts.Tone, words string) {
	n := parts.Notice{Tone: tone, Words: []parts.Span{{Text: words}}}
	if s.frame != nil { // a screen that stands alone goes with its notice
		n.Action, n.Act = s.env.T("shell.close"), s.unsayLink
	}
	s.ofLink = words
	s.say(n)
}

// unsayLink takes away what was said about a link, and says again what it may
// have hidden.
func (s *Shell) unsayLink() {
	if s.frame == nil || s.ofLink == "" || s.news == nil || wordsOf(s.news) != s.ofLink {
		return
	}
	s.ofLink = ""
	s.unsay()
}

// followLink leads to the meeting that somebody came for, if there is one.
func (s *Shell) followLink() {
	switch {
	case s.env.Foreign(s.link):
		s.sayForeign()
	case s.link.Code == "":
	default:
		s.goToLink()
	}
}

// goToLink leads to the form of the meeting that somebody came for, or to the
// meeting where one cannot register, or to one's registration. A question that
// is open gets its safe answer.
func (s *Shell) goToLink() {
	code, invitation := s.link.Code, s.link.Invitation
	s.link = rules.MeetingRef{}
	parts.CloseQuestion(s.deps.Window.Canvas())
	s.unsayLink()
	m, known := s.services.Meetings.Get(code)
	mine, registered := s.services.Registrations.Get(code)
	registered = registered && mine.State != app.StateDraft
	to := route{name: routeMeetings, code: code}
	switch {
	case registered:
		to.name = routeRegistration
	case known && invitation != "":
		to.name = routeRegister
		if form, ok := s.page.(*meetings.Register); ok && s.at == to {
			form.Invite(invitation)
			return
		}
		s.keepInvitation(code, invitation)
	case known && meetings.MeetingState(&m, s.env.Now()) <= meetings.MeetingWaitlist:
		to.name = routeRegister
	case !known:
		s.findLinked(code, invitation)
		return
	}
	if s.at != to || to.name == routeMeetings { // a form that is open stays as it is
		s.goTo(to)
	}
}

// keepInvitation keeps a personal invitation with the draft for its meeting, until the person
// registers. What was typed stays.
func (s *Shell) keepInvitation(code, invitation string) {
	in, _ := s.services.Registrations.Draft(code)
	in.Meeting, in.Invitation = code, invitation
	if err := s.services.Registrations.SaveDraft(s.during, in); err != nil {
		s.bar.Say(s.env.Problem(err))
	}
}

// findLinked asks the service for a meeting that is not known here.
func (s *Shell) findLinked(code, invitation string) {
	s.goTo(route{name: routeMeetings})
	meetings, ok := s.page.(*meetings.List)
	if !ok {
		return
	}
	meetings.Seek(code, func() {
		s.link = rules.MeetingRef{Code: code, Invitation: invitation}
		s.goToLink()
	})
}
