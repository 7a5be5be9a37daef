package forms

import (
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// consentList is what the meeting asks people to agree to, a box each, and whether they want
// to stand in its list of participants.
type consentList struct {
	parts.Arranged
	meeting *api.Meeting
	checks  []*parts.Check // of the meeting's consents, in its order
	fields  []*parts.Field // around them
	listed  *parts.Check   // nil where there is no list
}

// newConsentList returns the boxes, or nil where a meeting asks for nothing.
func newConsentList(env kit.Env, meeting *api.Meeting, changed func()) *consentList {
	if len(meeting.Consents) == 0 && !rules.AsksListed(meeting) {
		return nil
	}
	c := &consentList{meeting: meeting}
	card := parts.Stack(parts.Gap12, parts.Section(env.T("register.consents")))
	for _, one := range meeting.Consents {
		id := parts.ID("register.consent." + one.ID)
		label := []parts.Span{{Text: one.Text.In(env.Words.Lang())}}
		if one.Required {
			label = parts.Required(label...)
		}
		check := parts.NewCheck(id, label...)
		field := parts.NewField(id+".field", "", false, check)
		check.OnChange = func(bool) {
			field.SetError("")
			changed()
		}
		c.checks, c.fields = append(c.checks, check), append(c.fields, field)
		card.Add(field)
	}
	if rules.AsksListed(meeting) {
		c.listed = parts.NewCheck("register.listed", parts.Span{Text: env.T("register.listed." + meeting.ParticipantList)})
		c.listed.OnChange = func(bool) { changed() }
		card.Add(c.listed)
	}
	c.Arrange(c, card)
	return c
}

func (c *consentList) fill(in *api.Register) {
	for i, one := range c.meeting.Consents {
		c.checks[i].SetChecked(has(in.Consents, one.ID))
	}
	if c.listed != nil {
		c.listed.SetChecked(in.Listed)
	}
}

func (c *consentList) entered(in *api.Register) {
	for i, one := range c.meeting.Consents {
		if c.checks[i].Checked() {
			in.Consents = append(in.Consents, one.ID)
		}
	}
	in.Listed = c.listed != nil && c.listed.Checked()
}

func has(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}

// Consents is what somebody was asked to agree to, and whether they did.
func Consents(env kit.Env, m *api.Meeting, in *api.Register) Section {
	s := Section{Title: env.T("register.consents")}
	add := func(text string, is bool) {
		s.Pairs = append(s.Pairs, parts.Pair{Key: agreed(env, is), Value: parts.Body(text)})
	}
	for _, one := range m.Consents {
		add(one.Text.In(env.Words.Lang()), has(in.Consents, one.ID))
	}
	if rules.AsksListed(m) {
		add(env.T("register.listed."+m.ParticipantList), in.Listed)
	}
	return s
}

// agreed says whether somebody agrees to something.
func agreed(env kit.Env, is bool) string {
	if is {
		return env.T("register.agreed")
	}
	return env.T("register.agreed.not")
}

// changedConsents are those that somebody agrees to now and did not before, and the other way
// round; of those that the meeting does not ask for any more there is no text.
func changedConsents(env kit.Env, m *api.Meeting, c api.Changed) (pairs []parts.Pair) {
	for _, one := range m.Consents {
		if is := has(c.After, one.ID); is != has(c.Before, one.ID) {
			pairs = append(pairs, parts.Pair{Key: agreed(env, is), Value: parts.Body(one.Text.In(env.Words.Lang()))})
		}
	}
	if len(pairs) == 0 {
		pairs = append(pairs, parts.Pair{Key: env.T("register.consents"), Value: parts.Body(env.T("change.gone"))})
	}
	return pairs
}

// All is a whole registration to read, by section. Files can be saved by saver, unless that
// is nil.
func All(env kit.Env, m *api.Meeting, in *api.Register, saver *Saver) []Section {
	all := append([]Section{Person(env, m, in)}, Answers(env, m, in.Answers, saver)...)
	if consents := Consents(env, m, in); len(consents.Pairs) > 0 {
		all = append(all, consents)
	}
	return all
}

// Changes are fields that were changed, or are to be, with what stood there and what stands
// there then.
func Changes(env kit.Env, m *api.Meeting, changed []api.Changed) (pairs []parts.Pair) {
	for _, c := range changed {
		switch c.Field {
		case "/consents":
			pairs = append(pairs, changedConsents(env, m, c)...)
			continue
		case "/passport":
			pairs = append(pairs, parts.Pair{Key: env.T("visa.passport"), Value: parts.Body(env.T("visa.passport.changed"))})
			continue
		case "/visa":
			pairs = append(pairs, parts.Pair{Key: env.T("visa.title"), Value: parts.Body(env.T("visa.asked." + yesNo(len(c.After) > 0)))})
			continue
		case "/listed":
			pairs = append(pairs, parts.Pair{Key: env.T("change.listed"), Value: parts.Body(agreed(env, len(c.After) > 0))})
			continue
		}
		name := FieldName(env, m, c.Field)
		if name == "" {
			name = env.T("change.gone")
		}
		pairs = append(pairs, parts.Pair{Key: name, Value: parts.Body(env.T("change.from-to", map[string]any{
			"Before": fieldWords(env, m, c.Field, c.Before), "After": fieldWords(env, m, c.Field, c.After),
		}))})
	}
	return pairs
}

func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// fieldWords is what stands in a field, in words.
func fieldWords(env kit.Env, m *api.Meeting, pointer string, value []string) string {
	words := make([]string, len(value))
	for i, v := range value {
		words[i] = v
		if pointer == "/participation" {
			words[i] = env.T("register.participation." + v)
		}
	}
	said := strings.Join(words, ", ")
	if id, ok := strings.CutPrefix(pointer, "/answers/"); ok {
		for _, s := range m.Form.Sections {
			for i := range s.Questions {
				if s.Questions[i].ID == id {
					said = answerWords(env, &s.Questions[i], value)
				}
			}
		}
	}
	if said == "" {
		return env.T("change.nothing")
	}
	return said
}
