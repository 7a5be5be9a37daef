package rules

import (
	"slices"

	"plenary/api"
)

// MaxOfferHours is the longest time for which a place is offered.
const MaxOfferHours = 30 * 24

// PlacesOf is how many of a meeting's places a registration takes: one for the person,
// and one for each accompanying person.
func PlacesOf(companions []api.Companion) int { return 1 + len(companions) }

// Limit is a choice of a form that has places of its own.
type Limit struct {
	Question, Choice string
	Places           int
}

// Key names it among the counts of api.Meeting.ChoiceTaken.
func (l Limit) Key() string { return l.Question + "/" + l.Choice }

// Limits are those of a form, in its order.
func Limits(form *api.Form) (limits []Limit) {
	for _, section := range form.Sections {
		for _, q := range section.Questions {
			if q.Kind != api.KindChoice && q.Kind != api.KindChoices {
				continue
			}
			for _, c := range q.Choices {
				if c.Places > 0 {
					limits = append(limits, Limit{Question: q.ID, Choice: c.ID, Places: c.Places})
				}
			}
		}
	}
	return limits
}

// Claims are those of the limits of which answers that count (CleanAnswers) take a place:
// one for a registration, whoever accompanies the person.
func Claims(limits []Limit, answers api.Answers) (claims []Limit) {
	for _, l := range limits {
		if slices.Contains(answers[l.Question], l.Choice) {
			claims = append(claims, l)
		}
	}
	return claims
}

// Full says whether all places of a choice are taken, by the counts of its meeting.
func (l Limit) Full(taken map[string]int) bool { return taken[l.Key()] >= l.Places }
