package meetings

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
)

// send submits the form, or says what is missing.
func (r *Register) send() {
	if r.submitting {
		return
	}
	in := r.entered()
	if missing := r.mistakes(rules.ValidateRegister(&r.meeting, &in)); len(missing) > 0 {
		r.foot.SetSpans(parts.Span{
			Text:  r.env.T("register.missing", map[string]any{"Fields": strings.Join(missing, ", ")}),
			Color: parts.ColorDanger,
		})
		return
	}
	draft := in
	in.Answers = rules.CleanAnswers(&r.meeting.Form, in.Answers)
	r.submitting = true
	r.foot.SetText("") // its place is where it is said what is waited for
	r.submit.Disable()
	r.after(func() {
		r.env.Commit(r.ctx, r.busy, r.env.T("register.keeping"), func(ctx context.Context) error {
			err := r.mine.Submit(ctx, in)
			if err != nil { // the form may be gone by now
				err = errors.Join(err, r.mine.SaveDraft(ctx, draft))
			}
			return err
		}, r.sent)
	})
}

func (r *Register) sent(err error) {
	r.submitting = false
	r.submit.Enable()
	if err != nil {
		r.bar.Say(r.env.Problem(err))
		r.mistakes(r.env.Explain(err).Fields)
		parts.IntoView(r.bar)
		return
	}
	r.done = true
	r.on.Submitted(r.meeting.Code)
}

// mistakes shows each mistake at its field, gives the first one the keyboard
// and returns the labels of the fields.
func (r *Register) mistakes(errs []api.FieldError) []string {
	var labels []string
	var first fyne.Focusable
	mark := func(field *parts.Field, words string, focus fyne.Focusable) {
		field.SetError(words)
		labels = append(labels, field.Label())
		if first == nil {
			first = focus
		}
	}
	parts.Together(r.content, func() {
		for _, e := range errs {
			words := r.env.T("register.wrong."+e.Code, map[string]any{"Max": rules.MaxBadgeName})
			switch {
			case e.Pointer == "/participation" && r.whole != nil:
				mark(r.whole, r.env.T("register.wrong.required.choice"), r.participation)
			case e.Pointer == "/badge_name":
				mark(r.badge, words, r.badgeEntry)
			case e.Pointer == "/job_title":
				mark(r.job, words, r.jobEntry)
			case strings.HasPrefix(e.Pointer, "/answers/"):
				if q := r.question(strings.TrimPrefix(e.Pointer, "/answers/")); q != nil {
					mark(q.field, answerMistake(r.env, &q.q, e.Code), q.first)
				}
			case strings.HasPrefix(e.Pointer, "/companions/") && r.companions != nil:
				var i int
				if _, err := fmt.Sscanf(e.Pointer, "/companions/%d/", &i); err == nil && i < len(r.companions.fields) {
					mark(r.companions.fields[i], words, r.companions.entries[i])
				}
			}
		}
	})
	if first != nil {
		parts.Focus(first)
	}
	return labels
}

func (r *Register) question(id string) *question {
	for _, q := range r.questions {
		if q.q.ID == id {
			return q
		}
	}
	return nil
}
