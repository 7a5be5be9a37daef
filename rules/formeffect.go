package rules

import (
	"cmp"
	"reflect"
	"slices"

	"plenary/api"
)

// FormChange is the change of a meeting's form, and what it does to the answers that there
// are. It is for one goroutine.
type FormChange struct {
	before, after *api.Form
	counts        map[api.FormEffect]int // Registrations is 0 in the keys
}

// NewFormChange compares two forms of a meeting.
func NewFormChange(before, after *api.Form) *FormChange {
	return &FormChange{before: before, after: after, counts: map[api.FormEffect]int{}}
}

// Matters says whether the change can do anything to answers: others are of words, places,
// retention and the order of what hangs on nothing.
func (c *FormChange) Matters() bool { return !reflect.DeepEqual(asks(c.before), asks(c.after)) }

// asks is what of a form judges answers, by question.
func asks(form *api.Form) map[string]api.Question {
	all := map[string]api.Question{}
	for _, s := range form.Sections {
		if s.If != nil {
			// Of which section it is says the first of its questions; one without asks nothing.
			for _, q := range s.Questions {
				all["/"+q.ID] = api.Question{If: s.If}
			}
		}
		for _, q := range s.Questions {
			one := api.Question{Kind: q.Kind, Required: q.Required, If: q.If, Max: q.Max}
			for _, choice := range q.Choices {
				one.Choices = append(one.Choices, api.Choice{ID: choice.ID})
			}
			slices.SortFunc(one.Choices, func(a, b api.Choice) int { return cmp.Compare(a.ID, b.ID) })
			all[q.ID] = one
		}
	}
	return all
}

// Count looks at what was answered in one registration.
func (c *FormChange) Count(answers api.Answers) {
	was, is := Asked(c.before, answers), Asked(c.after, answers)
	for s := range c.before.Sections {
		for i := range c.before.Sections[s].Questions {
			if q := &c.before.Sections[s].Questions[i]; was[q.ID] && len(answers[q.ID]) > 0 {
				c.answered(q, answers[q.ID], is[q.ID])
			}
		}
	}
	for s := range c.after.Sections {
		for i := range c.after.Sections[s].Questions {
			q := &c.after.Sections[s].Questions[i]
			if !q.Required || !is[q.ID] || len(answers[q.ID]) > 0 {
				continue
			}
			if old := findQuestion(c.before, q.ID); old == nil || !old.Required || !was[q.ID] {
				c.add(api.EffectRequired, q.ID, "")
			}
		}
	}
}

// answered looks at one answer.
func (c *FormChange) answered(before *api.Question, answer []string, asked bool) {
	after := findQuestion(c.after, before.ID)
	switch {
	case after == nil:
		c.add(api.EffectRemoved, before.ID, "")
		return
	case !asked:
		c.add(api.EffectHidden, before.ID, "")
		return
	case before.Kind == api.KindPhoto && after.Kind == api.KindFile:
		return // every photo is a file
	case kindFamily(before.Kind) != kindFamily(after.Kind):
		c.add(api.EffectUnfit, before.ID, "")
		return
	}
	kept := slices.DeleteFunc(slices.Clone(answer), func(id string) bool {
		gone := hasChoice(before, id) && !hasChoice(after, id)
		if gone {
			c.add(api.EffectChoiceRemoved, before.ID, id)
		}
		return gone
	})
	if len(kept) > 0 && ValidateAnswer(after, kept) != "" && ValidateAnswer(before, answer) == "" {
		c.add(api.EffectUnfit, before.ID, "")
	}
}

// kindFamily groups the kinds whose answers mean the same: words that somebody has written,
// and choices. Whether an answer is right for another kind of the family, it says itself.
func kindFamily(kind string) string {
	switch kind {
	case api.KindText, api.KindLong, api.KindNumber, api.KindDate, api.KindPhone, api.KindEmail:
		return api.KindText
	case api.KindChoice, api.KindChoices:
		return api.KindChoice
	}
	return kind
}

func hasChoice(q *api.Question, id string) bool {
	return slices.ContainsFunc(q.Choices, func(c api.Choice) bool { return c.ID == id })
}

func (c *FormChange) add(kind, question, choice string) {
	c.counts[api.FormEffect{Kind: kind, Question: question, Choice: choice}]++
}

// Effects are what the change does to the answers that were counted, by question in the
// order of the form before, and then of the form after.
func (c *FormChange) Effects() (effects []api.FormEffect) {
	for effect, n := range c.counts {
		effect.Registrations = n
		effects = append(effects, effect)
	}
	place, n := map[string]int{}, 0
	for _, form := range []*api.Form{c.before, c.after} {
		for _, s := range form.Sections {
			for _, q := range s.Questions {
				if _, ok := place[q.ID]; !ok {
					place[q.ID] = n
					n++
				}
			}
		}
	}
	slices.SortFunc(effects, func(a, b api.FormEffect) int {
		return cmp.Or(cmp.Compare(place[a.Question], place[b.Question]), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Choice, b.Choice))
	})
	return effects
}

// Acknowledged says whether each effect is among those that somebody knows of. How many
// registrations it concerns does not matter: people go on registering meanwhile.
func Acknowledged(effects, known []api.FormEffect) bool {
	for _, e := range effects {
		if !slices.ContainsFunc(known, func(k api.FormEffect) bool {
			return k.Kind == e.Kind && k.Question == e.Question && k.Choice == e.Choice
		}) {
			return false
		}
	}
	return true
}
