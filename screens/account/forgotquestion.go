package account

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// showQuestion asks the secret question, after the code from the e-mail.
func (f *Forgot) showQuestion(q api.RecoveryQuestion) {
	f.begin(func(f *Forgot) { f.showQuestion(q) })
	form := f.questionForm(q)
	f.show("forgot.way-question", f.answer, func() { f.showCode(false) }, form)
}

// questionForm is the question, and where it is answered.
func (f *Forgot) questionForm(q api.RecoveryQuestion) fyne.CanvasObject {
	e := f.env
	f.answer = e.Password("forgot.answer")
	f.answerField = parts.NewField("forgot.answer.field", e.T("forgot.answer"), true, f.answer).
		WithHint(parts.Span{Text: e.T("forgot.answer-hint")})
	f.answer.OnChanged = func(string) { f.answerField.SetError("") }
	f.answer.OnSubmitted = func(string) { f.validate() }
	f.validates = f.button("forgot.validate", "forgot.validate", parts.Primary, f.validate)
	question := parts.Section(person.SecretQuestion(e, q.Question, q.Own)).WithID("forgot.question")
	return parts.Stack(parts.Gap12, question, f.answerField, f.validates.Button)
}

func (f *Forgot) validate() {
	if f.calls.Working() || f.validates.Active() {
		return
	}
	answer := strings.TrimSpace(f.answer.Text)
	if answer == "" {
		f.answerWrong(f.env.T("forgot.answer-missing"))
		return
	}
	f.try(f.validates, "forgot.busy-answer", func(ctx context.Context) error {
		return f.acc.CheckAnswer(ctx, api.RecoveryAnswer{Flow: f.recovery.Flow, Code: f.proof.Code, Answer: answer})
	}, func() {
		f.proof.Answer, f.byQuestion = answer, true
		f.showPassword()
	}, f.answerFailed)
}

func (f *Forgot) answerFailed(err error) bool {
	switch f.env.KindOf(err) {
	case string(api.CodeAnswerWrong):
		f.answerWrong(f.env.Say(err))
	case string(api.CodeCodeWrong), string(api.CodeCodeExpired):
		f.proofEnded(err)
	default:
		return false
	}
	return true
}

func (f *Forgot) answerWrong(words string) {
	f.answerField.SetError(words)
	parts.Focus(f.answer)
	f.answer.SelectAll()
}

// askAnswer leads back to where the secret question is asked.
func (f *Forgot) askAnswer() {
	if f.recovery.Question != nil {
		f.showWays()
		return
	}
	f.showCode(false) // which gives the question again
}

// proofEnded leads to where a new proof can be had: to the code, or, where none
// was needed, to the beginning.
func (f *Forgot) proofEnded(err error) {
	if f.proof.Code == "" {
		f.anew()
		return
	}
	f.showCode(false)
	f.code.Wrong(f.env.Say(err))
}
