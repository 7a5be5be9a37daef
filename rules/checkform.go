package rules

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"plenary/api"
)

// Limits of a form.
const (
	MaxSections  = 50
	MaxQuestions = 200
	MaxChoices   = 300
	// MaxRetention is the longest time for which answers are kept after a meeting, in days.
	MaxRetention = 3650
	// MaxAnswer is the longest answer that a question can ask for, in characters.
	MaxAnswer = 10_000
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
// known, choices stand where a kind needs them, labels are there in English and are plain
// text, and questions and sections hang on earlier questions only, and on answers that
// these can have, so that what is shown never goes round in circles. Of a form that is too
// long nothing else is said. Pointers are into the form.
func CheckForm(form *api.Form) []api.FieldError {
	c, seen, n := meetingCheck{}, make(map[string]*api.Question), 0
	for _, section := range form.Sections {
		n += len(section.Questions)
	}
	if n > MaxQuestions || len(form.Sections) > MaxSections {
		c.say(true, "/sections", api.FieldTooMany)
		return c.wrong
	}
	for s := range form.Sections {
		section, at := &form.Sections[s], "/sections/"+strconv.Itoa(s)
		c.plain(at+"/title", section.Title, false, MaxMeetingLine, Line)
		c.condition(at+"/if", section.If, seen)
		for i := range section.Questions {
			q := &section.Questions[i]
			c.question(at+"/questions/"+strconv.Itoa(i), q, seen)
			seen[q.ID] = q
		}
	}
	return c.wrong
}

// question judges one question, before which those in seen stand.
func (c *meetingCheck) question(at string, q *api.Question, seen map[string]*api.Question) {
	c.oneOf(at+"/id", when(!validID(q.ID, letters, letters+digits+"_"), api.FieldInvalid), when(seen[q.ID] != nil, api.FieldRepeated))
	c.plain(at+"/label", q.Label, true, MaxMeetingText, Lines)
	c.plain(at+"/help", q.Help, false, MaxMeetingText, Lines)
	c.condition(at+"/if", q.If, seen)
	c.say(q.Max < 0 || q.Max > MaxAnswer, at+"/max", api.FieldOutOfRange)
	c.say(q.MaxBytes < 0 || q.MaxBytes > MaxFileBytes || q.MaxBytes > 0 && !IsFile(q.Kind), at+"/max_bytes", api.FieldOutOfRange)
	c.say(q.Retention < 0 || q.Retention > MaxRetention, at+"/retention", api.FieldOutOfRange)
	switch q.Kind {
	case api.KindText, api.KindLong, api.KindNumber, api.KindYesNo, api.KindDate, api.KindPhone, api.KindEmail, api.KindCountry,
		api.KindFile, api.KindPhoto:
		c.say(len(q.Choices) > 0, at+"/choices", api.FieldTooMany)
	case api.KindChoice, api.KindChoices:
		c.choices(at+"/choices", q.Choices)
	default:
		c.say(true, at+"/kind", api.FieldUnknown)
	}
}

// condition judges what a question or section hangs on.
func (c *meetingCheck) condition(at string, on *api.ShownIf, seen map[string]*api.Question) {
	if on == nil {
		return
	}
	q := seen[on.Question]
	if q == nil {
		c.say(true, at+"/question", api.FieldUnknown)
		return
	}
	switch q.Kind {
	case api.KindChoice, api.KindChoices:
		c.say(!hasChoice(q, on.Answer), at+"/answer", api.FieldUnknown)
	default:
		c.say(ValidateAnswer(q, []string{on.Answer}) != "" || on.Answer == "", at+"/answer", api.FieldUnknown)
	}
}

// tag is one of HTML, which nobody sees as what it means: these texts are shown as they are.
var tag = regexp.MustCompile(`<[/!]?[a-zA-Z][^<>]*>`)

// plain judges a text of a form in all its languages.
func (c *meetingCheck) plain(at string, t api.Text, required bool, longest int, kept func(string) (string, bool)) {
	c.text(at, t, required, longest, kept)
	for _, lang := range sortedKeys(t) {
		c.say(tag.MatchString(t[lang]), at+"/"+escapePointer(lang), api.FieldNotAccepted)
	}
}

func (c *meetingCheck) choices(at string, choices []api.Choice) {
	c.say(len(choices) == 0, at, api.FieldRequired)
	if len(choices) > MaxChoices {
		c.say(true, at, api.FieldTooMany)
		return
	}
	ids := make(map[string]bool)
	for i, choice := range choices {
		one := at + "/" + strconv.Itoa(i)
		c.oneOf(one+"/id", when(!validID(choice.ID, letters+digits, letters+digits+"_-"), api.FieldInvalid), when(ids[choice.ID], api.FieldRepeated))
		c.plain(one+"/label", choice.Label, true, MaxMeetingText, Lines)
		c.say(choice.Places < 0 || choice.Places > MaxMeetingPlaces, one+"/places", api.FieldOutOfRange)
		ids[choice.ID] = true
	}
}

func sortedKeys(t api.Text) []string { return slices.Sorted(maps.Keys(t)) }
