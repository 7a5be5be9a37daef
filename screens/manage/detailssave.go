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

// save saves what is typed, after a question where something is erased by it, and after one
// where people are told of it.
func (d *details) save() {
	m := d.page
	if m.calls.Working() || d.form == nil {
		return
	}
	stored, isDraft := &m.meeting.MeetingDetails, m.meeting.Status == api.MeetingDraft
	next, wrong := d.typed.check(stored, isDraft)
	switch {
	case len(wrong) > 0:
		d.mark(wrong)
		d.refuse(m.env.T("managed.not-saved"))
		return
	case !d.differs():
		d.tell(m.env.T("managed.same"))
		return
	}
	store := func() { d.store(next) }
	if !isDraft && m.meeting.Living > 0 && moves(stored, &next) {
		store = d.asking("managed.tell", m.env.Words.N("managed.tell.text", m.meeting.Living), "managed.save", parts.Primary, store)
	}
	if !isDraft && erases(stored, &next, m.env.Now()) {
		store = d.asking("managed.erase", m.env.T("managed.erase.text"), "managed.erase.yes", parts.Danger, store)
	}
	store()
}

// asking does something once a question was answered with yes: its words begin with key, and
// yes is the key of the answer.
func (d *details) asking(key, text, yes string, kind parts.ButtonKind, do func()) func() {
	t := d.page.env.T
	return func() {
		parts.Ask(parts.CanvasOf(d.content), t(key+".ask"), text,
			parts.Answer{ID: parts.ID(key + ".yes"), Text: t(yes), Kind: kind, Do: do},
			parts.Answer{ID: parts.ID(key + ".no"), Text: t("shell.cancel"), Kind: parts.Outlined})
	}
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
		if len(wrong) > 0 {
			d.mark(wrong)
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
	d.asking("managed.effects", strings.Join(lines, "\n"), "managed.effects.save", parts.Danger, func() { d.store(next, effects...) })()
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
