package manage

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"

	"fyne.io/fyne/v2"
)

func (v *Visas) choose(c *api.VisaCase) {
	v.hide()
	if v.chosen = nil; c != nil {
		one := *c
		v.chosen = &one
	}
	v.show()
}

// hide takes a passport out of the memory and the screen.
func (v *Visas) hide() {
	if v.passport != nil {
		v.passport = nil
		v.show()
	}
}

func (v *Visas) show() {
	v.calls.Release()
	t := v.env.T
	c := v.chosen
	if c == nil {
		v.detail.Choose(t("visas.choose.title"), t("visas.choose.how"))
		return
	}
	body := parts.Stack(parts.Gap16)
	if v.panes.Narrow() {
		body.Add(parts.Link("visas.back", t("delegation.back"), func() { v.list.Back(v.panes) }))
	}
	text, tone := v.tag(c)
	body.Add(parts.Ends(parts.Bold(personOf(v.env, c.Person)).WithSize(parts.SizeSection), parts.NewTag(text, tone).WithID("visas.detail.state")))
	body.Add(parts.KeyValues(v.facts(c)...))
	v.addPassport(body, c)
	v.addAnswer(body, c)
	v.detail.Show(c.Registration, body)
}

func (v *Visas) facts(c *api.VisaCase) (pairs []parts.Pair) {
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: v.env.T(key), Value: parts.Body(value)})
		}
	}
	organization := c.Organization
	if organization != "" && c.Country != "" {
		organization += ", " + v.env.Words.Country(c.Country)
	}
	add("delegation.meeting", c.Title.In(v.env.Words.Lang())+" ("+c.Meeting+")")
	add("users.organization", organization)
	add("visas.registration", c.Registration)
	add("visas.opened", kit.Clock(v.env.Words, c.Opened.In(v.env.Now().Location()), v.env.Now()))
	if !c.Decided.IsZero() {
		add("visas.decided", kit.Clock(v.env.Words, c.Decided.In(v.env.Now().Location()), v.env.Now()))
	}
	return pairs
}

// addPassport shows the passport, or how to have it shown.
func (v *Visas) addPassport(body *fyne.Container, c *api.VisaCase) {
	t := v.env.T
	body.Add(parts.Section(t("visa.passport")))
	switch p := v.passport; {
	case c.Erased:
		body.Add(parts.Muted(t("visas.erased")).WithID("visas.erased"))
	case p == nil:
		body.Add(parts.Small(t("visas.passport.logged")))
		v.shows = v.calls.Button("visas.passport.show", "visas.passport.show", parts.Outlined, func() { v.read(c.Registration) })
		body.Add(parts.Inline(0, v.shows))
	default:
		v.hides = v.calls.Button("visas.passport.hide", "visas.passport.hide", parts.Outlined, func() {
			v.hide()
			parts.Focus(v.shows)
		})
		pairs, lines := v.passportFacts(p)
		body.Add(parts.Inline(parts.Gap12, // where the button was: the keyboard stays, and nothing scrolls
			parts.NewButton("visas.passport.copy", t("visas.passport.copy"), parts.Outlined, func() {
				v.env.CopySecret(strings.Join(lines, "\n"))
				v.bar.Say(v.env.SaySecretCopied(t("visas.passport.copied")))
			}),
			v.hides))
		body.Add(parts.KeyValues(pairs...))
	}
}

// passportFacts are what a passport says, to be shown and as lines for a letter.
func (v *Visas) passportFacts(p *api.Passport) (pairs []parts.Pair, lines []string) {
	day := func(s string) string {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return s
		}
		return v.env.Words.ShortDate(d)
	}
	for _, one := range []struct{ name, value string }{
		{"family_name", p.FamilyName},
		{"given_names", p.GivenNames},
		{"nationality", v.env.Words.Country(p.Nationality)},
		{"number", p.Number},
		{"birth", day(p.Birth)},
		{"birth_place", p.BirthPlace},
		{"issued", day(p.Issued)},
		{"expires", day(p.Expires)},
	} {
		if one.value != "" {
			key := v.env.T("visa.passport." + one.name)
			pairs = append(pairs, parts.Pair{Key: key, Value: parts.Body(one.value).WithID(parts.ID("visas.passport." + one.name))})
			lines = append(lines, key+": "+one.value)
		}
	}
	return pairs, lines
}

