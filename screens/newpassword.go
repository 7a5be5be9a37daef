package screens

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/rules"
	"plenary/screens/parts"
)

// newPassword is a new password and its confirmation, each with its sign when
// right, and the live list of the rules.
type newPassword struct {
	env      Env
	context  func() []string
	onChange func()

	password, confirm           *parts.Entry
	passwordField, confirmField *parts.Field
	rules                       *parts.PasswordRules
}

// newNewPassword builds the two inputs; context gives the words that a
// password must not be made of, such as the person's name.
func newNewPassword(env Env, area, label, confirmLabel string, context func() []string, onChange func()) *newPassword {
	p := &newPassword{env: env, context: context, onChange: onChange}
	show, hide := env.T("account.show"), env.T("account.hide")
	p.password = parts.NewPassword(parts.ID(area+".password"), show, hide)
	p.confirm = parts.NewPassword(parts.ID(area+".confirm"), show, hide)
	p.passwordField = parts.NewField(parts.ID(area+".password.field"), label, true, p.password).CheckWith(p.wrong)
	p.confirmField = parts.NewField(parts.ID(area+".confirm.field"), confirmLabel, true, p.confirm).CheckWith(p.unconfirmed)
	p.rules = parts.NewPasswordRules(parts.ID(area+".rules"), p.lines())
	p.password.OnChanged = func(string) { p.changed() }
	p.confirm.OnChanged = func(string) { p.changed() }
	return p
}

// report judges the password as the service will.
func (p *newPassword) report() []rules.RuleResult {
	return rules.PasswordReport(p.password.Text, rules.Policy(p.env.Info.Policy), p.context())
}

// lines are the rules in words. The upper limit is no line of its own: it is
// said as a mistake when it is broken.
func (p *newPassword) lines() []parts.Rule {
	var out []parts.Rule
	for _, r := range p.report() {
		if r.Rule != rules.RuleTooLong {
			met := r.Met && p.password.Text != ""
			out = append(out, parts.Rule{Text: p.env.T("password.rule." + string(r.Rule)), Met: met})
		}
	}
	return out
}

// lacking names the rules that the password does not meet.
func (p *newPassword) lacking() []string {
	var out []string
	for _, r := range p.report() {
		if !r.Met {
			out = append(out, p.env.T("password.lacks."+string(r.Rule)))
		}
	}
	return out
}

func (p *newPassword) acceptable() bool { return len(p.lacking()) == 0 }

func (p *newPassword) confirmed() bool {
	return p.confirm.Text != "" && rules.NormalizePassword(p.confirm.Text) == rules.NormalizePassword(p.password.Text)
}

func (p *newPassword) wrong() string {
	switch lacking := p.lacking(); {
	case p.password.Text == "":
		return p.env.T("password.missing")
	case len(lacking) > 0:
		return p.env.T("password.lacks", map[string]any{"What": strings.Join(lacking, ", ")})
	}
	return ""
}

// refused shows that the service refuses the password, by the rules that it names.
func (p *newPassword) refused(err error) {
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
	p.passwordField.SetRight(false)
	p.passwordField.SetError(wrong)
}

func (p *newPassword) unconfirmed() string {
	switch {
	case p.confirm.Text == "":
		return p.env.T("password.confirm-missing")
	case !p.confirmed():
		return p.env.T("password.confirm-differs")
	}
	return ""
}

func (p *newPassword) changed() {
	p.rules.Set(p.lines())
	p.show(p.passwordField, p.acceptable())
	p.show(p.confirmField, p.confirmed())
	if p.onChange != nil {
		p.onChange()
	}
}

// show sets the sign of a field, and takes away a mistake that is mended.
func (p *newPassword) show(f *parts.Field, right bool) {
	if right {
		f.SetError("")
	}
	f.SetRight(right)
}

// check shows the mistakes and returns the first input that has one.
func (p *newPassword) check() fyne.Focusable {
	first, second := p.passwordField.Check(), p.confirmField.Check()
	switch {
	case !first:
		return p.password
	case !second:
		return p.confirm
	}
	return nil
}
