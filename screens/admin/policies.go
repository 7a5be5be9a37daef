package admin

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// PolicyOffice are the service's policies.
type PolicyOffice interface {
	Policies(ctx context.Context) (api.Policies, error)
	// SavePolicies gives them as they stand then.
	SavePolicies(ctx context.Context, p api.Policies) (api.Policies, error)
}

// Policies is the form with the service's policies. "Save" says first what
// would change, before and after.
type Policies struct {
	env    kit.Env
	office PolicyOffice

	ctx   context.Context
	leave func()

	content fyne.CanvasObject
	holder  *fyne.Container
	bar     *parts.Bar
	busy    *parts.Busy
	prover  *kit.Prover
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
func NewPolicies(env kit.Env, office PolicyOffice, prove func(ctx context.Context, password, secondFactor string) error) *Policies {
	p := &Policies{env: env, office: office, choices: map[string]*parts.Radios{}, numbers: map[string]*parts.Entry{}, fields: map[string]*parts.Field{}}
	p.ctx, p.leave = context.WithCancel(context.Background())
	p.bar, p.busy = parts.NewBar("policies.bar"), parts.NewBusy("policies.busy")
	p.prover = kit.NewProver(env, "policies", prove)
	p.holder = container.NewStack(parts.Panel(parts.Space(1)))
	p.content = kit.StaffLayout(parts.Heading(env.T("nav.policies"), env.T("policies.line"), p.busy), p.bar, nil, p.prover.Over(p.holder))
	p.load()
	return p
}

// Content is what is to be shown.
func (p *Policies) Content() fyne.CanvasObject { return p.content }

// Tick counts down the wait between two tries of a proof.
func (p *Policies) Tick() { p.prover.Tick() }

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
	parts.Ask(parts.CanvasOf(p.holder), t("policies.ask"), strings.Join(changes, "\n"),
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
	var saved api.Policies
	p.prover.Do(p.ctx, p.busy, p.env.T("policies.saving"), func(ctx context.Context) (err error) {
		saved, err = p.office.SavePolicies(ctx, next)
		return err
	}, func(err error) {
		p.working = false
		p.save.Enable()
		if err != nil {
			p.failed(err)
			return
		}
		p.stored = saved
		p.fill(saved)
		p.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: p.env.T("policies.saved")}}})
	})
}

// failed says what the service does not accept, at its field where there is one.
func (p *Policies) failed(err error) {
	if canceled(p.env, err) {
		return
	}
	said := false
	for _, wrong := range p.env.Explain(err).Fields {
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
	n := changedMeanwhile(p.env, err, p.load)
	if said {
		n = parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: p.env.T("policies.not-saved")}}}
	}
	p.bar.Say(n)
}
