package account

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// showPassword asks for the new password; the words on its button are those of
// the option that led here.
func (f *Forgot) showPassword() {
	e := f.env
	f.begin((*Forgot).showPassword)
	f.password = person.NewPasswordForm(e, "forgot", e.T("forgot.new"), e.T("signup.confirm"), func() []string {
		return []string{f.identifierText, f.recovery.Address, e.Info.Organization, f.linked.Who, f.linked.Organization}
	}, nil)
	f.second = parts.NewEntry("forgot.second")
	f.secondField = secondFactorField(e, "forgot.second.field", f.second)
	f.secondField.Hide()
	f.second.OnChanged = func(string) { f.secondField.SetError("") }
	f.password.Password.OnSubmitted = func(string) { parts.Focus(f.password.Confirm) }
	f.password.Confirm.OnSubmitted = func(string) { f.reset() }
	f.second.OnSubmitted = func(string) { f.reset() }
	intro := "forgot.new-intro"
	if e.Info.Policy == "nist" {
		intro = "forgot.new-intro-nist"
	}
	submit, before := "forgot.submit", func() { f.showCode(false) }
	if f.byQuestion {
		submit, before = "forgot.change", f.askAnswer
	}
	title := "forgot.new-title"
	f.accept = nil
	if f.linked.Terms {
		f.accept, title, submit = newAcceptForm(e, f.linked), "forgot.invited-title", "activate.submit"
	}
	f.resets = f.button("forgot.submit", submit, parts.Primary, f.reset)
	rules := parts.Stack(parts.Gap4, parts.Bold(e.T("forgot.must")).WithSize(parts.SizeSmall), f.password.Rules)
	if f.accept != nil {
		f.show(title, f.accept.username, before,
			f.accept.whose, f.accept.field, parts.Body(e.T(intro)), f.password.PasswordField, f.password.ConfirmField, rules,
			f.secondField, f.accept.consents, f.resets.Button)
		return
	}
	f.show(title, f.password.Password, before,
		parts.Body(e.T(intro)), f.password.PasswordField, f.password.ConfirmField, rules, f.secondField, f.resets.Button)
}

func (f *Forgot) reset() {
	if f.calls.Working() || f.resets.Active() {
		return
	}
	wrong := f.accept.checkName()
	for _, check := range []func() fyne.Focusable{f.password.Check, f.accept.checkConsents} {
		if first := check(); wrong == nil {
			wrong = first
		}
	}
	if wrong != nil {
		parts.Focus(wrong)
		return
	}
	in := f.proof
	f.accept.fill(&in)
	in.Flow, in.Password, in.SecondFactor = f.recovery.Flow, f.password.Password.Text, strings.TrimSpace(f.second.Text)
	if f.secondField.Visible() && in.SecondFactor == "" {
		f.secondWrong(f.env.T("account.second-factor-missing"))
		return
	}
	f.calls.Do("forgot.busy-reset", func(ctx context.Context) error { return f.acc.Reset(ctx, in) }, f.showDone,
		f.resets.Failed(f.bar), f.resetFailed)
}

func (f *Forgot) resetFailed(err error) bool {
	switch f.env.KindOf(err) {
	case string(api.CodePasswordRefused):
		f.password.Refused(err)
		parts.Focus(f.password.Password)
	case string(api.CodeSecondFactorNeeded):
		parts.SetVisible(true, f.secondField)
		parts.Focus(f.second)
	case string(api.CodeSecondFactorWrong):
		f.secondField.Show()
		f.secondWrong(f.tried.Wrong(f.env, f.env.Say(err)))
	case string(api.CodeAnswerWrong):
		f.askAnswer()
		f.calls.Problem(err)
	case string(api.CodeCodeExpired), string(api.CodeCodeWrong):
		f.proofEnded(err)
	case string(api.CodeInvalid):
		return f.accept.refused(err)
	default:
		return false
	}
	return true
}

func (f *Forgot) secondWrong(words string) {
	f.secondField.SetError(words)
	parts.Focus(f.second)
	f.second.SelectAll()
}
