package screens

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/parts"
)

// PolicyOffice are the service's policies.
type PolicyOffice interface {
	Policies(ctx context.Context) (api.Policies, error)
	SavePolicies(ctx context.Context, p api.Policies) error
}

// Policies is the form with the service's policies. "Save" says first what
// would change, before and after.
type Policies struct {
	env    Env
	office PolicyOffice

	ctx   context.Context
	leave func()

	content fyne.CanvasObject
	holder  *fyne.Container
	bar     *parts.Bar
	busy    *parts.Busy
	prover  *Prover
	words   *parts.Text // what has not been saved
	save    *parts.Button

	stored   api.Policies
	loaded   bool
	err      error
	working  bool
	choices  map[string]*parts.Radios // by name
	numbers  map[string]*parts.Entry  // by name
	fields   map[string]*parts.Field  // by JSON Pointer
	networks *networkBudgets
}

// NewPolicies returns the screen; prove is Prove of app.Self. Close it when it
// is left.
func NewPolicies(env Env, office PolicyOffice, prove func(ctx context.Context, password, secondFactor string) error) *Policies {
	p := &Policies{env: env, office: office, choices: map[string]*parts.Radios{}, numbers: map[string]*parts.Entry{}, fields: map[string]*parts.Field{}}
	p.ctx, p.leave = context.WithCancel(context.Background())
	p.bar, p.busy = parts.NewBar("policies.bar"), parts.NewBusy("policies.busy")
	p.prover = NewProver(env, "policies", prove)
	p.holder = container.NewStack(parts.Panel(parts.Space(1)))
	top := parts.Stack(parts.Gap4, parts.Title(env.T("nav.policies"), parts.Span{Text: env.T("policies.line")}), p.bar, p.busy)
	p.content = parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap12, 0, top), p.prover.Over(p.holder), nil))
	p.load()
	return p
}

// Content is what is to be shown.
func (p *Policies) Content() fyne.CanvasObject { return p.content }

// Close ends what the screen has under way.
func (p *Policies) Close() { p.leave() }

// First is what takes the keyboard.
func (p *Policies) First() fyne.Focusable {
	if !p.loaded {
		return nil
	}
	return p.choices[policyChoices[0].name]
}

// Back leaves the question for the password.
func (p *Policies) Back() bool { return p.prover.Cancel() }

// SetOnline asks again for what could not be had.
func (p *Policies) SetOnline(online bool) {
	if online && p.err != nil && !p.loaded {
		p.load()
	}
}

func (p *Policies) load() {
	var policies api.Policies
	p.env.Do(p.ctx, p.busy, p.env.T("policies.loading"), func(ctx context.Context) (err error) {
		policies, err = p.office.Policies(ctx)
		return err
	}, func(err error) {
		if p.err = err; err != nil {
			n := p.env.Problem(err)
			n.Action, n.Act = p.env.T("shell.retry"), p.load
			p.bar.Say(n)
			return
		}
		p.bar.Clear()
		p.stored = policies
		if !p.loaded {
			p.build()
		}
		p.fill(policies)
	})
}

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
	swap(p.holder, parts.Page(parts.Column(formWidth, body), parts.Foot(p.words, undo, p.save)))
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
func wrongNumber(env Env, text string, min, max int) string {
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

// ask names each change, before and after, and saves on "Save".
func (p *Policies) ask() {
	if p.working {
		return
	}
	next, right := p.read()
	if !right {
		return
	}
	changes := p.changes(next)
	if len(changes) == 0 {
		p.bar.Say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: p.env.T("policies.same")}}})
		return
	}
	t := p.env.T
	parts.Ask(fyne.CurrentApp().Driver().CanvasForObject(p.holder), t("policies.ask"), strings.Join(changes, "\n"),
		parts.Answer{ID: "policies.ask.yes", Text: t("policies.save"), Kind: parts.Primary, Do: func() { p.store(next) }},
		parts.Answer{ID: "policies.ask.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

// changes are the differences to what is stored, a line each.
func (p *Policies) changes(next api.Policies) []string {
	t, was := p.env.T, p.stored
	var lines []string
	line := func(name, before, after string) {
		if before != after {
			lines = append(lines, "– "+t("policies.change", map[string]any{"What": t("policies." + name), "Before": before, "After": after}))
		}
	}
	for _, c := range policyChoices {
		name := func(v string) string { return t("policies." + c.name + "." + v) }
		line(c.name, name(*c.of(&was)), name(*c.of(&next)))
	}
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			line(n.name, strconv.Itoa(*n.of(&was)), strconv.Itoa(*n.of(&next)))
		}
	}
	return append(lines, networkChanges(p.env, was.Networks, next.Networks)...)
}

func (p *Policies) store(next api.Policies) {
	if p.working {
		return
	}
	p.working = true
	p.save.Disable()
	p.prover.Do(p.ctx, p.busy, p.env.T("policies.saving"), func(ctx context.Context) error {
		return p.office.SavePolicies(ctx, next)
	}, func(err error) {
		p.working = false
		p.save.Enable()
		if err != nil {
			p.failed(err)
			return
		}
		p.stored = next
		p.fill(next)
		p.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: p.env.T("policies.saved")}}})
	})
}

// failed says what the service does not accept, at its field where there is one.
func (p *Policies) failed(err error) {
	if canceled(p.env, err) {
		return
	}
	said := false
	for _, wrong := range p.env.explain(err).Fields {
		key := "policies.wrong" + strings.ReplaceAll(wrong.Pointer, "/", ".")
		if !p.env.Words.Has(key) {
			key = "policies.wrong.other"
		}
		if f := p.fields[wrong.Pointer]; f != nil {
			f.SetError(p.env.T(key))
			parts.IntoView(f)
			said = true
		} else if p.networks.refused(wrong.Pointer) {
			said = true
		}
	}
	n := p.env.Problem(err)
	if said {
		n = parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: p.env.T("policies.not-saved")}}}
	}
	p.bar.Say(n)
}
