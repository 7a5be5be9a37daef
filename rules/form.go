package rules

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"plenary/api"
)

// Limits of answers in characters, where a question sets none.
const (
	MaxText      = 200
	MaxLong      = 2000
	maxNumber    = 30
	MaxBadgeName = 100
	MaxJobTitle  = 100
)

// Asked are the questions that are asked, given the answers so far: each whose condition,
// and that of its section, is met by a question that is asked itself. Conditions are on
// earlier questions only; see CheckForm. One on any other is never met.
func Asked(form *api.Form, answers api.Answers) map[string]bool {
	asked := make(map[string]bool)
	met := func(c *api.ShownIf) bool {
		return c == nil || asked[c.Question] && slices.Contains(answers[c.Question], c.Answer)
	}
	for s := range form.Sections {
		if !met(form.Sections[s].If) {
			continue
		}
		for i := range form.Sections[s].Questions {
			if q := &form.Sections[s].Questions[i]; met(q.If) {
				asked[q.ID] = true
			}
		}
	}
	return asked
}

func findQuestion(form *api.Form, id string) *api.Question {
	for s := range form.Sections {
		for q := range form.Sections[s].Questions {
			if form.Sections[s].Questions[q].ID == id {
				return &form.Sections[s].Questions[q]
			}
		}
	}
	return nil
}

// ValidateForm judges the answers to a meeting's form, the same way in the
// program and in the service (product.md, Register). The errors stand in the
// order of the form, those about answers to no question at the end, with
// pointers such as /answers/diet. Answers to questions that are not shown are
// allowed and mean nothing: CleanAnswers takes them out.
func ValidateForm(form *api.Form, answers api.Answers) []api.FieldError {
	var errs []api.FieldError
	known, asked := make(map[string]bool), Asked(form, answers)
	for s := range form.Sections {
		for i := range form.Sections[s].Questions {
			q := &form.Sections[s].Questions[i]
			known[q.ID] = true
			if !asked[q.ID] {
				continue
			}
			if code := ValidateAnswer(q, answers[q.ID]); code != "" {
				errs = append(errs, api.FieldError{Pointer: "/answers/" + q.ID, Code: code})
			}
		}
	}
	var unknown []string
	for id := range answers {
		if !known[id] {
			unknown = append(unknown, id)
		}
	}
	slices.Sort(unknown)
	for _, id := range unknown {
		errs = append(errs, api.FieldError{Pointer: "/answers/" + escapePointer(id), Code: api.FieldUnknown})
	}
	return errs
}

