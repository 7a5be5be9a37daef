package screens

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
	"plenary/words"
)

// titles are the forms of address that are offered; the keys of their words.
var titles = []string{"ms", "mr", "dr", "prof", "he"}

// contactForm is the left side of "Create an account".
type contactForm struct {
	env      Env
	onChange func()

	title, language                       *parts.Picker
	first, family, email, username, phone *parts.Entry
	firstField, familyField, nameField    *parts.Field
	emailField, usernameField, phoneField *parts.Field
	password                              *newPassword
	usernameTyped                         bool
	content                               fyne.CanvasObject
}

func newContactForm(env Env, onChange, reset func()) *contactForm {
	f := &contactForm{env: env, onChange: onChange}
	f.title = parts.NewPicker("signup.title", "", env.T("signup.no-match"), f.titles())
	f.first = f.entry("signup.first")
	f.family = f.entry("signup.family")
	f.email = f.entry("signup.email")
	f.username = f.entry("signup.username")
	f.phone = f.entry("signup.phone")
	f.language = parts.NewPicker("signup.language", "", env.T("signup.no-match"), f.languages())
	f.language.SetID(env.Words.Lang())

	titleField := parts.NewField("signup.title.field", env.T("signup.title-label"), false, f.title)
	f.firstField = parts.NewField("signup.first.field", env.T("signup.first"), true, f.first)
	f.familyField = parts.NewField("signup.family.field", env.T("signup.family"), true, f.family)
	f.nameField = parts.NewField("signup.name.field", "", false, parts.Row(14,
		parts.Cell{Object: titleField, Min: 84},
		parts.Cell{Object: f.firstField, Min: 120, Weight: 1},
		parts.Cell{Object: f.familyField, Min: 120, Weight: 1})).CheckWith(f.nameMissing).Over(f.first, f.family)
	f.emailField = parts.NewField("signup.email.field", env.T("signup.email"), true, f.email).CheckWith(f.emailWrong).
		WithHint(link(env.T("signup.registered"), "signup.registered", reset)...)
	f.usernameField = parts.NewField("signup.username.field", env.T("signup.username"), true, f.username).CheckWith(f.usernameWrong)
	f.phoneField = parts.NewField("signup.phone.field", env.T("signup.phone"), false, f.phone).CheckWith(f.phoneWrong)
	languageField := parts.NewField("signup.language.field", env.T("signup.language"), false, f.language)
	f.password = newNewPassword(env, "signup", env.T("signup.password"), env.T("signup.confirm"), f.known, onChange)

	f.content = parts.Card(
		parts.Section(env.T("signup.contact")),
		f.nameField,
		f.emailField,
		parts.Row(14,
			parts.Cell{Object: f.usernameField, Min: 112, Weight: 1},
			parts.Cell{Object: f.phoneField, Min: 112, Weight: 1},
			parts.Cell{Object: languageField, Min: 112, Weight: 0.2}),
		parts.Stack(parts.Gap8,
			parts.Row(14,
				parts.Cell{Object: f.password.passwordField, Min: 200, Weight: 1},
				parts.Cell{Object: f.password.confirmField, Min: 200, Weight: 1}),
			f.password.rules),
	)
	return f
}

// entry is an input whose changes are noticed: what is proposed follows, signs
// are set, a mended mistake goes.
func (f *contactForm) entry(id parts.ID) *parts.Entry {
	e := parts.NewEntry(id)
	e.OnChanged = func(string) { f.changed(e) }
	return e
}

func (f *contactForm) titles() []parts.Item {
	items := []parts.Item{{ID: "", Text: f.env.T("title.none")}}
	for _, t := range titles {
		items = append(items, parts.Item{ID: t, Text: f.env.T("title." + t)})
	}
	return items
}

func (f *contactForm) languages() []parts.Item {
	var items []parts.Item
	for _, l := range words.Letters() {
		items = append(items, parts.Item{ID: l.Code, Text: l.Name})
	}
	return items
}

func (f *contactForm) changed(e *parts.Entry) {
	switch e {
	case f.first, f.family:
		if !f.usernameTyped {
			f.propose()
		}
		if f.nameMissing() == "" {
			f.nameField.SetError("")
		}
		f.firstField.SetRight(strings.TrimSpace(f.first.Text) != "")
		f.familyField.SetRight(strings.TrimSpace(f.family.Text) != "")
	case f.email:
		f.judge(f.emailField, f.emailWrong())
		if !f.usernameTyped {
			f.propose()
		}
	case f.username:
		f.usernameTyped = f.username.Text != ""
		f.judge(f.usernameField, f.usernameWrong())
	case f.phone:
		f.judge(f.phoneField, f.phoneWrong())
		f.phoneField.SetRight(f.phone.Text != "" && f.phoneWrong() == "")
	}
	f.onChange()
}

