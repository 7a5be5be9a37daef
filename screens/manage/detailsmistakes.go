package manage

import (
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// field is the input of a place in the description, in the language that is shown; nil where
// there is none here.
func (d *details) field(pointer string) *parts.Field {
	at := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	switch name := at[0]; {
	case slices.Contains(texts, name) && len(at) == 2:
		return d.form.Field(name)
	case name == formRows:
		return d.builder.at(at[1:])
	case d.rows[name] != nil:
		return d.rows[name].at(at[1:])
	case d.groups[name] != nil:
		return d.groups[name]
	case slices.Contains(d.plain, strings.Join(at, ".")):
		return d.form.Field(strings.Join(at, "."))
	}
	return nil
}

// mark shows what is wrong, and nothing that was wrong before: each input's first mistake at
// it. Those in a text that is shown in another language than the first one's wait until that
// one is right.
func (d *details) mark(wrong []api.FieldError) {
	lang := d.lang
	if i := slices.IndexFunc(wrong, func(e api.FieldError) bool { return languageOf(e.Pointer) != "" }); i >= 0 {
		lang = languageOf(wrong[i].Pointer)
	}
	wrong = slices.DeleteFunc(slices.Clone(wrong), func(e api.FieldError) bool {
		of := languageOf(e.Pointer)
		return of != "" && of != lang
	})
	d.lang = lang
	d.refill()
	d.builder.reveal(wrong)
	var first *parts.Field
	for _, e := range wrong {
		f := d.field(e.Pointer)
		if f == nil {
			continue
		}
		if f.Error() == "" {
			f.SetRight(false)
			f.SetError(mistake(d.page.env, e))
		}
		if first == nil {
			first = f
			d.page.tabs.Choose(tabOf(e.Pointer))
			parts.IntoView(f)
		}
	}
}

// unjudged is what an input says of what is typed: all of it is judged once it is saved.
func unjudged(string) string { return "" }

// languageOf is the language of a text that a pointer leads to; nothing where it leads to
// something else.
func languageOf(pointer string) string {
	if of := pointer[strings.LastIndex(pointer, "/")+1:]; slices.Contains(rules.MeetingLanguages, of) {
		return of
	}
	return ""
}

// mistake is what is wrong with a field, in words.
func mistake(env kit.Env, wrong api.FieldError) string {
	// Rows have no number in the names of words.
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, wrong.Pointer), "/")
	name = strings.ReplaceAll(strings.ReplaceAll(name, "//", "."), "/", ".")
	if wrong.Code == api.FieldNotAccepted && strings.HasPrefix(wrong.Pointer, "/form/") {
		return env.T("manage.wrong.form.html")
	}
	if key := "manage.wrong." + name + "." + wrong.Code; env.Words.Has(key) {
		return env.T(key)
	}
	return env.T("field." + wrong.Code)
}
