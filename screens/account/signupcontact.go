package account

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// contactForm is the left side of "Create an account".
type contactForm struct {
	*person.Form
	env kit.Env

	email, username           *parts.Entry
	emailField, usernameField *parts.Field
	meant                     *person.MeantEmail
	password                  *person.PasswordForm
	usernameTyped             bool
	organization              func() string // name of the one that is chosen or entered
	content                   fyne.CanvasObject
}

func newContactForm(env kit.Env, onChange, reset func(), organization func() string) *contactForm {
	f := &contactForm{env: env, organization: organization}
	f.Form = person.NewForm(env, "signup", func(e *parts.Entry) { f.changed(e) }, onChange)
	f.Language.SetID(env.Words.Lang())
	f.email = f.Entry("signup.email")
	f.username = f.Entry("signup.username")
	f.meant = person.NewMeantEmail(env, "signup.meant", f.email)
	f.emailField = parts.NewField("signup.email.field", env.T("signup.email"), true, f.email).CheckWith(func() string {
		if f.meant.Look() {
			f.emailField.SetRight(false)
		}
		return f.emailWrong()
	}).
		WithHint(kit.Link(env.T("signup.registered"), "signup.registered", reset)...)
	f.usernameField = parts.NewField("signup.username.field", env.T("signup.username"), true, f.username).CheckWith(f.usernameWrong)
	f.password = person.NewPasswordForm(env, "signup", env.T("signup.password"), env.T("signup.confirm"), f.known, onChange)

	f.content = parts.Card(
		parts.Section(env.T("signup.contact")),
		f.NameField,
		parts.Stack(parts.Gap4, f.emailField, f.meant.Text),
		parts.Row(14,
			parts.Cell{Object: f.usernameField, Min: 150, Weight: 1},
			parts.Cell{Object: f.PhoneField, Min: 138, Weight: 1},
			parts.Cell{Object: f.LanguageField, Min: 106, Weight: 0.2}),
		parts.Stack(parts.Gap8,
			parts.Row(14,
				parts.Cell{Object: f.password.PasswordField, Min: 200, Weight: 1},
				parts.Cell{Object: f.password.ConfirmField, Min: 200, Weight: 1}),
			f.password.Rules),
	)
	return f
}

func (f *contactForm) changed(e *parts.Entry) {
	switch e {
	case f.First, f.Family:
		if !f.usernameTyped {
			f.propose()
		}
	case f.email:
		f.meant.Typed()
		f.Judge(f.emailField, f.emailWrong())
		if !f.usernameTyped {
			f.propose()
		}
	case f.username:
		f.usernameTyped = f.username.Text != ""
		f.Judge(f.usernameField, f.usernameWrong())
	}
}

// From enters what stands in another one.
func (f *contactForm) From(o *contactForm) {
	f.Form.From(o.Form)
	f.email.SetText(o.email.Text)
	f.username.SetText(o.username.Text)
	f.usernameTyped = o.usernameTyped
	f.password.Password.SetText(o.password.Password.Text)
	f.password.Confirm.SetText(o.password.Confirm.Text)
}

// propose fills in the username from the name, or from the address for names
// in scripts that have no Latin letters.
func (f *contactForm) propose() {
	proposal := rules.ProposeUsername(f.First.Text, f.Family.Text)
	if address, err := rules.ReadEmail(f.email.Text); proposal == "" && err == nil {
		proposal = rules.UsernameFromEmail(address)
	}
	f.username.SetText(proposal)
	f.usernameTyped = false
}

// known are the words that the password must not be made of.
func (f *contactForm) known() []string {
	return rules.PasswordContext(f.First.Text, f.Family.Text, f.username.Text, f.email.Text, f.organization(), f.env.Info.Organization)
}

func (f *contactForm) emailWrong() string {
	if rules.Typed(f.email.Text) == "" {
		return f.env.T("signup.email-missing")
	}
	if _, err := rules.ReadEmail(f.email.Text); err != nil {
		return f.env.T("signup.email-wrong")
	}
	return ""
}

func (f *contactForm) usernameWrong() string {
	name := rules.Typed(f.username.Text)
	if name == "" {
		return f.env.T("signup.username-missing")
	}
	if !rules.ValidUsername(name) {
		return f.env.T("signup.username-wrong")
	}
	return ""
}

// missing names what is still to be entered or mended.
func (f *contactForm) missing() []string {
	var out []string
	add := func(wrong string, key string) {
		if wrong != "" {
			out = append(out, f.env.T(key))
		}
	}
	add(f.NameMissing(), "signup.lacks-name")
	add(f.emailWrong(), "signup.lacks-email")
	add(f.usernameWrong(), "signup.lacks-username")
	add(f.PhoneWrong(), "signup.lacks-phone")
	if f.password.Password.Text == "" {
		out = append(out, f.env.T("signup.lacks-password"))
	} else {
		out = append(out, f.password.Lacking()...)
	}
	add(f.password.Unconfirmed(), "signup.lacks-confirm")
	return out
}

// check shows all mistakes and returns the first input that has one.
func (f *contactForm) check() fyne.Focusable {
	var first fyne.Focusable
	if !f.NameField.Check() {
		first = f.First
	}
	for _, field := range []struct {
		field *parts.Field
		input *parts.Entry
	}{{f.emailField, f.email}, {f.usernameField, f.username}, {f.PhoneField, f.Phone}} {
		if !field.field.Check() && first == nil {
			first = field.input
		}
	}
	if wrong := f.password.Check(); first == nil {
		first = wrong
	}
	return first
}

// fill puts what was entered into the request.
func (f *contactForm) fill(in *api.SignUp) {
	p := f.Person()
	in.Title, in.FirstName, in.FamilyName, in.Phone, in.Language = p.Title, p.FirstName, p.FamilyName, p.Phone, p.Language
	in.Email = strings.TrimSpace(f.email.Text)
	if address, err := rules.ReadEmail(f.email.Text); err == nil {
		in.Email = address
	}
	in.Username = rules.Typed(f.username.Text)
	in.Password = f.password.Password.Text
}

// fieldOf returns the field for a JSON Pointer into the request.
func (f *contactForm) fieldOf(pointer string) *parts.Field {
	switch pointer {
	case "/email":
		return f.emailField
	case "/username":
		return f.usernameField
	case "/password":
		return f.password.PasswordField
	}
	return f.Form.FieldOf(pointer)
}
