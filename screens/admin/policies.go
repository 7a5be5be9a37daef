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

// Policies is the form with the service's policies. "Save" says first what
// would change, before and after.
type Policies struct {
	env     kit.Env
	service PolicyAdmin

	content fyne.CanvasObject
	holder  *fyne.Container
	bar     *parts.Bar
	busy    *parts.Busy
	prover  *kit.Prover
	calls   *kit.Calls
	words   *parts.Text // what has not been saved

	policies *kit.Loading[api.Policies]
	stored   api.Policies
	form     *kit.Form // nil until it is known what stands in it
	networks *networkBudgets
}

// NewPolicies returns the screen; prove is Prove of app.Service. Close it when it
// is left.
func NewPolicies(env kit.Env, service PolicyAdmin, prove func(ctx context.Context, password, secondFactor string) error) *Policies {
	p := &Policies{env: env, service: service}
	p.bar, p.busy = parts.NewBar("policies.bar"), parts.NewBusy("policies.busy")
	p.prover = kit.NewProver(env, "policies", prove)
	p.calls = kit.NewCalls(context.Background(), env, p.bar, p.busy, p.prover)
	p.policies = kit.NewLoading(p.calls, "policies.loading", service.Policies, func(policies api.Policies) {
		p.stored = policies
		if p.form == nil {
			p.build()
		}
		p.fill(policies)
	})
	p.holder = container.NewStack(parts.Panel(parts.Space(1)))
	p.content = kit.StaffLayout(parts.Heading(env.T("nav.policies"), env.T("policies.line"), p.busy), p.bar, nil, p.prover.Over(p.holder))
	p.policies.Open()
	return p
}

// Content is what is to be shown.
func (p *Policies) Content() fyne.CanvasObject { return p.content }

// Tick counts down the wait between two tries of a proof.
func (p *Policies) Tick() { p.prover.Tick() }

// Close ends what the screen has under way.
func (p *Policies) Close() { p.calls.Close() }

// First is what takes the keyboard.
func (p *Policies) First() fyne.Focusable {
	if p.form == nil {
		return nil
	}
	return p.form.First()
}

// Back leaves the question for the password.
func (p *Policies) Back() bool { return p.prover.Cancel() }

// SetOnline asks again for what could not be had.
func (p *Policies) SetOnline(online bool) { p.policies.Online(online) }

// ask names each change, before and after, and saves on "Save".
func (p *Policies) ask() {
	if p.calls.Working() {
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
	kit.Call(p.calls, "policies.saving", func(ctx context.Context) (api.Policies, error) {
		return p.service.SavePolicies(ctx, next)
	}, func(saved api.Policies) {
		p.stored = saved
		p.fill(saved)
		p.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: p.env.T("policies.saved")}}})
	}, p.refused, p.env.ChangedMeanwhile(p.bar, p.policies.Load))
}

// refused says what the service does not accept, at its input.
func (p *Policies) refused(err error) bool {
	said := p.form.Refused(err)
	for _, wrong := range p.env.Explain(err).Fields {
		said = p.networks.refused(wrong.Pointer) || said
	}
	if said {
		p.bar.Say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: p.env.T("policies.not-saved")}}})
	}
	return said
}

// refusedWords are the words for a policy that the service does not accept.
func (p *Policies) refusedWords(wrong api.FieldError) string {
	key := "policies.wrong" + strings.ReplaceAll(wrong.Pointer, "/", ".")
	if !p.env.Words.Has(key) {
		key = "policies.wrong.other"
	}
	return p.env.T(key)
}

// Unsaved names the page if something else stands in it than is stored.
func (p *Policies) Unsaved() []string {
	if p.form == nil || !p.differs() {
		return nil
	}
	return []string{p.env.T("nav.policies")}
}

// Left ends the question for the password.
func (p *Policies) Left() { p.prover.Cancel() }
