package admin

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

func (p *Policies) build() {
	p.loaded = true
	t := p.env.T
	body := parts.Stack(parts.Gap16)
	for i := range policyChoices {
		body.Add(p.choice(&policyChoices[i]))
	}
	for _, g := range policyNumbers {
		group := parts.Stack(parts.Gap12, parts.Stack(2, parts.Section(t("policies."+g.name)), parts.Muted(t("policies."+g.name+".what"))))
		for i := range g.numbers {
			group.Add(p.number(&g.numbers[i]))
		}
		body.Add(parts.Card(group))
		if g.name == "limits" {
			p.networks = newNetworkBudgets(p.env, p.changed)
			body.Add(parts.Card(p.networks.content))
		}
	}
	p.words = parts.Small("")
	p.save = parts.NewButton("policies.save", t("policies.save"), parts.Primary, p.ask)
	undo := parts.NewButton("policies.undo", t("policies.undo"), parts.Outlined, func() { p.fill(p.stored) })
	kit.Swap(p.holder, parts.Page(parts.Column(kit.FormWidth, body), parts.Foot(p.words, undo, p.save)))
}

func (p *Policies) choice(c *policyChoice) fyne.CanvasObject {
	t := p.env.T
	items := make([]parts.Item, len(c.values))
	for i, v := range c.values {
		text := t("policies." + c.name + "." + v)
		if v == c.initial {
			text += " " + t("policies.default.this")
		}
		items[i] = parts.Item{ID: v, Text: text}
	}
	radios := parts.NewRadios(parts.ID("policies."+c.name), items)
	radios.OnChange = func(string) { p.changed() }
	p.choices[c.name] = radios
	f := parts.NewField(parts.ID("policies."+c.name+".field"), "", false, radios)
	p.fields[c.pointer] = f
	return parts.Card(parts.Stack(2, parts.Section(t("policies."+c.name)), parts.Muted(t("policies."+c.name+".what"))), f)
}

func (p *Policies) number(n *policyNumber) fyne.CanvasObject {
	t := p.env.T
	e := parts.NewEntry(parts.ID("policies." + n.name))
	e.OnChanged = func(string) { p.changed() }
	e.OnSubmitted = func(string) { p.ask() }
	p.numbers[n.name] = e
	f := parts.NewField(parts.ID("policies."+n.name+".field"), t("policies."+n.name), true, e).
		CheckWith(func() string { return wrongNumber(p.env, e.Text, n.min, n.max) }).
		WithHint(parts.Span{Text: t("policies."+n.name+".what") + " " + t("policies.default", map[string]any{"Default": n.initial})})
	p.fields[n.pointer] = f
	return f
}

// wrongNumber says what is wrong with a number, in words, or nothing.
func wrongNumber(env kit.Env, text string, min, max int) string {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err != nil || n < min || n > max {
		return env.T("policies.wrong.range", map[string]any{"Min": min, "Max": max})
	}
	return ""
}

// fill shows policies in the form.
func (p *Policies) fill(policies api.Policies) {
	parts.Together(p.holder, func() {
		for _, c := range policyChoices {
			p.choices[c.name].Set(*c.of(&policies))
		}
		for _, g := range policyNumbers {
			for _, n := range g.numbers {
				p.numbers[n.name].SetText(strconv.Itoa(*n.of(&policies)))
			}
		}
		for _, f := range p.fields {
			f.SetError("")
		}
		p.networks.fill(policies.Networks)
	})
	p.changed()
}

// read gives the policies as they stand in the form, and whether they can be
// right; mistakes are said at their fields.
func (p *Policies) read() (api.Policies, bool) {
	out, right := p.stored, true
	for _, c := range policyChoices {
		*c.of(&out) = p.choices[c.name].Chosen()
	}
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			*n.of(&out), _ = strconv.Atoi(strings.TrimSpace(p.numbers[n.name].Text)) // judged below
			if !p.fields[n.pointer].Check() {
				if right {
					parts.Focus(p.numbers[n.name])
				}
				right = false
			}
		}
	}
	out.Networks = p.networks.read()
	if !p.networks.check(right) {
		right = false
	}
	return out, right
}

// changed says at the foot whether there is something to save.
func (p *Policies) changed() {
	if p.words == nil || p.networks == nil {
		return
	}
	text := ""
	if p.differs() {
		text = p.env.T("policies.unsaved")
	}
	p.words.SetText(text)
}

// differs tells whether the form shows something else than what is stored.
func (p *Policies) differs() bool {
	stored := p.stored
	for _, c := range policyChoices {
		if p.choices[c.name].Chosen() != *c.of(&stored) {
			return true
		}
	}
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			if strings.TrimSpace(p.numbers[n.name].Text) != strconv.Itoa(*n.of(&stored)) {
				return true
			}
		}
	}
	return p.networks.differ(stored.Networks)
}
