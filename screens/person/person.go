// Package person has the forms about people that several areas use: who somebody is, their
// organization, a new password; and the names of people and roles in words.
package person

import (
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// titles are the forms of address that are offered; the keys of their words.
var titles = []string{"ms", "mr", "dr", "prof", "he"}

// otherTitle is the choice that stands for a form of address that is none of
// those, such as one from an older system.
const otherTitle = "other"

// Form is who a person is, at sign-up and in Settings: title, names,
// phone, language of the e-mails.
type Form struct {
	env      kit.Env
	onChange func()
	// heard is told of each input that changes, before onChange.
	heard func(*parts.Entry)

	Title, Language                    *parts.Picker
	First, Family, Phone               *parts.Entry
	FirstField, FamilyField, NameField *parts.Field
	PhoneField, LanguageField          *parts.Field
	titleBefore                        string
}

// NewForm returns a form whose inputs are named after an area.
func NewForm(env kit.Env, area string, heard func(*parts.Entry), onChange func()) *Form {
	f := &Form{env: env, onChange: onChange, heard: heard}
	id := func(name string) parts.ID { return parts.ID(area + "." + name) }
	f.Title = parts.NewPicker(id("title"), "", env.T("signup.no-match"), f.titleItems(""))
	f.Title.OnChange = func(parts.Item) { f.onChange() }
	f.First, f.Family, f.Phone = f.Entry(id("first")), f.Entry(id("family")), f.Entry(id("phone"))
	f.Language = parts.NewPicker(id("language"), "", env.T("signup.no-match"), languageItems())
	f.Language.OnChange = func(parts.Item) { f.onChange() }

	titleField := parts.NewField(id("title.field"), env.T("signup.title-label"), false, f.Title)
	f.FirstField = parts.NewField(id("first.field"), env.T("signup.first"), false, f.First)
	f.FamilyField = parts.NewField(id("family.field"), env.T("signup.family"), false, f.Family)
	f.NameField = parts.NewField(id("name.field"), "", false, parts.Row(14,
		parts.Cell{Object: titleField, Min: 104},
		parts.Cell{Object: f.FirstField, Min: 120, Weight: 1},
		parts.Cell{Object: f.FamilyField, Min: 120, Weight: 1})).CheckWith(f.NameMissing).Over(f.First, f.Family).
		WithHint(parts.Span{Text: "* ", Bold: true, Color: parts.ColorDanger}, parts.Span{Text: env.T("signup.name-hint")})
	f.PhoneField = parts.NewField(id("phone.field"), env.T("signup.phone"), false, f.Phone).CheckWith(f.PhoneWrong)
	f.LanguageField = parts.NewField(id("language.field"), env.T("signup.language"), false, f.Language)
	return f
}

// Entry is an input whose changes are noticed: what is proposed follows, signs
// are set, a mended mistake goes.
func (f *Form) Entry(id parts.ID) *parts.Entry {
	e := parts.NewEntry(id)
	e.OnChanged = func(string) {
		f.changed(e)
		f.heard(e)
		f.onChange()
	}
	return e
}

// titleItems are the forms of address; other is one that is none of them.
func (f *Form) titleItems(other string) []parts.Item {
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

// titleID is the form of address that a text is, in any of the languages in which one can
// be chosen; that of the window comes first, since others are read when they are needed.
func (f *Form) titleID(text string) string {
	if text == "" {
		return ""
	}
	speak := []*words.Words{f.env.Words}
	for _, l := range words.Offered() {
		speak = append(speak, words.For(l.Code))
	}
	for _, w := range speak {
		for _, t := range titles {
			if w.T("title."+t) == text {
				return t
			}
		}
	}
	return otherTitle
}

// Set fills in who the person is.
func (f *Form) Set(a api.Account) {
	f.titleBefore = a.Title
	other := ""
	if f.titleID(a.Title) == otherTitle {
		other = a.Title
	}
	f.Title.SetItems(f.titleItems(other))
	f.Title.SetID(f.titleID(a.Title))
	f.First.SetText(a.FirstName)
	f.Family.SetText(a.FamilyName)
	f.Phone.SetText(a.Phone)
	f.Language.SetID(a.Language)
}

func (f *Form) changed(e *parts.Entry) {
	switch e {
	case f.First, f.Family:
		if f.NameMissing() == "" {
			f.NameField.SetError("")
		}
		f.FirstField.SetRight(strings.TrimSpace(f.First.Text) != "")
		f.FamilyField.SetRight(strings.TrimSpace(f.Family.Text) != "")
	case f.Phone:
		f.Judge(f.PhoneField, f.PhoneWrong())
		f.PhoneField.SetRight(f.Phone.Text != "" && f.PhoneWrong() == "")
	}
}

// Judge sets a field's sign while it is typed in; mistakes wait until it is left.
func (f *Form) Judge(field *parts.Field, wrong string) {
	if wrong == "" {
		field.SetError("")
	}
	field.SetRight(wrong == "")
}

// nameMissing: one of the two names may be empty, some people have one.
func (f *Form) NameMissing() string {
	first, firstOK := rules.Line(f.First.Text)
	family, familyOK := rules.Line(f.Family.Text)
	switch {
	case !firstOK || !familyOK:
		return f.env.T("signup.name-wrong")
	case first == "" && family == "":
		return f.env.T("signup.name-missing")
	}
	return ""
}

func (f *Form) PhoneWrong() string {
	if _, ok := rules.ParsePhone(f.Phone.Text); !ok && rules.Typed(f.Phone.Text) != "" {
		return f.env.T("signup.phone-wrong")
	}
	return ""
}

// Person is what was entered. A form of address that was not changed stays in
// the language it was chosen in.
func (f *Form) Person() api.ChangeProfile {
	in := api.ChangeProfile{
		Phone:    strings.TrimSpace(f.Phone.Text),
		Language: f.Language.PickedID(),
	}
	in.FirstName, _ = rules.Line(f.First.Text)
	in.FamilyName, _ = rules.Line(f.Family.Text)
	if phone, ok := rules.ParsePhone(f.Phone.Text); ok {
		in.Phone = phone
	}
	switch id := f.Title.PickedID(); {
	case id == f.titleID(f.titleBefore):
		in.Title = f.titleBefore
	case id != "":
		in.Title = f.env.T("title." + id)
	}
	return in
}

// FieldOf returns the field for a JSON Pointer into the request.
func (f *Form) FieldOf(pointer string) *parts.Field {
	switch pointer {
	case "/first_name":
		return f.FirstField
	case "/family_name":
		return f.FamilyField
	case "/phone":
		return f.PhoneField
	case "/language":
		return f.LanguageField
	}
	return nil
}
