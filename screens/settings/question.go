package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// ownQuestion is the choice "My own question".
const ownQuestion = "own"

// maxQuestion is how many letters a question and an answer may have (api.SetSecretQuestion).
const maxQuestion = 120

// questionSection sets the secret question
// (sources/reset-options.txt, "Set Secret Question"). The answer is typed as a
// password is: whoever knows it may set a new one.
type questionSection struct {
	*accountSection
	acc   Account
	known bool   // what stands at the service has been read
	asks  string // the question of the person's own that stands there

	state       *parts.Text
	use         *parts.Text
	pick        *parts.Picker
	pickField   *parts.Field
	own, answer *parts.Entry
	ownField    *parts.Field
	answerField *parts.Field
	submit      *parts.Button
	remove      *parts.Button
	form        *fyne.Container
	closed      *parts.Text // to accounts with a role
}

func newQuestionSection(env kit.Env, account api.Account, acc Account, prove proveFunc, toList func()) *questionSection {
	t := env.T
	s := &questionSection{acc: acc}
	s.submit = parts.NewButton("settings.question.save", t("settings.save"), parts.Primary, func() { s.save() })
	s.remove = parts.NewButton("settings.question.remove", t("settings.question.remove"), parts.Outlined, func() { s.askRemove() })
	s.remove.Hide()
	s.accountSection = newAccountSection(env, "settings.question", t("settings.section.question"), t("settings.question.line"), prove, toList, s.submit, s.remove)
	s.state, s.use = parts.Body("").WithID("settings.question.state"), parts.Body("")
	s.closed = parts.Body(t("settings.question.closed"))

	var items []parts.Item
	for _, id := range api.SecretQuestions {
		items = append(items, parts.Item{ID: id, Text: person.SecretQuestion(env, id, false)})
	}
	items = append(items, parts.Item{ID: ownQuestion, Text: t("settings.question.own")})
	s.pick = parts.NewPicker("settings.question.pick", t("register.pick"), t("signup.no-match"), items).WithRows(len(items))
	s.pick.OnChange = func(parts.Item) { s.picked() }
	s.pickField = parts.NewField("settings.question.pick.field", t("settings.question.question"), true, s.pick)
	s.own = parts.NewEntry("settings.question.own")
	s.own.OnSubmitted = func(string) { parts.Focus(s.answer) }
	s.own.OnChanged = func(string) { s.ownField.SetError("") }
	s.ownField = parts.NewField("settings.question.own.field", t("settings.question.own"), true, s.own)
	s.ownField.Hide()
	s.answer = env.Password("settings.question.answer")
	s.answer.OnChanged = func(string) { s.answerField.SetError("") }
	s.answer.OnSubmitted = func(string) { s.save() }
	s.answerField = parts.NewField("settings.question.answer.field", t("settings.question.answer"), true, s.answer).
		WithHint(parts.Span{Text: t("settings.question.answer-hint")})
	s.form = parts.Stack(parts.Gap12, s.state, s.pickField, s.ownField, s.answerField)
	s.body.Add(s.use)
	s.body.Add(parts.Muted(t("settings.question.less-safe")))
	s.body.Add(s.form)
	s.body.Add(s.closed)
	s.explain(env.Info.Questions)
	s.SetAccount(account)
	return s
}

// First is what takes the keyboard.
func (s *questionSection) First() fyne.Focusable {
	if !s.form.Visible() {
		return nil
	}
	return s.pick.Entry()
}

// SetAccount closes the section to accounts with a role.
func (s *questionSection) SetAccount(a api.Account) {
	closed := len(a.NeedsSecondFactor) > 0
	for _, role := range a.Roles {
		closed = closed || role != api.RoleParticipant
	}
	parts.SetVisible(!closed, s.form, s.submit)
	parts.SetVisible(closed, s.closed)
}

// Shown asks the service what is set.
func (s *questionSection) Shown() {
	if !s.Working() && s.form.Visible() {
		kit.Load(s.Calls, "settings.busy", s.acc.SecretQuestion, s.read)
	}
}

// read shows what is set at the service; what is being typed stays.
func (s *questionSection) read(q api.SecretQuestion) {
	first := !s.known
	s.known = true
	s.explain(q.Policy)
	text := s.env.T("settings.question.none")
	if q.Set {
		text = s.env.T("settings.question.set", map[string]any{"Question": person.SecretQuestion(s.env, q.Question, q.Own)})
	}
	s.state.SetText(text)
	s.remove.Hidden = !q.Set
	if s.asks = ""; q.Own {
		s.asks = q.Question
	}
	if first && q.Set && s.pick.PickedID() == "" {
		if q.Own {
			s.own.SetText(q.Question)
			s.pick.SetID(ownQuestion)
		} else {
			s.pick.SetID(q.Question)
		}
		s.picked()
	}
	parts.Changed(s.form)
}

