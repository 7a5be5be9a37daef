package person

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// PasswordForm is a new password and its confirmation, each with its sign when
// right, and the live list of the rules.
type PasswordForm struct {
	env      kit.Env
	context  func() []string
	onChange func()

	Password, Confirm           *parts.Entry
	PasswordField, ConfirmField *parts.Field
	Rules                       *parts.PasswordRules
}

// NewPasswordForm builds the two inputs; context gives the words that a
// password must not be made of, such as the person's name.
func NewPasswordForm(env kit.Env, area, label, confirmLabel string, context func() []string, onChange func()) *PasswordForm {
	p := &PasswordForm{env: env, context: context, onChange: onChange}
	p.Password = env.Password(parts.ID(area + ".password"))
	p.Confirm = env.Password(parts.ID(area + ".confirm"))
	p.PasswordField = env.PasswordField(parts.ID(area+".password.field"), label, true, p.Password).CheckWith(p.wrong)
	p.ConfirmField = parts.NewField(parts.ID(area+".confirm.field"), confirmLabel, true, p.Confirm).CheckWith(p.Unconfirmed)
	p.Rules = parts.NewPasswordRules(parts.ID(area+".rules"), p.lines())
	p.Password.OnChanged = func(string) { p.changed() }
	p.Confirm.OnChanged = func(string) { p.changed() }
	env.Prepare(rules.ReadCommonWords)
	return p
}

// report judges the password as the service will.
func (p *PasswordForm) report() []rules.RuleResult {
	return rules.PasswordReport(p.Password.Text, rules.Policy(p.env.Info.Policy), p.context())
}

// lines are the rules in words. The upper limit is no line of its own: it is
// said as a mistake when it is broken.
func (p *PasswordForm) lines() []parts.Rule {
	var out []parts.Rule
	for _, r := range p.report() {
		if r.Rule != rules.RuleTooLong {
			met := r.Met && p.Password.Text != ""
			out = append(out, parts.Rule{Text: p.env.T("password.rule." + string(r.Rule)), Met: met})
		}
	}
	return out
}

// Lacking names the rules that the password does not meet.
func (p *PasswordForm) Lacking() []string {
	var out []string
	for _, r := range p.report() {
		if !r.Met {
			out = append(out, p.env.T("password.lacks."+string(r.Rule)))
		}
	}
	return out
}

func (p *PasswordForm) acceptable() bool { return len(p.Lacking()) == 0 }

func (p *PasswordForm) confirmed() bool {
	return p.Confirm.Text != "" && rules.NormalizePassword(p.Confirm.Text) == rules.NormalizePassword(p.Password.Text)
}

func (p *PasswordForm) wrong() string {
	switch lacking := p.Lacking(); {
	case p.Password.Text == "":
		return p.env.T("password.missing")
	case len(lacking) > 0:
		return p.env.T("password.lacks", map[string]any{"What": strings.Join(lacking, ", ")})
	}
	return ""
}

// Refused shows that the service refuses the password, by the rules that it names.
func (p *PasswordForm) Refused(err error) {
	x := p.env.Explain(err)
	var lacking []string
	for _, f := range x.Fields {
		if key := "password.lacks." + f.Code; p.env.Words.Has(key) {
			lacking = append(lacking, p.env.T(key))
		}
	}
	wrong := p.env.Say(err)
	if len(lacking) > 0 {
		wrong = p.env.T("password.lacks", map[string]any{"What": strings.Join(lacking, ", ")})
	}
	p.PasswordField.SetRight(false)
	p.PasswordField.SetError(wrong)
}

func (p *PasswordForm) Unconfirmed() string {
	switch {
	case p.Confirm.Text == "":
		return p.env.T("password.confirm-missing")
	case !p.confirmed():
		return p.env.T("password.confirm-differs")
	}
	return ""
}

func (p *PasswordForm) changed() {
	p.Rules.Set(p.lines())
	p.show(p.PasswordField, p.acceptable())
	p.show(p.ConfirmField, p.confirmed())
	if p.onChange != nil {
		p.onChange()
	}
}

// show sets the sign of a field, and takes away a mistake that is mended.
func (p *PasswordForm) show(f *parts.Field, right bool) {
	if right {
		f.SetError("")
	}
	f.SetRight(right)
}

// Check shows the mistakes and returns the first input that has one.
func (p *PasswordForm) Check() fyne.Focusable {
	first, second := p.PasswordField.Check(), p.ConfirmField.Check()
	switch {
	case !first:
		return p.Password
	case !second:
		return p.Confirm
	}
	return nil
}
