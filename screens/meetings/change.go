package meetings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// changing is what a Register page knows of the registration that is changed.
type changing struct {
	one      app.Mine
	unfollow func()
}

// NewChange returns the form of a registration that one has, with what was answered, or the
// draft of a change. Close it when it is left.
func NewChange(env kit.Env, meeting api.Meeting, one app.Mine, mine Registrations, on RegisterEvents) *Register {
	number := one.Number
	r := &Register{env: env, meeting: meeting, mine: mine, on: on, change: &changing{one: one, unfollow: func() {}}}
	r.keeping = keeping{
		save:   func(ctx context.Context, in api.Register) error { return mine.SaveChange(ctx, r.asChange(in)) },
		submit: func(ctx context.Context, in api.Register) error { return mine.Change(ctx, r.asChange(in)) },
		forget: func(ctx context.Context) error { return mine.DeleteChange(ctx, number) },
	}
	r.begin()
	draft, drafted := mine.ChangeDraft(number)
	in := rules.Registered(&one.Registration)
	if drafted {
		in = draft.Register
	}
	r.form.GivenBefore(one.Visa, r.readPassport)
	r.fill(in, drafted)
	if drafted && draft.Changes != rules.ChangesOf(one.History) {
		r.sayMeanwhile()
	}
	r.change.unfollow = env.Follow(r.ctx, r.lookMeanwhile, mine.Subscribe)
	return r
}

// asChange is what was filled in as a change of the registration as the person sees it.
func (r *Register) asChange(in api.Register) api.Change {
	return api.Change{Registration: r.change.one.Number, Changes: rules.ChangesOf(r.change.one.History), Register: in}
}

// lookMeanwhile takes over what has become of the registration meanwhile. Where somebody has
// changed it, it is said: what is typed stays, and the check shows what it changes.
func (r *Register) lookMeanwhile() {
	now, ok := r.mine.Get(r.meeting.Code)
	if !ok || now.Number != r.change.one.Number || r.draft.Stopped() {
		return
	}
	before := rules.ChangesOf(r.change.one.History)
	r.change.one = now
	if rules.ChangesOf(now.History) != before {
		if r.checking {
			r.edit()
		}
		r.sayMeanwhile()
	}
}

func (r *Register) sayMeanwhile() {
	r.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: r.env.T("change.meanwhile")}}})
}

// changed is what sending it would change.
func (r *Register) changed(in *api.Register) []api.Changed {
	before := rules.Registered(&r.change.one.Registration)
	return rules.Differences(&r.meeting, &before, in)
}

// whatChanges is what is to be checked first, with what follows from it.
func (r *Register) whatChanges(in *api.Register) fyne.CanvasObject {
	t, changed := r.env.T, r.changed(in)
	card := parts.Stack(parts.Gap8, parts.Section(t("change.what")).WithID("change.what"))
	if r.change.one.Standing() == api.Confirmed {
		switch {
		case r.meeting.Approval != api.ApprovalNone && rules.Reapproved(&r.meeting, changed):
			card.Add(parts.Body(t("change.reapproval")).WithID("change.reapproval"))
		case rules.OnCode(changed):
			card.Add(parts.Body(t("change.code")).WithID("change.code"))
		}
	}
	card.Add(parts.KeyValues(forms.Changes(r.env, &r.meeting, changed)...))
	return parts.Card(card)
}

// deadline is a day and time in the meeting's zone, and here.
func deadline(env kit.Env, m *api.Meeting, at time.Time) string {
	return env.Words.ShortDate(at.In(zoneOf(m))) + ", " + moment(env.Words, m, at, env.Now().Location())
}
