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

// passwordSection changes the password, with the password of now as the proof.
type passwordSection struct {
	*accountSection
	acc     Account
	account api.Account

	current, code           *parts.Entry
	currentField, codeField *parts.Field
	password                *person.PasswordForm
	tried                   kit.AppCode
}

func newPasswordSection(env kit.Env, account api.Account, acc Account, prove proveFunc, toList func()) *passwordSection {
	t := env.T
	s := &passwordSection{acc: acc, account: account}
	submit := parts.NewButton("settings.password.submit", t("settings.password.submit"), parts.Primary, func() { s.change() })
	s.accountSection = newAccountSection(env, "settings.password", t("settings.section.password"), t("settings.password.line"), prove, toList, submit)
	s.current = env.Password("settings.password.current")
	s.current.OnChanged = func(string) { s.currentField.SetError("") }
	s.current.OnSubmitted = func(string) { parts.Focus(s.password.Password) }
	s.currentField = env.PasswordField("settings.password.current.field", t("settings.password.current"), true, s.current)
	s.code = parts.NewEntry("settings.password.code")
	s.code.OnChanged = func(string) { s.codeField.SetError("") }
	s.code.OnSubmitted = func(string) { s.change() }
	s.codeField = parts.NewField("settings.password.code.field", t("proof.code"), true, s.code).WithHint(parts.Span{Text: t("proof.code-hint")})
	s.codeField.Hide()
	s.password = person.NewPasswordForm(env, "settings.password", t("settings.password.new"), t("signup.confirm"), s.known, nil)
	s.password.Password.OnSubmitted = func(string) { parts.Focus(s.password.Confirm) }
	s.password.Confirm.OnSubmitted = func(string) { s.change() }
	fields := parts.Stack(parts.Gap12, s.currentField, s.password.PasswordField, s.password.Rules, s.password.ConfirmField, s.codeField)
	s.body.Add(column(fields))
	return s
}

// First is what takes the keyboard.
func (s *passwordSection) First() fyne.Focusable { return s.current }

// SetAccount takes the words that the password must not be made of.
func (s *passwordSection) SetAccount(account api.Account) { s.account = account }

func (s *passwordSection) known() []string {
	a := s.account
	return rules.PasswordContext(a.FirstName, a.FamilyName, a.Username, a.Email, a.Organization.Name, s.env.Info.Organization)
}

func (s *passwordSection) change() {
	wrong := s.password.Check()
	if s.current.Text == "" {
		s.currentField.SetError(s.env.T("proof.password-missing"))
		wrong = s.current
	}
	if wrong != nil {
		parts.Focus(wrong)
		return
	}
	in := api.ChangePassword{Current: s.current.Text, New: s.password.Password.Text, SecondFactor: strings.TrimSpace(s.code.Text)}
	s.Do("settings.password.busy", func(ctx context.Context) error { return s.acc.ChangePassword(ctx, in) }, s.changed, s.failed)
}

// changed empties the inputs without calling that a mistake.
func (s *passwordSection) changed() {
	parts.Focus(s.current)
	for _, e := range []*parts.Entry{s.current, s.password.Password, s.password.Confirm, s.code} {
		e.SetText("")
	}
	for _, f := range []*parts.Field{s.currentField, s.password.PasswordField, s.password.ConfirmField, s.codeField} {
		f.Reset()
	}
	s.codeField.Hide()
	s.say(s.env.T("settings.password.done"))
}

func (s *passwordSection) failed(err error) bool {
	t := s.env.T
	switch s.env.KindOf(err) {
	case string(api.CodeCredentials):
		s.currentField.SetError(t("proof.password-wrong"))
		parts.Focus(s.current)
		s.current.SelectAll()
	case string(api.CodeSecondFactorNeeded):
		s.askCode("")
	case string(api.CodeSecondFactorWrong):
		s.askCode(s.tried.Wrong(s.env, t("proof.code-wrong")))
	case string(api.CodePasswordRefused):
		s.password.Refused(err)
		parts.Focus(s.password.Password)
	default:
		return false
	}
	return true
}

func (s *passwordSection) askCode(wrong string) {
	parts.SetVisible(true, s.codeField)
	s.codeField.SetError(wrong)
	parts.Focus(s.code)
	s.code.SelectAll()
}

// unsaved reports whether a new password is being typed.
func (s *passwordSection) unsaved() bool {
	return s.password.Password.Text != "" || s.password.Confirm.Text != ""
}
