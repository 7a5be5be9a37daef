package meetings

import (
	"context"
	"reflect"
	"strings"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/parts"
)

// again is an earlier registration, to be submitted once more.
func again(mine *app.Mine) api.Register {
	return api.Register{
		Meeting: mine.Meeting, Participation: mine.Participation, BadgeName: mine.BadgeName, JobTitle: mine.JobTitle,
		Answers: mine.Answers, Companions: mine.Companions,
	}
}

// known is a new registration with what is known of the person.
func (r *Register) known() api.Register {
	a := r.account
	in := api.Register{
		Meeting: r.meeting.Code, BadgeName: rules.FullName(a.FirstName, a.FamilyName), Answers: api.Answers{},
	}
	if len(r.meeting.Participation) == 1 {
		in.Participation = r.meeting.Participation[0]
	}
	values := map[string]string{"phone": a.Phone, "email": a.Email, "country": a.Organization.Country}
	for _, q := range r.questions {
		if value := values[q.q.Known]; value != "" {
			in.Answers[q.q.ID] = []string{value}
		}
	}
	return in
}

// entered is what the form says now.
func (r *Register) entered() api.Register {
	in := api.Register{
		Meeting: r.meeting.Code, BadgeName: strings.TrimSpace(r.badgeEntry.Text),
		JobTitle: strings.TrimSpace(r.jobEntry.Text), Answers: api.Answers{},
	}
	switch {
	case r.participation != nil:
		in.Participation = r.participation.Chosen()
	default:
		in.Participation = r.meeting.Participation[0]
	}
	for _, q := range r.questions {
		if answer := q.answer(); len(answer) > 0 {
			in.Answers[q.q.ID] = answer
		}
	}
	if r.companions != nil {
		in.Companions = r.companions.entered()
	}
	return in
}

func (r *Register) fill(in api.Register) {
	r.filling = true
	defer func() { r.filling = false }()
	if r.participation != nil {
		r.participation.Set(in.Participation)
	}
	r.badgeEntry.SetText(in.BadgeName)
	r.jobEntry.SetText(in.JobTitle)
	for _, q := range r.questions {
		q.set(in.Answers[q.q.ID])
	}
	if r.companions != nil {
		r.companions.fill(in.Companions)
	}
	r.showQuestions()
}

// keep gives the draft to be saved, one save at a time, so that an older one
// never overtakes a newer one.
func (r *Register) keep() {
	in := r.entered()
	if r.saving || r.submitting || r.done || reflect.DeepEqual(in, r.saved) {
		return
	}
	r.saving = true
	var err error
	r.env.Run.Run(context.Background(), func(ctx context.Context) { err = r.mine.SaveDraft(ctx, in) }, func() {
		r.saving = false
		if err != nil {
			r.unkept = true
			r.foot.SetText("")
			r.bar.Say(r.env.Problem(err))
		} else {
			if r.unkept {
				r.bar.Clear()
			}
			r.unkept = false
			r.kept(in)
		}
		if next := r.pending; next != nil && !r.saving {
			r.pending = nil
			next()
		}
	})
}

// kept follows a draft that has been saved: what was typed meanwhile is next.
func (r *Register) kept(in api.Register) {
	r.saved = in
	if !r.submitting && !r.done {
		r.foot.SetSpans(parts.Span{Text: r.env.T("register.draft.saved"), Color: parts.ColorMuted}) // not as what is missing
		r.showForget(true)
	}
	r.keep()
}

// KeepThen keeps what was typed, and goes on once that is saved.
func (r *Register) KeepThen(then func()) {
	r.keep()
	r.after(then)
}

// after does something once no save is under way, behind what waits for that already.
func (r *Register) after(next func()) {
	if r.saving {
		if before := r.pending; before != nil {
			r.pending = func() { before(); next() }
			return
		}
		r.pending = next
		return
	}
	next()
}

func (r *Register) showForget(shown bool) { parts.SetVisible(shown, r.forget) }

// askForget asks before the draft is deleted.
func (r *Register) askForget() {
	t := r.env.T
	parts.Ask(parts.CanvasOf(r.forget), t("register.forget.title"),
		t("register.forget.text", map[string]any{"Meeting": r.meeting.Title.In(r.env.Words.Lang())}),
		parts.Answer{ID: "register.forget.yes", Text: t("register.forget"), Kind: parts.Danger, Do: r.deleteDraft},
		parts.Answer{ID: "register.forget.no", Text: t("register.forget.no"), Kind: parts.Outlined},
	)
}

func (r *Register) deleteDraft() {
	r.submitting = true // no draft is saved any more
	r.after(func() {
		r.env.Commit(r.ctx, r.busy, "", func(ctx context.Context) error { return r.mine.DeleteDraft(ctx, r.meeting.Code) }, func(err error) {
			r.submitting = false
			if err != nil {
				r.bar.Say(r.env.Problem(err))
				return
			}
			r.done = true
			r.on.Back()
		})
	})
}
