package manage

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// save saves what is typed, after a question where people are told of it.
func (d *details) save() {
	m := d.page
	if m.calls.Working() || d.form == nil {
		return
	}
	next, wrong := d.typed.check(&m.meeting.MeetingDetails, m.meeting.Status == api.MeetingDraft)
	if len(wrong) > 0 {
		d.mark(wrong)
		d.refuse(m.env.T("managed.not-saved"))
		return
	}
	if !d.differs() {
		d.tell(m.env.T("managed.same"))
		return
	}
	if now := m.env.Now(); m.meeting.Status != api.MeetingDraft && erases(&m.meeting.MeetingDetails, &next, now) {
		parts.Ask(parts.CanvasOf(d.content), m.env.T("managed.erase.ask"), m.env.T("managed.erase.text"),
			parts.Answer{ID: "managed.erase.yes", Text: m.env.T("managed.erase.yes"), Kind: parts.Danger, Do: func() { d.store(next) }},
			parts.Answer{ID: "managed.erase.no", Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
		return
	}
	if m.meeting.Living == 0 || m.meeting.Status == api.MeetingDraft || !moves(&m.meeting.MeetingDetails, &next) {
		d.store(next)
		return
	}
	parts.Ask(parts.CanvasOf(d.content), m.env.T("managed.tell.ask"), m.env.Words.N("managed.tell.text", m.meeting.Living),
		parts.Answer{ID: "managed.tell.yes", Text: m.env.T("managed.save"), Kind: parts.Primary, Do: func() { d.store(next) }},
		parts.Answer{ID: "managed.tell.no", Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
}

// erases tells whether a change has more erased at once of what people entered.
func erases(before, after *api.MeetingDetails, now time.Time) bool {
	a, b := rules.ErasureBy(before, now), rules.ErasureBy(after, now)
	return b.All && !a.All || b.Names && !a.Names || !b.All && len(b.Questions) > len(a.Questions)
}

// moves tells whether those who come are told of a change: of another time or place.
func moves(before, after *api.MeetingDetails) bool {
	a, b := rules.CleanMeeting(*before), rules.CleanMeeting(*after)
	same := slices.EqualFunc(a.Sessions, b.Sessions, func(a, b api.MeetingSession) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) })
	return !same || a.Zone != b.Zone || !reflect.DeepEqual(a.Place, b.Place)
}

// store saves a description. What its form does to answers is asked about first, unless the
// person knows it.
func (d *details) store(next api.MeetingDetails, known ...api.FormEffect) {
	m, sent := d.page, maps.Clone(d.typed)
	in := api.SaveMeeting{MeetingDetails: next, Edition: d.edition, Effects: known}
	kit.Call(m.calls, "managed.saving", func(ctx context.Context) (api.ManagedMeeting, error) {
		return m.service.SaveMeeting(ctx, m.code, in)
	}, func(saved api.ManagedMeeting) {
		m.set(saved)
		d.edition, d.filled = saved.Edition, valuesOf(&saved.MeetingDetails)
		if reflect.DeepEqual(d.typed, sent) { // and nothing was typed meanwhile
			d.typed = maps.Clone(d.filled)
			d.refill()
		}
		d.draft.Keep()
		if !d.differs() {
			d.tell(m.env.T("managed.saved"))
		}
	}, func(err error) bool {
		effects := m.env.Explain(err).Effects
		if len(effects) > 0 {
			d.askEffects(next, effects)
		}
		return len(effects) > 0
	}, func(err error) bool {
		wrong := m.env.Explain(err).Fields
		d.mark(wrong)
		if len(wrong) > 0 {
			d.refuse(m.env.T("managed.not-saved"))
		}
		return len(wrong) > 0
	}, m.outdated, m.env.GoneMeanwhile(m.bar, m.on.Back))
}

// askEffects says what a change of the form does to answers, and saves it all the same.
func (d *details) askEffects(next api.MeetingDetails, effects []api.FormEffect) {
	m := d.page
	lines := make([]string, len(effects))
	for i, e := range effects {
		lines[i] = effectWords(m.env, &m.meeting.Form, &next.Form, e)
	}
	parts.Ask(parts.CanvasOf(d.content), m.env.T("managed.effects.ask"), strings.Join(lines, "\n"),
		parts.Answer{ID: "managed.effects.yes", Text: m.env.T("managed.effects.save"), Kind: parts.Danger, Do: func() { d.store(next, effects...) }},
		parts.Answer{ID: "managed.effects.no", Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
}

// effectWords says what a change of a form does to the answers to one question.
func effectWords(env kit.Env, before, after *api.Form, e api.FormEffect) string {
	named := map[string]any{"Question": e.Question, "Choice": e.Choice}
	for _, form := range []*api.Form{after, before} { // as people have read it, if they have
		for _, s := range form.Sections {
			for _, q := range s.Questions {
				if q.ID != e.Question {
					continue
				}
				named["Question"] = q.Label.In(env.Words.Lang())
				for _, c := range q.Choices {
					if c.ID == e.Choice {
						named["Choice"] = c.Label.In(env.Words.Lang())
					}
				}
			}
		}
	}
	return env.Words.N("managed.effect."+e.Kind, e.Registrations, named)
}