// read asks for the passport of the chosen case.
func (v *Visas) read(number string) {
	kit.Ask(v.calls, "visas.passport.reading", func(ctx context.Context) (api.VisaCase, error) { return v.service.Visa(ctx, number) },
		func(c api.VisaCase) {
			if v.chosen == nil || v.chosen.Registration != number {
				return
			}
			v.passport = c.Passport
			v.show()
			if v.passport != nil {
				parts.Focus(v.hides)
			}
		}, v.env.GoneMeanwhile(v.bar, v.listing.Load))
}

// addAnswer shows the answer that there is, or has one written.
func (v *Visas) addAnswer(body *fyne.Container, c *api.VisaCase) {
	t := v.env.T
	a, here := v.answers[c.Registration]
	switch {
	case c.State != api.VisaWaiting:
		if c.Answer != "" {
			body.Add(parts.Section(t("visas.answer")))
			body.Add(parts.Body(c.Answer).WithID("visas.answered"))
		}
		return
	case c.Own:
		body.Add(parts.Body(t("visas.own")).WithID("visas.own"))
		return
	case here && !a.Refused:
		body.Add(parts.Section(t("visas.answer")))
		body.Add(parts.Body(t("visas.answer.waits."+grantWord(a.Grant), map[string]any{"Answer": a.Answer})).WithID("visas.note"))
		return
	}
	body.Add(parts.Section(t("visas.answer")))
	if here {
		body.Add(parts.NewText(parts.Span{Text: v.refusal(&a), Color: parts.ColorDanger}).WithID("visas.note"))
	}
	form := v.form(c.Registration)
	body.Add(form.Field("grant"))
	body.Add(form.Field("answer"))
	buttons := []fyne.CanvasObject{v.calls.Button("visas.send", "visas.send", parts.Primary, v.send)}
	if here {
		buttons = append(buttons, v.calls.Button("visas.dismiss", "visas.dismiss", parts.Outlined, func() {
			v.calls.Do("visas.keeping", func(ctx context.Context) error { return v.service.DismissVisaAnswer(ctx, a.Operation) }, func() {})
		}))
	}
	body.Add(parts.Inline(parts.Gap12, buttons...))
	body.Add(parts.Small(t("visas.send.what")))
}

// refusal says why the service did not take an answer.
func (v *Visas) refusal(a *app.VisaAnswer) string {
	if key := "visas.refused." + string(a.Code); v.env.Words.Has(key) {
		return v.env.T(key)
	}
	return v.env.T("visas.refused", map[string]any{"Reference": a.Reference})
}

// form has the inputs for the answer on one case, with what was typed before.
func (v *Visas) form(number string) *kit.Form {
	if f := v.forms[number]; f != nil {
		return f
	}
	t := v.env.T
	f := kit.NewForm(v.env, "visas",
		kit.Input{
			Name: "grant", Label: t("visas.decision"), Required: true,
			Choose: []parts.Item{{ID: api.VisaAnswered, Text: t("visas.grant")}, {ID: api.VisaRefused, Text: t("visas.refuse")}},
			Wrong: func(grant string) string {
				if grant == "" {
					return t("register.wrong.required.choice")
				}
				return ""
			},
		},
		kit.Input{Name: "answer", Label: t("visas.answer.words"), Hint: t("visas.answer.hint"), Required: true, Lines: 5, Wrong: func(text string) string {
			switch n := utf8.RuneCountInString(text); {
			case n == 0:
				return t("visas.answer.missing")
			case n > rules.MaxVisaAnswer:
				return t("register.wrong.too-long", map[string]any{"Max": rules.MaxVisaAnswer})
			}
			return ""
		}})
	v.forms[number] = f
	return f
}

// writing tells whether an answer on a case is begun.
func (v *Visas) writing(number string) bool {
	f := v.forms[number]
	return f != nil && f.Text("answer") != ""
}

// send keeps the answer for sending.
func (v *Visas) send() {
	number := v.chosen.Registration
	form := v.form(number)
	if !form.Check() {
		return
	}
	person := personOf(v.env, v.chosen.Person)
	in := api.AnswerVisa{Registration: number, Grant: form.Text("grant") == api.VisaAnswered, Answer: form.Text("answer")}
	v.calls.Do("visas.keeping", func(ctx context.Context) error { return v.service.AnswerVisa(ctx, in) }, func() {
		delete(v.forms, number)
		v.answers[number] = app.VisaAnswer{AnswerVisa: in} // it may have been sent by now
		v.follow()
		v.hide()
		v.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: v.env.T("visas.sent", map[string]any{"Person": person})}}})
		if v.panes.Narrow() {
			v.panes.ShowDetail(false)
		}
		parts.Focus(v.list.List)
	})
}
