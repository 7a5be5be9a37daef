package account

import (
	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// acceptForm is what somebody who was invited adds to the password: a username, and that
// the terms are accepted. Of nil, there is nothing to add.
type acceptForm struct {
	env      kit.Env
	whose    *parts.Text
	username *parts.Entry
	field    *parts.Field
	consent  *consentForm
	consents *fyne.Container
}

func newAcceptForm(env kit.Env, linked api.LinkedSignUp) *acceptForm {
	f := &acceptForm{env: env, consent: newConsentForm(env, func() {})}
	f.whose = parts.Body(env.T("forgot.invited", map[string]any{"Who": linked.Who, "Of": linked.Organization})).WithID("forgot.invited")
	f.username = parts.NewEntry("forgot.username")
	f.username.SetText(linked.Username)
	f.username.OnChanged = func(string) { f.field.SetError("") }
	f.field = parts.NewField("forgot.username.field", env.T("signup.username"), true, f.username).
		WithHint(parts.Span{Text: env.T("web.invitation.username-hint")}).CheckWith(f.wrong)
	f.consents = parts.Stack(parts.Gap8, f.consent.terms, f.consent.privacy)
	return f
}

func (f *acceptForm) wrong() string {
	switch name := rules.Typed(f.username.Text); {
	case name == "":
		return f.env.T("signup.username-missing")
	case !rules.ValidUsername(name):
		return f.env.T("signup.username-wrong")
	}
	return ""
}

// from enters what stands in another one.
func (f *acceptForm) from(o *acceptForm) {
	if f != nil && o != nil {
		f.username.SetText(o.username.Text)
		f.consent.from(o.consent)
	}
}

// checkName and checkConsents show what is wrong, and give the first input of it.

func (f *acceptForm) checkName() fyne.Focusable {
	if f == nil || f.field.Check() {
		return nil
	}
	return f.username
}

func (f *acceptForm) checkConsents() fyne.Focusable {
	if f == nil {
		return nil
	}
	return f.consent.check()
}

func (f *acceptForm) fill(in *api.Reset) {
	if f != nil {
		in.Username, in.AcceptTerms, in.ReadPrivacy = rules.Typed(f.username.Text), f.consent.terms.Checked(), f.consent.privacy.Checked()
	}
}

// refused says at the username that the service does not accept it.
func (f *acceptForm) refused(err error) bool {
	return f != nil && f.env.AtFields(func(pointer string) *parts.Field {
		if pointer == "/username" {
			return f.field
		}
		return nil
	}, func(api.FieldError) string { return f.env.T("signup.username-wrong") })(err)
}