// explain says what the question is good for, by the policy.
func (s *questionSection) explain(policy string) {
	key := "settings.question.use"
	if policy == api.QuestionWithEmail {
		key = "settings.question.use-email"
	}
	s.use.SetText(s.env.T(key))
}

func (s *questionSection) picked() {
	s.pickField.SetError("")
	parts.SetVisible(s.pick.PickedID() == ownQuestion, s.ownField)
}

func (s *questionSection) pickMissing() string {
	if s.pick.PickedID() == "" {
		return s.env.T("settings.question.pick-missing")
	}
	return ""
}

func (s *questionSection) ownWrong() string {
	switch own := strings.TrimSpace(s.own.Text); {
	case own == "":
		return s.env.T("settings.question.own-missing")
	case len([]rune(own)) > maxQuestion:
		return s.env.T("field.too-long")
	}
	return ""
}

func (s *questionSection) answerWrong() string {
	switch answer := strings.TrimSpace(s.answer.Text); {
	case answer == "":
		return s.env.T("settings.question.answer-missing")
	case len([]rune(answer)) > maxQuestion:
		return s.env.T("field.too-long")
	case !rules.AnswerLongEnough(answer):
		return s.env.T("settings.question.answer-refused")
	case rules.AnswerIsGuessed(answer):
		return s.env.T("settings.question.answer-guessed")
	}
	return ""
}

// check shows the mistakes and returns the first input that has one.
func (s *questionSection) check() fyne.Focusable {
	var first fyne.Focusable
	take := func(f *parts.Field, wrong string, input fyne.Focusable) {
		f.SetError(wrong)
		if f.Visible() && wrong != "" && first == nil {
			first = input
		}
	}
	take(s.pickField, s.pickMissing(), s.pick.Entry())
	take(s.ownField, s.ownWrong(), s.own)
	take(s.answerField, s.answerWrong(), s.answer)
	return first
}

func (s *questionSection) save() {
	if wrong := s.check(); wrong != nil {
		parts.Focus(wrong)
		return
	}
	in := api.SetSecretQuestion{Question: s.pick.PickedID(), Answer: strings.TrimSpace(s.answer.Text)}
	if in.Question == ownQuestion {
		in.Question, in.Own = strings.TrimSpace(s.own.Text), true
	}
	s.Do("settings.busy-saving", func(ctx context.Context) error { return s.acc.SetSecretQuestion(ctx, in) }, func() {
		s.answer.SetText("")
		s.answerField.Reset()
		s.read(api.SecretQuestion{Policy: s.env.Info.Questions, Set: true, Question: in.Question, Own: in.Own})
		s.say(s.env.T("settings.question.saved"))
		parts.Focus(s.pick.Entry())
	}, s.env.AtFields(s.fieldOf, s.refused))
}

// refused are the words for what the service did not accept; of an answer they say what
// makes a good one.
func (s *questionSection) refused(wrong api.FieldError) string {
	if wrong.Pointer == "/answer" {
		parts.Focus(s.answer)
		return s.env.T("settings.question.answer-refused")
	}
	return s.env.T("field." + wrong.Code)
}

// fieldOf returns the field for a JSON Pointer into the request.
func (s *questionSection) fieldOf(pointer string) *parts.Field {
	switch {
	case pointer == "/answer":
		return s.answerField
	case pointer == "/question" && s.ownField.Visible():
		return s.ownField
	case pointer == "/question":
		return s.pickField
	}
	return nil
}

func (s *questionSection) askRemove() {
	t := s.env.T
	parts.Ask(parts.CanvasOf(s.content), t("settings.question.remove-title"), t("settings.question.remove-text"),
		parts.Answer{ID: "question.remove", Text: t("settings.question.remove"), Kind: parts.Danger, Do: func() {
			s.Do("settings.busy-saving", s.acc.RemoveSecretQuestion, func() {
				s.pick.Clear()
				s.own.SetText("")
				s.picked()
				s.read(api.SecretQuestion{Policy: s.env.Info.Questions})
				s.say(t("settings.question.removed"))
				parts.Focus(s.pick.Entry())
			})
		}},
		parts.Answer{ID: "question.keep", Text: t("settings.question.keep"), Kind: parts.Outlined})
}

// unsaved reports whether an answer or a question is being typed.
func (s *questionSection) unsaved() bool {
	own := strings.TrimSpace(s.own.Text)
	return s.answer.Text != "" || s.ownField.Visible() && own != "" && own != s.asks
}
