package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"plenary/api"
)

// Limits of a form.
const (
	maxQuestions = 200
	maxChoices   = 300
)

const (
	letters = "abcdefghijklmnopqrstuvwxyz"
	digits  = "0123456789"
)

// validID says whether an id has 1 to 40 characters, the first one of first, the
// others of rest.
func validID(id, first, rest string) bool {
	return id != "" && len(id) <= 40 && strings.Contains(first, id[:1]) && strings.Trim(id[1:], rest) == ""
}

// CheckForm lists everything because of which a form cannot be asked, as it comes from
// whoever sets up a meeting: ids are of the right form and stand once only, kinds are
// known, choices stand where a kind needs them, labels are there in English, and
// questions hang on earlier ones only, so that what is shown never goes round in circles.
// Pointers are into the form.
func CheckForm(form *api.Form) []api.FieldError {
	c, seen, n := meetingCheck{}, make(map[string]bool), 0
	for s, section := range form.Sections {
		for i := range section.Questions {
			q := &section.Questions[i]
			if n++; n > maxQuestions {
				c.say(true, "/sections", api.FieldTooMany)
				return c.wrong
			}
			c.question("/sections/"+strconv.Itoa(s)+"/questions/"+strconv.Itoa(i), q, seen)
			seen[q.ID] = true
		}
	}
	return c.wrong
}

// question judges one question, before which those in seen stand.
func (c *meetingCheck) question(at string, q *api.Question, seen map[string]bool) {
	c.oneOf(at+"/id", when(!validID(q.ID, letters, letters+digits+"_"), api.FieldInvalid), when(seen[q.ID], api.FieldRepeated))
	c.text(at+"/label", q.Label, true, MaxMeetingText, Lines)
	c.text(at+"/help", q.Help, false, MaxMeetingText, Lines)
	c.say(q.If != nil && !seen[q.If.Question], at+"/if/question", api.FieldUnknown)
	switch q.Kind {
	case api.KindText, api.KindLong, api.KindNumber, api.KindYesNo, api.KindDate, api.KindPhone, api.KindEmail, api.KindCountry:
		c.say(len(q.Choices) > 0, at+"/choices", api.FieldTooMany)
	case api.KindChoice, api.KindChoices:
		c.choices(at+"/choices", q.Choices)
	default:
		c.say(true, at+"/kind", api.FieldUnknown)
	}
}

func (c *meetingCheck) choices(at string, choices []api.Choice) {
	c.say(len(choices) == 0, at, api.FieldRequired)
	if len(choices) > maxChoices {
		c.say(true, at, api.FieldTooMany)
		return
	}
	ids := make(map[string]bool)
	for i, choice := range choices {
		one := at + "/" + strconv.Itoa(i)
		c.oneOf(one+"/id", when(!validID(choice.ID, letters+digits, letters+digits+"_-"), api.FieldInvalid), when(ids[choice.ID], api.FieldRepeated))
		c.text(one+"/label", choice.Label, true, MaxMeetingText, Lines)
		c.say(choice.Places < 0 || choice.Places > MaxMeetingPlaces, one+"/places", api.FieldOutOfRange)
		ids[choice.ID] = true
	}
}

func sortedKeys(t api.Text) []string { return slices.Sorted(maps.Keys(t)) }
