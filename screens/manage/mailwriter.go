package manage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// mailWriter is an e-mail to participants that is being written, in several languages.
type mailWriter struct {
	page    *Mails
	content fyne.CanvasObject
	foot    *fyne.Container
	said    *parts.Text

	to       *registrationFilter
	language *parts.Radios
	form     *kit.Form
	lang     string // of the texts that are shown
	subject  api.Text
	text     api.Text
	filling  bool
	draft    *kit.Draft[api.MailParticipants]
}

func newMailWriter(m *Mails) *mailWriter {
	env, t := m.env, m.env.T
	w := &mailWriter{page: m, lang: "en", subject: api.Text{}, text: api.Text{}, said: parts.Small("").WithID("mails.foot")}
	w.to = newRegistrationFilter(env, "mails.to", t("mails.to.any-state"), w.changed)
	state, participation, country, membership := w.to.fields()
	w.language = parts.NewRadios("mails.language", languages())
	w.language.Set(w.lang)
	w.language.OnChange = func(lang string) {
		w.lang = lang
		w.refill()
	}
	// All is judged before the preview: a mistake that stands there stays until something is typed.
	shown := func(field string) func(string) string {
		return func(string) string { return w.form.Field(field).Error() }
	}
	w.form = kit.NewForm(env, "mails",
		kit.Input{Name: "subject", Required: true, Wrong: shown("subject"), Changed: func(s string) { w.typed(w.subject, s, "subject") }},
		kit.Input{Name: "text", Required: true, Lines: 10, Wrong: shown("text"), Changed: func(s string) { w.typed(w.text, s, "text") }})
	look := m.calls.Button("mails.preview", "mails.preview", parts.Primary, w.look)
	leave := parts.NewButton("mails.leave", t("mails.leave"), parts.Outlined, func() {
		m.calls.Cancel() // of the preview, which would come over the list
		m.turn(nil)
	})
	w.foot = parts.Foot(w.said, leave, look)
	w.content = parts.Stack(parts.Gap16,
		parts.CardWith(20, parts.Stack(parts.Gap16, parts.Stack(2, parts.Section(t("mails.to")), parts.Muted(t("mails.to.what"))), parts.Row(parts.Gap16,
			parts.Cell{Object: state, Min: 240, Weight: 1},
			parts.Cell{Object: parts.Stack(parts.Gap16, participation, country, membership), Min: 240, Weight: 1}))),
		parts.CardWith(20, parts.Stack(parts.Gap16, parts.Stack(2, parts.Section(t("mails.what")), parts.Muted(t("mails.what.how"))),
			parts.NewField("mails.language.field", t("managed.language"), false, w.language), w.form.Field("subject"), w.form.Field("text"))))
	w.draft = kit.NewDraft(env, w.entered, m.service.KeepMailDraft, func(err error) {
		if err != nil {
			m.calls.Problem(err)
		}
	})
	if kept, ok := m.service.MailDraft(m.code); ok {
		w.fill(kept)
	}
	w.draft.Begin()
	return w
}

// fill shows an e-mail.
func (w *mailWriter) fill(in api.MailParticipants) {
	w.subject, w.text = cloned(in.Subject), cloned(in.Text)
	w.filling = true
	w.to.set(in.To)
	w.filling = false
	w.lang = "en"
	w.refill()
}

func cloned(t api.Text) api.Text {
	if t == nil {
		return api.Text{}
	}
	return maps.Clone(t)
}

// refill shows the texts of the language that is chosen.
func (w *mailWriter) refill() {
	w.filling = true
	w.language.Set(w.lang)
	w.form.Fill(map[string]string{"subject": w.subject[w.lang], "text": w.text[w.lang]})
	w.filling = false
}

// typed follows a change that a person makes of a text.
func (w *mailWriter) typed(in api.Text, value, field string) {
	if w.filling {
		return
	}
	if value == "" {
		delete(in, w.lang)
	} else {
		in[w.lang] = value
	}
	w.form.Field(field).SetError("")
	w.changed()
}

func (w *mailWriter) changed() {
	if w.filling {
		return
	}
	w.said.SetText("")
	w.draft.Soon(w.page.calls.Context())
}

// any tells whether something is written.
func (w *mailWriter) any() bool { return len(w.subject)+len(w.text) > 0 }

// entered is the e-mail as it is written.
func (w *mailWriter) entered() api.MailParticipants {
	return api.MailParticipants{Meeting: w.page.code, To: w.to.chosen(), Subject: maps.Clone(w.subject), Text: maps.Clone(w.text)}
}

// look asks how the e-mail arrives.
func (w *mailWriter) look() {
	m, in := w.page, w.entered()
	if m.calls.Working() {
		return
	}
	if wrong := rules.CheckMail(&in); len(wrong) > 0 {
		w.mark(wrong)
		return
	}
	in = rules.CleanMail(in)
	kit.Ask(m.calls, "mails.previewing", func(ctx context.Context) (api.MailPreview, error) { return m.service.PreviewMail(ctx, in) },
		func(p api.MailPreview) { m.preview.show(in, p) },
		func(err error) bool {
			wrong := m.env.Explain(err).Fields
			if len(wrong) > 0 {
				w.mark(wrong)
			}
			return len(wrong) > 0
		})
}

