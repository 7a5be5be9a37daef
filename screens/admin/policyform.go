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
	t := p.env.T
	p.form = kit.NewForm(p.env, "policies")
	for i := range policyChoices {
		p.form.Add(p.choice(&policyChoices[i]))
	}
	for _, g := range policyNumbers {
		for i := range g.numbers {
			p.form.Add(p.number(&g.numbers[i]))
		}
	}
	p.form.Changed, p.form.Enter = p.changed, p.ask
	p.networks = newNetworkBudgets(p.env, p.changed)

	body := parts.Stack(parts.Gap16)
	heading := func(name string) fyne.CanvasObject {
		return parts.Stack(2, parts.Section(t("policies."+name)), parts.Muted(t("policies."+name+".what")))
	}
	for _, c := range policyChoices {
		body.Add(parts.Card(heading(c.name), p.form.Field(c.name)))
	}
	for _, g := range policyNumbers {
		group := parts.Stack(parts.Gap12, heading(g.name))
		for _, n := range g.numbers {
			group.Add(p.form.Field(n.name))
		}
		body.Add(parts.Card(group))
		if g.name == "limits" {
			body.Add(parts.Card(p.networks.content))
		}
	}
	p.words = parts.Small("")
	save := p.calls.Button("policies.save", "policies.save", parts.Primary, p.ask)
	undo := parts.NewButton("policies.undo", t("policies.undo"), parts.Outlined, func() { p.fill(p.stored) })
	kit.Swap(p.holder, parts.Page(parts.Leading(kit.FormWidth, body), parts.Foot(p.words, undo, save)))
}

func (p *Policies) choice(c *policyChoice) kit.Input {
	t := p.env.T
	items := make([]parts.Item, len(c.values))
	for i, v := range c.values {
		text := t("policies." + c.name + "." + v)
		if v == c.initial {
			text += " " + t("policies.default.this")
		}
		items[i] = parts.Item{ID: v, Text: text}
	}
	return kit.Input{Name: c.name, Label: "-", Pointer: c.pointer, Choose: items, Refused: p.refusedWords}
}

func (p *Policies) number(n *policyNumber) kit.Input {
	t := p.env.T
	return kit.Input{
		Name: n.name, Pointer: n.pointer, Required: true, Refused: p.refusedWords,
		Hint:  t("policies."+n.name+".what") + " " + t("policies.default", map[string]any{"Default": n.initial}),
		Wrong: func(text string) string { return wrongNumber(p.env, text, n.min, n.max) },
	}
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
	values := map[string]string{}
	for _, c := range policyChoices {
		values[c.name] = *c.of(&policies)
	}
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			values[n.name] = strconv.Itoa(*n.of(&policies))
		}
	}
	parts.Together(p.holder, func() {
		p.form.Fill(values)
		p.networks.fill(policies.Networks)
	})
	p.changed()
}

// read gives the policies as they stand in the form, and whether they can be
// right; mistakes are said at their inputs.
func (p *Policies) read() (api.Policies, bool) {
	out := p.stored
	for _, c := range policyChoices {
		*c.of(&out) = p.form.Text(c.name)
	}
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			*n.of(&out) = p.form.Int(n.name)
		}
	}
	out.Networks = p.networks.read()
	right := p.form.Check()
	return out, p.networks.check(right) && right
}

// changed says at the foot whether there is something to save.
func (p *Policies) changed() {
	if p.words == nil {
		return
	}
	text := ""
	if p.differs() {
		text = p.env.T("policies.unsaved")
	}
	p.words.SetText(text)
}

// differs reports whether something else stands in the form than is stored.
func (p *Policies) differs() bool {
	return p.form.Differs() || p.networks.differ(p.stored.Networks)
}
