package account

import (
	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// consentForm is what a person accepts at sign-up, and whether they want news.
type consentForm struct {
	env                  kit.Env
	terms, privacy, news *parts.Check
	content              *fyne.Container
}

func newConsentForm(env kit.Env, onChange func()) *consentForm {
	f := &consentForm{env: env}
	f.terms = parts.NewCheck("signup.terms", parts.Required(kit.Link(env.T("signup.terms"), "signup.terms.link", func() { env.Open(env.Info.Terms) })...)...)
	f.privacy = parts.NewCheck("signup.privacy", parts.Required(kit.Link(env.T("signup.privacy"), "signup.privacy.link", func() { env.Open(env.Info.Privacy) })...)...)
	f.news = parts.NewCheck("signup.news", parts.Span{Text: env.T("signup.news")})
	for _, c := range []*parts.Check{f.terms, f.privacy, f.news} {
		c.OnChange = func(bool) { onChange() }
	}
	f.content = parts.Stack(parts.Gap8, f.terms, f.privacy, f.news)
	return f
}

// from ticks what is ticked in another one.
func (f *consentForm) from(o *consentForm) {
	f.terms.SetChecked(o.terms.Checked())
	f.privacy.SetChecked(o.privacy.Checked())
	f.news.SetChecked(o.news.Checked())
}

// missing names what is still to be accepted.
func (f *consentForm) missing() []string {
	var out []string
	if !f.terms.Checked() {
		out = append(out, f.env.T("signup.lacks-terms"))
	}
	if !f.privacy.Checked() {
		out = append(out, f.env.T("signup.lacks-privacy"))
	}
	return out
}

// check marks what is not accepted and returns the first of it.
func (f *consentForm) check() fyne.Focusable {
	var first fyne.Focusable
	for _, c := range []*parts.Check{f.terms, f.privacy} {
		c.SetWrong(!c.Checked())
		if !c.Checked() && first == nil {
			first = c.Input()
		}
	}
	return first
}

// fill puts what was accepted into the request.
func (f *consentForm) fill(in *api.SignUp) {
	in.AcceptTerms, in.ReadPrivacy, in.News = f.terms.Checked(), f.privacy.Checked(), f.news.Checked()
}
