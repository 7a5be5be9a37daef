package forms

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Section is a part of a registration to read: what the form asks for under one title, and
// what was answered.
type Section struct {
	Title string
	Pairs []parts.Pair
}

// Person is how one takes part, what stands on the badge, and who comes along.
func Person(env kit.Env, m *api.Meeting, in *api.Register) Section {
	t := env.T
	s := Section{Title: t("register.you")}
	add := func(key, value string) {
		if value != "" {
			s.Pairs = append(s.Pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	if in.Participation != "" {
		add("register.participation", t("register.participation."+in.Participation))
	}
	add("register.badge", in.BadgeName)
	add("register.job", in.JobTitle)
	var names []string
	for _, c := range in.Companions {
		names = append(names, c.Name)
	}
	if len(names) == 0 && m.Companions > 0 && rules.OnBadge(in.Participation) {
		names = []string{t("registration.accompanying.none")}
	}
	add("registration.accompanying", strings.Join(names, ", "))
	return s
}

// Answers are the meeting's own questions as far as they were asked, by section, with what
// was answered. Files can be saved by saver, unless that is nil.
func Answers(env kit.Env, m *api.Meeting, answers api.Answers, saver *Saver) (sections []Section) {
	lang, asked := env.Words.Lang(), rules.Asked(&m.Form, answers)
	for _, section := range m.Form.Sections {
		s := Section{Title: section.Title.In(lang)}
		for i := range section.Questions {
			q := &section.Questions[i]
			if !asked[q.ID] {
				continue
			}
			at := parts.ID("answer." + q.ID)
			var value fyne.CanvasObject = parts.Muted(env.T("register.unanswered")).WithID(at)
			if id, name, ok := rules.FileOf(answers[q.ID]); ok && rules.IsFile(q.Kind) {
				value = saver.Link(at, id, name)
			} else if words := answerWords(env, q, answers[q.ID]); words != "" {
				value = parts.Body(words).WithID(at)
			}
			s.Pairs = append(s.Pairs, parts.Pair{Key: q.Label.In(lang), Value: value})
		}
		if len(s.Pairs) > 0 {
			sections = append(sections, s)
		}
	}
	return sections
}

// answerWords is an answer in words.
func answerWords(env kit.Env, q *api.Question, answer []string) string {
	if _, name, ok := rules.FileOf(answer); ok && rules.IsFile(q.Kind) {
		return name
	}
	words := make([]string, len(answer))
	for i, a := range answer {
		words[i] = a
		switch q.Kind {
		case api.KindYesNo:
			if a == "yes" || a == "no" {
				words[i] = env.T("register." + a)
			}
		case api.KindCountry:
			words[i] = env.Words.Country(a)
		case api.KindDate:
			if day, err := time.Parse(time.DateOnly, a); err == nil {
				words[i] = env.Words.Date(day)
			}
		case api.KindChoice, api.KindChoices:
			for _, c := range q.Choices {
				if c.ID == a {
					words[i] = c.Label.In(env.Words.Lang())
				}
			}
		}
	}
	return strings.Join(words, ", ")
}