// mark shows the mistakes in the language of the first one.
func (w *mailWriter) mark(wrong []api.FieldError) {
	w.said.SetSpans(parts.Span{Text: w.page.env.T("mails.not-yet"), Color: parts.ColorDanger})
	place := func(e api.FieldError) (name, lang string) {
		name, lang, _ = strings.Cut(strings.TrimPrefix(e.Pointer, "/"), "/")
		return name, lang
	}
	_, lang := place(wrong[0])
	if slices.Contains(rules.MeetingLanguages, lang) && lang != w.lang {
		w.lang = lang
		w.refill()
	}
	said := false
	for _, e := range wrong {
		name, of := place(e)
		if of != w.lang || name != "subject" && name != "text" {
			continue
		}
		f := w.form.Field(name)
		key := "mails.wrong." + name + "." + e.Code
		if !w.page.env.Words.Has(key) {
			key = "field." + e.Code
		}
		f.SetError(w.page.env.T(key))
		if !said {
			parts.IntoView(f)
			parts.Focus(w.form.Focus(name))
		}
		said = true
	}
}

// sent empties the e-mail: it is on its way.
func (w *mailWriter) sent() {
	w.fill(api.MailParticipants{})
	w.draft.Begin()
	w.draft.Resume()
}

// mailPreview is an e-mail as it arrives, before it is sent.
type mailPreview struct {
	page    *Mails
	content *fyne.Container
	foot    *fyne.Container
	send    *parts.Button
	in      api.MailParticipants
	letters []api.MailLetter
	letter  *fyne.Container
}

func newMailPreview(m *Mails) *mailPreview {
	p := &mailPreview{page: m, content: parts.Stack(parts.Gap16), letter: container.NewStack()}
	p.send = m.calls.Button("mails.send", "mails.send", parts.Primary, p.sendIt)
	back := parts.NewButton("mails.change", m.env.T("mails.change"), parts.Outlined, func() { m.turn(m.writer.content) })
	p.foot = parts.Foot(parts.Small(""), back, p.send)
	return p
}

// show shows an e-mail as the service says that it arrives.
func (p *mailPreview) show(in api.MailParticipants, preview api.MailPreview) {
	m, t := p.page, p.page.env.T
	w := m.env.Words
	p.in, p.letters = in, preview.Letters
	who := parts.Stack(parts.Gap4, parts.Section(w.N("mails.people", preview.People)), parts.Muted(strings.Join(recipientsWords(m.env, in.To), " · ")))
	if preview.Unreached > 0 {
		who.Add(parts.Muted(w.N("mails.unreached", preview.Unreached)))
	}
	var languages []parts.Item
	names := map[string]string{}
	for _, l := range words.Letters() {
		names[l.Code] = l.Name
	}
	for _, l := range preview.Letters {
		languages = append(languages, parts.Item{ID: l.Language, Text: w.N("mails.in-language", l.People, map[string]any{"Language": names[l.Language]})})
	}
	language := parts.NewRadios("mails.preview.language", languages)
	language.Set(preview.Letters[0].Language)
	language.OnChange = p.choose
	p.content.Objects = []fyne.CanvasObject{
		parts.CardWith(20, who),
		parts.CardWith(20, parts.Stack(parts.Gap16, parts.NewField("mails.preview.language.field", t("mails.arrives"), false, language), p.letter)),
	}
	p.choose(preview.Letters[0].Language)
	p.send.SetText(w.N("mails.send.people", preview.People))
	m.turn(p.content)
	parts.SetVisible(preview.People > 0, p.send)
}

// choose shows the e-mail in a language.
func (p *mailPreview) choose(lang string) {
	for _, l := range p.letters {
		if l.Language == lang {
			kit.Swap(p.letter, parts.Stack(parts.Gap12,
				parts.Bold(l.Subject).WithID("mails.preview.subject"), parts.Divider(), kit.Letter("mails.preview.text", l.Text)))
		}
	}
	parts.Changed(p.letter)
}

// sendIt keeps the e-mail for sending, once.
func (p *mailPreview) sendIt() {
	m, in := p.page, p.in
	if m.calls.Working() {
		return
	}
	m.writer.draft.Stop() // its draft goes with it
	m.writer.draft.Then(func() {
		m.calls.Do("mails.sending", func(ctx context.Context) error { return m.service.MailParticipants(ctx, in) }, func() {
			m.writer.sent()
			m.turn(nil)
			m.follow()
			m.look() // it may have been sent by now
			m.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: m.env.T("mails.sent")}}})
		}, func(error) bool {
			m.writer.draft.Resume()
			return false
		})
	})
}
