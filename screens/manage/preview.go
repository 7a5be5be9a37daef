package manage

import (
	"cmp"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// preview is the form as people get it, made of what is typed. One can try it out; nothing
// is kept of that.
type preview struct {
	of       *details
	content  fyne.CanvasObject
	language *parts.Picker
	lang     string
	holder   *fyne.Container
	shown    api.Meeting // what the form was made of
	form     *forms.Form
}

func newPreview(d *details) *preview {
	env := d.page.env
	p := &preview{of: d, holder: parts.Stack(0, parts.Space(1)), lang: env.Words.Lang()}
	p.language = parts.NewPicker("form.preview.language", "", env.T("formbuilder.none"), languages())
	if !slices.ContainsFunc(languages(), func(i parts.Item) bool { return i.ID == p.lang }) {
		p.lang = "en"
	}
	p.language.SetID(p.lang)
	p.language.OnChange = func(l parts.Item) {
		if l.ID != "" {
			p.lang, p.shown = l.ID, api.Meeting{}
			p.follow()
		}
	}
	p.content = parts.Stack(parts.Gap16,
		parts.CardWith(20, parts.Stack(parts.Gap16,
			parts.Stack(2, parts.Section(env.T("formbuilder.preview")), parts.Muted(env.T("formbuilder.preview.what"))),
			parts.NewField("form.preview.language.field", env.T("formbuilder.preview.language"), false, p.language))),
		p.holder)
	return p
}

// follow shows what is typed now, while it is in sight. What was tried out stays.
func (p *preview) follow() {
	m := p.of.page
	if m.shown != tabForm {
		return
	}
	details, _ := p.of.typed.details(&m.meeting.MeetingDetails)
	meeting := p.inOneLanguage(details.Meeting)
	if p.form != nil && reflect.DeepEqual(meeting, p.shown) {
		return
	}
	p.shown = meeting
	env := m.env
	if slices.ContainsFunc(words.Offered(), func(l words.Language) bool { return l.Code == p.lang }) {
		env.Words = words.For(p.lang)
	}
	made := forms.New(env, &meeting, func() {})
	if p.form != nil {
		made.Fill(p.form.Entered())
	}
	p.form = made
	parts.Together(p.holder, func() {
		kit.Swap(p.holder, made.Content())
		parts.Changed(p.holder)
	})
}

// inOneLanguage is a meeting as its form shows it in the language of the preview, whichever
// the program speaks. What has no name yet gets one.
func (p *preview) inOneLanguage(m api.Meeting) api.Meeting {
	t := p.of.page.env.T
	only := func(text api.Text) api.Text { return api.Text{"en": text.In(p.lang)} }
	named := func(text api.Text, name string) api.Text {
		return api.Text{"en": cmp.Or(text.In(p.lang), name)}
	}
	if len(m.Participation) == 0 {
		m.Participation = []string{api.OnSite}
	}
	m.Consents = slices.Clone(m.Consents)
	for i, c := range m.Consents {
		m.Consents[i].Text = only(c.Text)
	}
	sections := make([]api.FormSection, len(m.Form.Sections))
	for s, section := range m.Form.Sections {
		section.Title = only(section.Title)
		section.Questions = slices.Clone(section.Questions)
		for i, q := range section.Questions {
			q.Label, q.Help = named(q.Label, t("formbuilder.question.unnamed")), only(q.Help)
			q.Choices = slices.Clone(q.Choices)
			for n, c := range q.Choices {
				q.Choices[n].Label = named(c.Label, t("formbuilder.choice.number", map[string]any{"Number": n + 1}))
			}
			section.Questions[i] = q
		}
		sections[s] = section
	}
	m.Form = api.Form{Sections: sections}
	return m
}