// judge sets a field's sign while it is typed in; mistakes wait until it is left.
func (f *contactForm) judge(field *parts.Field, wrong string) {
	if wrong == "" {
		field.SetError("")
	}
	field.SetRight(wrong == "")
}

// propose fills in the username from the name, or from the address for names
// in scripts that have no Latin letters.
func (f *contactForm) propose() {
	proposal := rules.ProposeUsername(f.first.Text, f.family.Text)
	if address, err := rules.ParseEmail(f.email.Text); proposal == "" && err == nil {
		proposal = rules.UsernameFromEmail(address)
	}
	f.username.SetText(proposal)
	f.usernameTyped = false
}

// known are the words that the password must not be made of.
func (f *contactForm) known() []string {
	return []string{f.first.Text, f.family.Text, f.email.Text, f.username.Text, f.env.Info.Organization}
}

// nameMissing: one of the two names may be empty, some people have one.
func (f *contactForm) nameMissing() string {
	if strings.TrimSpace(f.first.Text) == "" && strings.TrimSpace(f.family.Text) == "" {
		return f.env.T("signup.name-missing")
	}
	return ""
}

func (f *contactForm) emailWrong() string {
	if strings.TrimSpace(f.email.Text) == "" {
		return f.env.T("signup.email-missing")
	}
	if _, err := rules.ParseEmail(f.email.Text); err != nil {
		return f.env.T("signup.email-wrong")
	}
	return ""
}

func (f *contactForm) usernameWrong() string {
	name := strings.TrimSpace(f.username.Text)
	if name == "" {
		return f.env.T("signup.username-missing")
	}
	if !rules.ValidUsername(name) {
		return f.env.T("signup.username-wrong")
	}
	return ""
}

func (f *contactForm) phoneWrong() string {
	if phone := strings.TrimSpace(f.phone.Text); phone != "" && !rules.ValidPhone(phone) {
		return f.env.T("signup.phone-wrong")
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
	add(f.nameMissing(), "signup.lacks-name")
	add(f.emailWrong(), "signup.lacks-email")
	add(f.usernameWrong(), "signup.lacks-username")
	add(f.phoneWrong(), "signup.lacks-phone")
	if f.password.password.Text == "" {
		out = append(out, f.env.T("signup.lacks-password"))
	} else {
		out = append(out, f.password.lacking()...)
	}
	add(f.password.unconfirmed(), "signup.lacks-confirm")
	return out
}

// check shows all mistakes and returns the first input that has one.
func (f *contactForm) check() fyne.Focusable {
	var first fyne.Focusable
	if !f.nameField.Check() {
		first = f.first
	}
	for _, field := range []struct {
		field *parts.Field
		input *parts.Entry
	}{{f.emailField, f.email}, {f.usernameField, f.username}, {f.phoneField, f.phone}} {
		if !field.field.Check() && first == nil {
			first = field.input
		}
	}
	if wrong := f.password.check(); first == nil {
		first = wrong
	}
	return first
}

// fill puts what was entered into the request.
func (f *contactForm) fill(in *api.SignUp) {
	if title := f.title.PickedID(); title != "" {
		in.Title = f.env.T("title." + title)
	}
	in.FirstName = strings.TrimSpace(f.first.Text)
	in.FamilyName = strings.TrimSpace(f.family.Text)
	in.Email = strings.TrimSpace(f.email.Text)
	in.Phone = strings.TrimSpace(f.phone.Text)
	in.Language = f.language.PickedID()
	in.Username = strings.TrimSpace(f.username.Text)
	in.Password = f.password.password.Text
}

// fieldOf returns the field for a JSON Pointer into the request.
func (f *contactForm) fieldOf(pointer string) *parts.Field {
	switch pointer {
	case "/first_name":
		return f.firstField
	case "/family_name":
		return f.familyField
	case "/email":
		return f.emailField
	case "/phone":
		return f.phoneField
	case "/username":
		return f.usernameField
	case "/password":
		return f.password.passwordField
	}
	return nil
}
