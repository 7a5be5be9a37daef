package manage

import (
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
)

// field is the input of a place in the description; nil where there is none here. Texts
// are shown in the language of the mistake.
func (d *details) field(pointer string) *parts.Field {
	at := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	lingual := func(name, lang string, f func(string) *parts.Field) *parts.Field {
		if lang != d.lang && slices.Contains(rules.MeetingLanguages, lang) {
			d.lang = lang
			d.refill()
		}
		return f(name)
	}
	switch name := at[0]; {
	case slices.Contains(texts, name) && len(at) == 2:
		return lingual(name, at[1], d.form.Field)
	case name == formRows:
		return d.builder.at(at[1:])
	case d.rows[name] != nil:
		return d.rows[name].at(at[1:], lingual)
	case d.groups[name] != nil:
		return d.groups[name]
	case slices.Contains(plainInputs, strings.Join(at, ".")):
		return d.form.Field(strings.Join(at, "."))
	}
	return nil
}

// mark shows mistakes at their inputs. Those in a text that is shown in another language
// than the first one's wait until that one is right.
func (d *details) mark(wrong []api.FieldError) {
	lang := ""
	said := false
	for _, e := range wrong {
		if of := e.Pointer[strings.LastIndex(e.Pointer, "/")+1:]; slices.Contains(rules.MeetingLanguages, of) {
			if lang == "" {
				lang = of
			}
			if of != lang {
				continue
			}
			// The form may be filled anew, which takes mistakes away: it is so already.
			if d.lang != of {
				d.lang = of
				d.refill()
			}
		}
	}
	d.builder.reveal(wrong)
	for _, e := range wrong {
		if of := e.Pointer[strings.LastIndex(e.Pointer, "/")+1:]; lang != "" && of != lang && slices.Contains(rules.MeetingLanguages, of) {
			continue
		}
		f := d.field(e.Pointer)
		if f == nil || f.Error() != "" && e.Pointer != "/approval" {
			continue
		}
		f.SetRight(false)
		f.SetError(mistake(d.page.env, e))
		if !said {
			d.page.tabs.Choose(tabOf(e.Pointer))
			parts.IntoView(f)
		}
		said = true
	}
}
