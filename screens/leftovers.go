package screens

import (
	"cmp"
	"context"
	"strings"

	"plenary/app"
	"plenary/rules"
	"plenary/screens/parts"
)

// lookForLeftovers tells of registrations that the person has entered for a service which
// was set up anew since, and that no service has.
func (s *Shell) lookForLeftovers() {
	session := s.services.Session
	var list []app.Leftover
	var err error
	s.env.Run.Run(s.during, func(ctx context.Context) { list, err = session.Leftovers(ctx) }, func() {
		if err != nil || len(list) == 0 || s.frame == nil { // they are found at the next log-in
			s.lookForFoundWork()
			return
		}
		s.say(parts.Notice{
			Tone: parts.Warning, Words: []parts.Span{{Text: s.env.Words.N("leftovers.found", len(list))}},
			Action: s.env.T("leftovers.look"), Act: func() { s.askLeftover(list) },
		})
	})
}

// askLeftover asks what becomes of the first of them, and then of the next.
func (s *Shell) askLeftover(list []app.Leftover) {
	t, first := s.env.T, list[0]
	code := first.Form.Meeting
	meeting, known := s.services.Meetings.Get(code)
	mine, there := s.services.Registrations.Get(code)
	data := map[string]any{"Meeting": code}
	if known {
		data["Meeting"] = meeting.Title.In(s.env.Words.Lang())
	}
	text := []string{t("leftovers.state."+first.State, data)}
	if of := first.Person; of != nil {
		data["Person"] = cmp.Or(rules.FullName(of.FirstName, of.FamilyName), t("delegation.draft.somebody"))
		text = []string{t("leftovers.for.state."+first.State, data)}
	}
	var answers []parts.Answer
	answer := func(name string, kind parts.ButtonKind, do func()) {
		answers = append(answers, parts.Answer{ID: parts.ID("leftovers." + name), Text: t("leftovers." + name), Kind: kind, Do: do})
	}
	switch {
	case !known:
		text = append(text, t("leftovers.unknown", data))
	case first.Person != nil && !s.mayTakeOver(&first):
		text = append(text, t("leftovers.for.forbidden"))
	case first.Person != nil:
		if s.begunFor(&first) {
			text = append(text, t("leftovers.for.replaces"))
		}
		answer("take", parts.Primary, func() { s.leftoverDone(list, s.services.Session.TakeOver) })
	case there && mine.State != app.StateDraft:
		text = append(text, t("leftovers.registered"))
	case there:
		text = append(text, t("leftovers.replaces"))
		fallthrough
	default:
		answer("take", parts.Primary, func() { s.leftoverDone(list, s.services.Session.TakeOver) })
	}
	answer("drop", parts.Danger, func() { s.leftoverDone(list, s.services.Session.DropLeftover) })
	answer("later", parts.Outlined, nil)
	parts.Ask(s.deps.Window.Canvas(), t("leftovers.title"), strings.Join(text, " "), answers...)
}

// mayTakeOver tells whether the person registers others here as for a leftover.
func (s *Shell) mayTakeOver(l *app.Leftover) bool {
	if l.Guest {
		return s.manages()
	}
	return s.delegates()
}

// begunFor tells whether somebody else is begun for the meeting of a leftover.
func (s *Shell) begunFor(l *app.Leftover) (begun bool) {
	if l.Guest {
		_, begun = s.services.Guests.GuestDraft(l.Form.Meeting)
	} else {
		_, begun = s.services.Delegation.Draft(l.Form.Meeting, "")
	}
	return begun
}

// placeOfLeftover is where one finds what a leftover has become.
func (s *Shell) placeOfLeftover(l *app.Leftover) string {
	switch {
	case l.Person == nil || !s.mayTakeOver(l):
		return routeMine
	case l.Guest:
		return routeManage
	}
	return routeDelegation
}

// leftoverDone does what was answered, and asks about the next one.
func (s *Shell) leftoverDone(list []app.Leftover, do func(context.Context, app.Leftover) error) {
	s.covered("leftovers.busy", endWait, func(ctx context.Context) error { return do(ctx, list[0]) }, func(err error) {
		switch {
		case err != nil:
			s.say(s.env.Problem(err))
		case len(list) > 1:
			s.askLeftover(list[1:])
		case s.frame != nil:
			s.unsay()
			s.goTo(route{name: s.placeOfLeftover(&list[0])})
		}
	})
}