// escapePointer escapes a token of a JSON Pointer (RFC 6901).
func escapePointer(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

// CleanAnswers gives the answers that count, as they are kept: those to questions
// that are shown, without empty ones; texts as of Line and Lines, telephone numbers
// as of ParsePhone, addresses as of ReadEmail.
func CleanAnswers(form *api.Form, answers api.Answers) api.Answers {
	clean, asked := make(api.Answers), Asked(form, answers)
	for s := range form.Sections {
		for _, q := range form.Sections[s].Questions {
			if !asked[q.ID] {
				continue
			}
			given := given(&q, answers[q.ID])
			for i, s := range given {
				given[i] = keptAnswer(q.Kind, s)
			}
			if len(given) > 0 {
				clean[q.ID] = given
			}
		}
	}
	return clean
}

// given is an answer without empty parts and, but for texts, without what cannot
// be seen.
func given(q *api.Question, answer []string) []string {
	var parts []string
	for _, s := range answer {
		switch q.Kind {
		case api.KindText, api.KindLong:
			if text, ok := Lines(s); !ok || text != "" {
				parts = append(parts, s)
			}
		default:
			if s = Typed(s); s != "" {
				parts = append(parts, s)
			}
		}
	}
	return parts
}

// keptAnswer is how an answer that was accepted is kept.
func keptAnswer(kind, s string) string {
	switch kind {
	case api.KindText:
		s, _ = Line(s)
	case api.KindLong:
		s, _ = Lines(s)
	case api.KindPhone:
		s, _ = ParsePhone(s)
	case api.KindEmail:
		s, _ = ReadEmail(s)
	}
	return s
}

// ValidateAnswer judges the answer to one question that is shown: the code of a
// api.FieldError, or "" for a good one.
func ValidateAnswer(q *api.Question, answer []string) string {
	answer = given(q, answer)
	switch {
	case len(answer) == 0 && q.Required:
		return api.FieldRequired
	case len(answer) == 0:
		return ""
	case q.Kind == api.KindChoices:
		return validateChoices(q, answer)
	case IsFile(q.Kind):
		return validateFile(answer)
	case len(answer) > 1:
		return api.FieldTooMany
	}
	s := answer[0]
	switch q.Kind {
	case api.KindText:
		return validateText(s, q.Max, MaxText, false)
	case api.KindLong:
		return validateText(s, q.Max, MaxLong, true)
	case api.KindNumber:
		return validateNumber(s)
	case api.KindYesNo:
		return invalidUnless(s == "yes" || s == "no")
	case api.KindChoice:
		return validateChoices(q, answer)
	case api.KindDate:
		_, err := time.Parse(time.DateOnly, s)
		return invalidUnless(err == nil)
	case api.KindPhone:
		_, ok := ParsePhone(s)
		return invalidUnless(ok)
	case api.KindEmail:
		_, err := ReadEmail(s)
		return invalidUnless(err == nil)
	case api.KindCountry:
		return invalidUnless(IsCountry(s))
	default:
		return api.FieldUnknown
	}
}

func invalidUnless(ok bool) string {
	if ok {
		return ""
	}
	return api.FieldInvalid
}

func validateChoices(q *api.Question, answer []string) string {
	for i, id := range answer {
		if slices.Contains(answer[:i], id) {
			return api.FieldInvalid
		}
		if !slices.ContainsFunc(q.Choices, func(c api.Choice) bool { return c.ID == id }) {
			return api.FieldUnknown
		}
	}
	return ""
}

func validateText(s string, limit, fallback int, lines bool) string {
	if limit <= 0 {
		limit = fallback
	}
	text, ok := kept(s, lines)
	if !ok {
		return api.FieldInvalid
	}
	if utf8.RuneCountInString(text) > limit {
		return api.FieldTooLong
	}
	return ""
}

// validateNumber takes decimals such as 12, -3, 0.5: digits of ASCII, a point.
func validateNumber(s string) string {
	if len(s) > maxNumber {
		return api.FieldTooLong
	}
	if strings.Trim(s, "0123456789.-") != "" {
		return api.FieldInvalid
	}
	_, ok := new(big.Rat).SetString(s)
	return invalidUnless(ok)
}

// OnBadge tells whether who takes part in this way gets a badge, and can bring others: who
// does not come is asked neither for the name on it nor for accompanying persons.
func OnBadge(participation string) bool { return participation != api.Remote }

// ValidateRegister judges a whole registration against its meeting, but for
// what only the service knows: time, places, who the person is. Pointers are
// those of the payload, in the order of the screen. What is not asked for is allowed and
// means nothing: CleanRegister takes it out.
func ValidateRegister(m *api.Meeting, r *api.Register) []api.FieldError {
	var errs []api.FieldError
	add := func(pointer, code string) {
		if code != "" {
			errs = append(errs, api.FieldError{Pointer: pointer, Code: code})
		}
	}
	switch {
	case r.Participation == "":
		add("/participation", api.FieldRequired)
	case !slices.Contains(m.Participation, r.Participation):
		add("/participation", api.FieldUnknown)
	}
	comes := OnBadge(r.Participation)
	if comes {
		add("/badge_name", validateLine(r.BadgeName, MaxBadgeName, true))
	}
	add("/job_title", validateLine(r.JobTitle, MaxJobTitle, false))
	errs = append(errs, ValidateForm(&m.Form, r.Answers)...)
	switch {
	case !comes:
	case len(r.Companions) > m.Companions:
		add("/companions", api.FieldTooMany)
	default:
		for i, c := range r.Companions {
			add("/companions/"+strconv.Itoa(i)+"/name", validateLine(c.Name, MaxBadgeName, true))
		}
	}
	errs = append(errs, validateConsents(m, r.Consents)...)
	if r.Visa && AsksVisa(m, r.Participation) {
		errs = append(errs, ValidatePassport(m, r.Passport)...)
	}
	return errs
}

// CleanRegister is a registration that ValidateRegister accepts, as it is kept: without
// what is not asked for.
func CleanRegister(m *api.Meeting, r api.Register) api.Register {
	if !OnBadge(r.Participation) {
		r.BadgeName, r.Companions = "", nil
	}
	r.BadgeName, _ = Line(r.BadgeName)
	r.JobTitle, _ = Line(r.JobTitle)
	r.Answers = CleanAnswers(&m.Form, r.Answers)
	r.Consents, r.Listed = cleanConsents(m, r.Consents), r.Listed && AsksListed(m)
	if r.Visa = r.Visa && AsksVisa(m, r.Participation); !r.Visa {
		r.Passport = nil
	}
	if r.Passport != nil {
		p := CleanPassport(*r.Passport)
		r.Passport = &p
	}
	r.Companions = slices.Clone(r.Companions)
	for i := range r.Companions {
		r.Companions[i].Name, _ = Line(r.Companions[i].Name)
	}
	return r
}

func validateLine(s string, limit int, required bool) string {
	switch line, ok := Line(s); {
	case ok && line == "" && required:
		return api.FieldRequired
	case ok && line == "":
		return ""
	}
	return validateText(s, limit, limit, false)
}
