package forms

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// stillRead is what is wrong with a file that is not read to its end.
const stillRead = "reading"

// Judge shows what is wrong with what is entered, as Show does.
func (f *Form) Judge() (labels []string) {
	in, before := f.Entered(), api.Register{}
	before.Visa = f.visa != nil && f.visa.state != ""
	wrong := rules.ValidateChange(&f.meeting, &before, &in)
	for _, q := range f.questions {
		if q.input != nil && q.input.reads {
			pointer := "/answers/" + q.q.ID
			wrong = slices.DeleteFunc(wrong, func(e api.FieldError) bool { return e.Pointer == pointer })
			wrong = append(wrong, api.FieldError{Pointer: pointer, Code: stillRead})
		}
	}
	return f.Show(wrong)
}

// Show shows each mistake at its field, gives the first one the keyboard and returns the
// labels of the fields.
func (f *Form) Show(errs []api.FieldError) (labels []string) {
	var first fyne.Focusable
	mark := func(field *parts.Field, words string, focus fyne.Focusable) {
		field.SetError(words)
		labels = append(labels, field.Label())
		if first == nil {
			first = focus
		}
	}
	parts.Together(f.content, func() {
		for _, e := range errs {
			words := f.env.T("register.wrong."+e.Code, map[string]any{"Max": rules.MaxBadgeName})
			switch {
			case e.Pointer == "/participation" && f.whole != nil:
				mark(f.whole, f.env.T("register.wrong.required.choice"), f.participation)
			case e.Pointer == "/badge_name":
				mark(f.badge, words, f.badgeEntry)
			case e.Pointer == "/job_title":
				mark(f.job, words, f.jobEntry)
			case strings.HasPrefix(e.Pointer, "/answers/"):
				if q := f.question(strings.TrimPrefix(e.Pointer, "/answers/")); q != nil {
					mark(q.field, answerMistake(f.env, &q.q, e.Code), q.first)
				}
			case strings.HasPrefix(e.Pointer, "/consents/") && f.consents != nil:
				for i, one := range f.meeting.Consents {
					if e.Pointer == "/consents/"+one.ID {
						mark(f.consents.fields[i], f.env.T("register.wrong.required.consent"), f.consents.checks[i].Input())
						labels[len(labels)-1] = f.env.T("register.consents")
					}
				}
			case e.Pointer == "/passport" && f.visa != nil:
				mark(f.visa.whole, f.env.T("visa.wrong.answered"), f.visa.needs.Input())
				labels[len(labels)-1] = f.env.T("visa.passport")
			case strings.HasPrefix(e.Pointer, "/passport/") && f.visa != nil:
				name := strings.TrimPrefix(e.Pointer, "/passport/")
				if field := f.visa.fields[name]; field != nil {
					focus := fyne.Focusable(f.visa.entries[name])
					if name == "nationality" {
						focus = f.visa.country.Entry()
					}
					mark(field, f.visa.mistake(e), focus)
				}
			case strings.HasPrefix(e.Pointer, "/companions/") && f.companions != nil:
				var i int
				if _, err := fmt.Sscanf(e.Pointer, "/companions/%d/", &i); err == nil && i < len(f.companions.fields) {
					mark(f.companions.fields[i], words, f.companions.entries[i])
				}
			}
		}
	})
	if first != nil {
		parts.Focus(first)
	}
	return slices.Compact(labels) // one for all consents
}

func (f *Form) question(id string) *question {
	for _, q := range f.questions {
		if q.q.ID == id {
			return q
		}
	}
	return nil
}

func (f *Form) lineMistake(pointer string, limit int) string {
	in := f.Entered()
	for _, e := range rules.ValidateRegister(&f.meeting, &in) {
		if e.Pointer == pointer {
			return f.env.T("register.wrong."+e.Code, map[string]any{"Max": limit})
		}
	}
	return ""
}

// FieldName is what the form of a meeting calls the field that a pointer into a
// registration leads to; empty for one that it does not have.
func FieldName(env kit.Env, m *api.Meeting, pointer string) string {
	switch {
	case pointer == "/participation":
		return env.T("register.participation")
	case pointer == "/badge_name":
		return env.T("register.badge")
	case pointer == "/job_title":
		return env.T("register.job")
	case strings.HasPrefix(pointer, "/companions"):
		return env.T("register.companions")
	case strings.HasPrefix(pointer, "/consents"):
		return env.T("register.consents")
	case pointer == "/listed":
		return env.T("change.listed")
	case pointer == "/visa":
		return env.T("visa.title")
	case strings.HasPrefix(pointer, "/passport"):
		return env.T("visa.passport")
	}
	id := strings.TrimPrefix(pointer, "/answers/")
	for _, s := range m.Form.Sections {
		for _, q := range s.Questions {
			if q.ID == id {
				return q.Label.In(env.Words.Lang())
			}
		}
	}
	return ""
}
