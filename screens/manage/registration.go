package manage

import (
	"context"
	"slices"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// registrationDetail is the chosen registration with all that was answered and what
// happened; or what can be done with those that are marked; or the reason of a refusal.
type registrationDetail struct {
	page  *Registrations
	place *kit.Detail
	busy  *parts.Busy

	ctx  context.Context // of the chosen registration
	stop context.CancelFunc
	row  api.RegistrationRow
	full *api.Registration // nil until it has come
	err  error
	// stale: the service has done something with it since, so that nothing is decided by what
	// row says.
	stale bool

	reason   *kit.Form      // of a refusal that is being written; or nil
	refusing api.DecideMany // without the reason
}

func newRegistrationDetail(r *Registrations) *registrationDetail {
	return &registrationDetail{page: r, place: kit.NewDetail(), busy: parts.NewBusy("registrations.detail.busy"), stop: func() {}}
}

// choose shows at once what the list knows, and the rest once the keyboard has stayed on
// it for a moment and the service has answered. A reason that is being written stays.
func (d *registrationDetail) choose(row api.RegistrationRow) {
	if d.row.Number == row.Number && d.full != nil && d.full.Version == row.Version {
		return
	}
	d.stop()
	d.ctx, d.stop = context.WithCancel(d.page.ctx)
	d.row, d.full, d.err, d.stale = row, nil, nil, false
	d.busy.Say("")
	d.show()
	env := d.page.env
	env.Run.Run(d.ctx, func(ctx context.Context) { env.Sleep(ctx, kit.TypingPause) }, d.load)
}

// renew takes over what a new list says of the chosen registration. One that is not in it,
// such as by a filter, is asked for by itself.
func (d *registrationDetail) renew(rows []api.RegistrationRow) {
	i := slices.IndexFunc(rows, func(row api.RegistrationRow) bool { return row.Number == d.row.Number })
	switch {
	case i >= 0 && (rows[i] != d.row || d.stale):
		d.choose(rows[i])
	case i < 0 && d.stale:
		d.load()
	default:
		d.show()
	}
}

// outdated has the chosen registration read anew with the list.
func (d *registrationDetail) outdated() { d.full, d.stale = nil, d.row.Number != "" }

// load asks for the registration.
func (d *registrationDetail) load() {
	env, number := d.page.env, d.row.Number
	if number == "" {
		return
	}
	var full api.Registration
	env.Do(d.ctx, d.busy, env.T("registrations.detail.loading"), func(ctx context.Context) (err error) {
		full, err = d.page.service.ManagedRegistration(ctx, number)
		return err
	}, func(err error) {
		d.err = err
		if err == nil {
			d.full, d.stale = &full, false
			listed := d.row
			d.row.State, d.row.Participation, d.row.Visa, d.row.Version = full.State, full.Participation, full.Visa, full.Version
			if d.row != listed {
				d.page.list.Replace(d.row) // the list is older than the answer
			}
		}
		d.show()
	})
}

func (d *registrationDetail) show() {
	d.page.showMarks()
	if d.reason != nil {
		return // what is typed stays
	}
	d.page.calls.Release()
	marked := d.page.list.Marked()
	switch {
	case len(marked) > 0:
		d.showMarked(marked)
	case d.row.Number == "":
		t := d.page.env.T
		d.place.Choose(t("registrations.choose.title"), t("registrations.choose.how"))
	default:
		d.showOne()
	}
}

// body is a detail that begins with the way back to the list, where it is alone.
func (d *registrationDetail) body() *fyne.Container {
	body := parts.Stack(parts.Gap16)
	if d.page.panes.Narrow() {
		body.Add(parts.Link("registrations.detail.back", d.page.env.T("delegation.back"), func() { d.page.panes.ShowDetail(false) }))
	}
	return body
}

func (d *registrationDetail) showOne() {
	r, env, t := d.page, d.page.env, d.page.env.T
	body := d.body()
	text, tone := r.tag(&d.row)
	body.Add(parts.Stack(parts.Gap4,
		parts.Bold(personOf(env, d.row.Person)).WithSize(parts.SizeTitle).WithID("registrations.detail.name"),
		parts.Ends(env.Carried("registrations.number.copy", parts.Small(d.row.Number), d.row.Number), parts.NewTag(text, tone).WithID("registrations.detail.state"))))
	if decision := d.decision(); decision != nil {
		body.Add(decision)
	}
	if acts := d.acts(); len(acts) > 0 {
		body.Add(parts.Inline(parts.Gap12, acts...))
	}
	var pairs []parts.Pair
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	add("users.organization", d.row.Organization)
	if d.row.Country != "" {
		add("signup.country", env.Words.Country(d.row.Country))
	}
	if d.row.Membership != "" {
		add("organizations.membership", t("membership."+d.row.Membership))
	}
	if d.row.Visa != "" {
		add("visa.title", t("visa.state."+d.row.Visa))
	}
	add("registrations.created", kit.Clock(env.Words, d.row.Created.In(env.Now().Location()), env.Now()))
	if !d.row.Changed.Equal(d.row.Created) {
		add("registrations.changed", kit.Clock(env.Words, d.row.Changed.In(env.Now().Location()), env.Now()))
	}
	switch {
	case d.full != nil:
		d.fill(body, pairs)
	case d.err != nil:
		add("register.participation", t("register.participation."+d.row.Participation))
		body.Add(parts.KeyValues(pairs...))
		bar := parts.NewBar("registrations.detail.bar")
		n := env.Problem(d.err)
		n.Action, n.Act = t("shell.retry"), d.load
		bar.Say(n)
		body.Add(bar)
	default:
		add("register.participation", t("register.participation."+d.row.Participation))
		body.Add(parts.KeyValues(pairs...))
		body.Add(d.busy)
	}
	d.place.Show(d.row.Number, body)
}

// fill adds what only the service knows.
func (d *registrationDetail) fill(body *fyne.Container, pairs []parts.Pair) {
	env, full := d.page.env, d.full
	meeting, _ := d.page.catalog.Get(d.page.code)
	person := forms.Person(env, &meeting, &api.Register{
		Meeting: full.Meeting, Participation: full.Participation, BadgeName: full.BadgeName, JobTitle: full.JobTitle, Companions: full.Companions,
	})
	body.Add(parts.KeyValues(append(pairs, person.Pairs...)...))
	for _, s := range forms.Answers(env, &meeting, full.Answers, &forms.Saver{
		Env: env, Ctx: d.ctx, Files: d.page.service, Busy: d.page.busy, Bar: d.page.bar, Save: d.page.save,
	}) {
		body.Add(parts.Stack(parts.Gap8, parts.Section(s.Title), parts.KeyValues(s.Pairs...)))
	}
	lines := parts.Stack(parts.Gap4)
	for _, e := range full.History {
		lines.Add(parts.NewText(
			parts.Span{Text: kit.Clock(env.Words, e.At.In(env.Now().Location()), env.Now()) + "  ", Color: parts.ColorMuted},
			parts.Span{Text: eventWords(env, full, e)},
		))
	}
	body.Add(parts.Stack(parts.Gap8, parts.Section(env.T("registration.history")), lines))
}

// eventWords says what happened, who did it, and why.
func eventWords(env kit.Env, r *api.Registration, e api.Event) string {
	key := "registration.event." + e.What
	if by := key + "." + e.By; e.By != "" && e.By != rules.ActorPerson.By() && env.Words.Has(by) {
		key = by
	}
	text := env.T(key, map[string]any{"Organization": r.Organization})
	if e.Actor != "" {
		text += " (" + e.Actor + ")"
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// decision says what was decided here and is not done.
func (d *registrationDetail) decision() fyne.CanvasObject {
	r, t := d.page, d.page.env.T
	decided, ok := r.decided[d.row.Number]
	if !ok {
		return nil
	}
	if !decided.Refused {
		return parts.Muted(t("registrations.decision."+verdict(decided)+".note", map[string]any{"Reason": decided.Reason})).WithID("registrations.decision")
	}
	reason := "error." + string(decided.Code)
	if special := "registrations.reason." + string(decided.Code); r.env.Words.Has(special) {
		reason = special
	}
	if !r.env.Words.Has(reason) {
		reason = "error.internal"
	}
	lines := parts.Stack(parts.Gap8, parts.Body(t("registrations.attention."+verdict(decided))+" "+t(reason)).WithID("registrations.decision"))
	if decided.Reference != "" {
		words := parts.Small(t("error.reference", map[string]any{"Reference": decided.Reference}))
		lines.Add(r.env.Carried("registrations.reference.copy", words, decided.Reference))
	}
	lines.Add(parts.Inline(parts.Gap12, r.calls.Button("registrations.dismiss", "registration.dismiss", parts.Outlined, func() { d.dismiss(decided) })))
	return lines
}

func (d *registrationDetail) dismiss(decided app.Decision) {
	r := d.page
	r.calls.Do("registrations.dismissing", func(ctx context.Context) error {
		return r.service.DismissDecision(ctx, decided.Operation)
	}, func() {
		r.follow()
		if !r.panes.Narrow() {
			parts.Focus(r.list.List)
		}
	})
}

// acts are what can be decided on the chosen registration.
func (d *registrationDetail) acts() (acts []fyne.CanvasObject) {
	r, only := d.page, []string{d.row.Number}
	add := func(event rules.RegistrationEvent, name string, kind parts.ButtonKind, do func()) {
		if !d.stale && r.decides(&d.row, event) {
			acts = append(acts, r.calls.Button(parts.ID("registrations."+name), "registrations."+name, kind, do))
		}
	}
	add(rules.EventApprove, "approve", parts.Primary, func() { r.decide(api.DecideMany{Registrations: only, Approve: true}, func() {}) })
	add(rules.EventRefuse, "refuse", parts.Outlined, func() { d.askReason(api.DecideMany{Registrations: only}) })
	add(rules.EventRevoke, "revoke", parts.Outlined, func() { d.askReason(api.DecideMany{Registrations: only, Revoke: true}) })
	return acts
}

// showMarked offers to decide on several registrations at once.
func (d *registrationDetail) showMarked(marked []api.RegistrationRow) {
	r, env, t := d.page, d.page.env, d.page.env.T
	body := d.body()
	body.Add(parts.Bold(env.Words.N("registrations.marked", len(marked))).WithSize(parts.SizeSection).WithID("registrations.marked"))
	approving, refusing := r.deciding(marked, rules.EventApprove), r.deciding(marked, rules.EventRefuse)
	var acts []fyne.CanvasObject
	if len(approving) > 0 {
		approve := parts.NewButton("registrations.marked.approve", env.Words.N("registrations.marked.approve", len(approving)), parts.Primary, func() { d.askApprove(approving) })
		r.calls.Hold(approve)
		acts = append(acts, approve)
	}
	if len(refusing) > 0 {
		acts = append(acts, parts.NewButton("registrations.marked.refuse", env.Words.N("registrations.marked.refuse", len(refusing)), parts.Outlined, func() { d.askReason(api.DecideMany{Registrations: refusing}) }))
	}
	acts = append(acts, parts.NewButton("registrations.marked.clear", t("registrations.marked.clear"), parts.Outlined, func() { r.list.Unmark() }))
	if len(approving)+len(refusing) == 0 {
		body.Add(parts.Muted(t("registrations.marked.none")))
	}
	body.Add(parts.Inline(parts.Gap12, acts...))
	body.Add(parts.Small(t("registrations.marked.how")))
	d.place.Show("marked", body)
}

// askApprove asks once before many are told that they can come.
func (d *registrationDetail) askApprove(numbers []string) {
	r, env := d.page, d.page.env
	parts.Ask(d.place.Canvas(), env.Words.N("registrations.approve.title", len(numbers)), env.T("registrations.approve.text"),
		parts.Answer{ID: "registrations.approve.yes", Text: env.T("registrations.approve"), Kind: parts.Primary, Do: func() {
			r.decide(api.DecideMany{Registrations: numbers, Approve: true}, func() {})
		}},
		parts.Answer{ID: "registrations.approve.no", Text: env.T("shell.cancel"), Kind: parts.Outlined},
	)
}

// askReason has the reason of a refusal written, in the detail's place.
func (d *registrationDetail) askReason(refusing api.DecideMany) {
	r, env, t := d.page, d.page.env, d.page.env.T
	d.refusing = refusing
	n := len(refusing.Registrations)
	title, text, do := env.Words.N("registrations.refusal.title", n), t("registrations.refusal.text"), env.Words.N("registrations.refusal.do", n)
	if refusing.Revoke {
		title, text, do = t("registrations.revoke"), t("registrations.revoke.text"), t("registrations.revoke")
	}
	d.reason = kit.NewForm(env, "registrations.refusal", kit.Input{Name: "reason", Required: true, Lines: 4, Wrong: func(value string) string {
		switch n := utf8.RuneCountInString(value); {
		case n == 0:
			return t("registrations.refusal.wrong.reason")
		case n > rules.MaxReason:
			return t("field.too-long")
		}
		return ""
	}})
	r.calls.Release()
	refuse := parts.NewButton("registrations.refusal.do", do, parts.Danger, d.refuse)
	r.calls.Hold(refuse)
	cancel := parts.NewButton("registrations.refusal.cancel", t("shell.cancel"), parts.Outlined, func() { d.leaveReason() })
	head := parts.Stack(parts.Gap4, parts.Bold(title).WithSize(parts.SizeSection).WithID("registrations.refusal.title"))
	if n == 1 { // the list may lead to another one meanwhile
		number := refusing.Registrations[0]
		head.Add(parts.Body(r.personOn(number)).WithID("registrations.refusal.who"))
		head.Add(parts.Small(number).WithID("registrations.refusal.number"))
	}
	d.place.Show("reason", parts.Stack(parts.Gap16, head, parts.Muted(text), d.reason.Field("reason"), parts.Inline(parts.Gap12, refuse, cancel)))
	parts.Focus(d.reason.First())
}

func (d *registrationDetail) refuse() {
	if d.page.calls.Working() || !d.reason.Check() {
		return
	}
	in := d.refusing
	in.Reason = d.reason.Text("reason")
	d.page.decide(in, d.closeReason)
}

// leaveReason gives a reason up, after a question where one is typed; it tells whether one
// was being written.
func (d *registrationDetail) leaveReason() bool {
	switch {
	case d.reason == nil:
		return false
	case d.reason.Differs():
		d.page.env.Discard(d.place.Canvas(), "registrations.refusal", d.page.Unsaved()[0], d.closeReason)
	default:
		d.closeReason()
	}
	return true
}

func (d *registrationDetail) closeReason() {
	d.reason = nil
	d.show()
}
