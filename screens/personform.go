package screens

import (
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
	"plenary/words"
)

// titles are the forms of address that are offered; the keys of their words.
var titles = []string{"ms", "mr", "dr", "prof", "he"}

// otherTitle is the choice that stands for a form of address that is none of
// those, such as one from an older system.
const otherTitle = "other"

// personForm is who a person is, at sign-up and in Settings: title, names,
// phone, language of the e-mails.
type personForm struct {
	env      Env
	onChange func()
	// heard is told of each input that changes, before onChange.
	heard func(*parts.Entry)

	title, language                    *parts.Picker
	first, family, phone               *parts.Entry
	firstField, familyField, nameField *parts.Field
	phoneField, languageField          *parts.Field
	titleBefore                        string
}

// newPersonForm returns a form whose inputs are named after an area.
func newPersonForm(env Env, area string, heard func(*parts.Entry), onChange func()) *personForm {
	f := &personForm{env: env, onChange: onChange, heard: heard}
	id := func(name string) parts.ID { return parts.ID(area + "." + name) }
	f.title = parts.NewPicker(id("title"), "", env.T("signup.no-match"), f.titleItems(""))
	f.title.OnChange = func(parts.Item) { f.onChange() }
	f.first, f.family, f.phone = f.entry(id("first")), f.entry(id("family")), f.entry(id("phone"))
	f.language = parts.NewPicker(id("language"), "", env.T("signup.no-match"), languageItems())
	f.language.OnChange = func(parts.Item) { f.onChange() }

	titleField := parts.NewField(id("title.field"), env.T("signup.title-label"), false, f.title)
	f.firstField = parts.NewField(id("first.field"), env.T("signup.first"), true, f.first)
	f.familyField = parts.NewField(id("family.field"), env.T("signup.family"), true, f.family)
	f.nameField = parts.NewField(id("name.field"), "", false, parts.Row(14,
		parts.Cell{Object: titleField, Min: 104},
		parts.Cell{Object: f.firstField, Min: 120, Weight: 1},
		parts.Cell{Object: f.familyField, Min: 120, Weight: 1})).CheckWith(f.nameMissing).Over(f.first, f.family)
	f.phoneField = parts.NewField(id("phone.field"), env.T("signup.phone"), false, f.phone).CheckWith(f.phoneWrong)
	f.languageField = parts.NewField(id("language.field"), env.T("signup.language"), false, f.language)
	return f
}

// entry is an input whose changes are noticed: what is proposed follows, signs
// are set, a mended mistake goes.
func (f *personForm) entry(id parts.ID) *parts.Entry {
	e := parts.NewEntry(id)
	e.OnChanged = func(string) {
		f.changed(e)
		f.heard(e)
		f.onChange()
	}
	return e
}

// titleItems are the forms of address; other is one that is none of them.
func (f *personForm) titleItems(other string) []parts.Item {
	items := []parts.Item{{ID: "", Text: f.env.T("title.none")}}
	for _, t := range titles {
		items = append(items, parts.Item{ID: t, Text: f.env.T("title." + t)})
	}
	if other != "" {
		items = append(items, parts.Item{ID: otherTitle, Text: other})
	}
	return items
}

// languageItems are the languages of e-mails and pages.
func languageItems() []parts.Item {
	var items []parts.Item
	for _, l := range words.Letters() {
		items = append(items, parts.Item{ID: l.Code, Text: l.Name})
	}
	return items
}

// titleID is the form of address that a text is, in any of the languages in
// which one can be chosen.
func titleID(text string) string {
	if text == "" {
		return ""
	}
	for _, l := range words.Offered() {
		for _, t := range titles {
			if words.For(l.Code).T("title."+t) == text {
				return t
			}
		}
	}
	return otherTitle
}

// set fills in who the person is.
func (f *personForm) set(a api.Account) {
	f.titleBefore = a.Title
	other := ""
	if titleID(a.Title) == otherTitle {
		other = a.Title
	}
	f.title.SetItems(f.titleItems(other))
	f.title.SetID(titleID(a.Title))
	f.first.SetText(a.FirstName)
	f.family.SetText(a.FamilyName)
	f.phone.SetText(a.Phone)
	f.language.SetID(a.Language)
}

func (f *personForm) changed(e *parts.Entry) {
	switch e {
	case f.first, f.family:
		if f.nameMissing() == "" {
			f.nameField.SetError("")
		}
		f.firstField.SetRight(strings.TrimSpace(f.first.Text) != "")
		f.familyField.SetRight(strings.TrimSpace(f.family.Text) != "")
	case f.phone:
		f.judge(f.phoneField, f.phoneWrong())
		f.phoneField.SetRight(f.phone.Text != "" && f.phoneWrong() == "")
	}
}

// judge sets a field's sign while it is typed in; mistakes wait until it is left.
func (f *personForm) judge(field *parts.Field, wrong string) {
	if wrong == "" {
		field.SetError("")
	}
	field.SetRight(wrong == "")
}

// nameMissing: one of the two names may be empty, some people have one.
func (f *personForm) nameMissing() string {
	first, firstOK := rules.Line(f.first.Text)
	family, familyOK := rules.Line(f.family.Text)
	switch {
	case !firstOK || !familyOK:
		return f.env.T("signup.name-wrong")
	case first == "" && family == "":
		return f.env.T("signup.name-missing")
	}
	return ""
}

func (f *personForm) phoneWrong() string {
	if _, ok := rules.ParsePhone(f.phone.Text); !ok && rules.Typed(f.phone.Text) != "" {
		return f.env.T("signup.phone-wrong")
	}
	return ""
}

// person is what was entered. A form of address that was not changed stays in
// the language it was chosen in.
func (f *personForm) person() api.ChangeProfile {
	in := api.ChangeProfile{
		Phone:    strings.TrimSpace(f.phone.Text),
		Language: f.language.PickedID(),
	}
	in.FirstName, _ = rules.Line(f.first.Text)
	in.FamilyName, _ = rules.Line(f.family.Text)
	if phone, ok := rules.ParsePhone(f.phone.Text); ok {
		in.Phone = phone
	}
	switch id := f.title.PickedID(); {
	case id == titleID(f.titleBefore):
		in.Title = f.titleBefore
	case id != "":
		in.Title = f.env.T("title." + id)
	}
	return in
}

// fieldOf returns the field for a JSON Pointer into the request.
func (f *personForm) fieldOf(pointer string) *parts.Field {
	switch pointer {
	case "/first_name":
		return f.firstField
	case "/family_name":
		return f.familyField
	case "/phone":
		return f.phoneField
	case "/language":
		return f.languageField
	}
	return nil
}
