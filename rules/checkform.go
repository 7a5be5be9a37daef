package rules

import (
	"fmt"
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

// CheckForm says whether a form can be asked at all, as it comes from whoever
// sets up a meeting: ids of the right form and once only, known kinds, choices
// where a kind needs them, labels in English, and questions that hang on earlier
// ones only, so that what is shown never goes round in circles.
func CheckForm(form *api.Form) error {
	seen := make(map[string]bool)
	for _, section := range form.Sections {
		for i := range section.Questions {
			q := &section.Questions[i]
			if err := checkQuestion(q, seen); err != nil {
				return fmt.Errorf("rules: form: question %q: %w", q.ID, err)
			}
			seen[q.ID] = true
		}
	}
	if len(seen) > maxQuestions {
		return fmt.Errorf("rules: form: %d questions, %d are the most", len(seen), maxQuestions)
	}
	return nil
}

func checkQuestion(q *api.Question, seen map[string]bool) error {
	switch {
	case !validID(q.ID, letters, letters+digits+"_"):
		return fmt.Errorf("its id is not of small letters, digits and _, 40 at most, a letter first")
	case seen[q.ID]:
		return fmt.Errorf("its id is there twice")
	case q.Label["en"] == "":
		return fmt.Errorf("it has no label in English")
	case q.If != nil && !seen[q.If.Question]:
		return fmt.Errorf("it hangs on %q, which does not stand before it", q.If.Question)
	}
	switch q.Kind {
	case api.KindText, api.KindLong, api.KindNumber, api.KindYesNo, api.KindDate, api.KindPhone, api.KindEmail, api.KindCountry:
		if len(q.Choices) > 0 {
			return fmt.Errorf("kind %s takes no choices", q.Kind)
		}
		return nil
	case api.KindChoice, api.KindChoices:
		return checkChoices(q.Choices)
	default:
		return fmt.Errorf("kind %q is unknown", q.Kind)
	}
}

func checkChoices(choices []api.Choice) error {
	if len(choices) == 0 || len(choices) > maxChoices {
		return fmt.Errorf("%d choices, 1 to %d are possible", len(choices), maxChoices)
	}
	ids := make(map[string]bool)
	for _, c := range choices {
		if !validID(c.ID, letters+digits, letters+digits+"_-") || ids[c.ID] || c.Label["en"] == "" {
			return fmt.Errorf("choice %q has a wrong or repeated id, or no label in English", c.ID)
		}
		ids[c.ID] = true
	}
	return nil
}
