package delegation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// showOne shows a registration, and what can be done with it.
func (d *Delegation) showOne(body *fyne.Container, one *app.Delegate) {
	env, t := d.env, d.env.T
	text, tone := stateTag(env, one)
	body.Add(parts.Ends(parts.Bold(d.person(one)).WithSize(parts.SizeSection), parts.NewTag(text, tone).WithID("delegation.detail.state")))
	switch {
	case one.Waits != "":
		body.Add(parts.Body(t("delegation.note.waits." + one.Waits)).WithID("delegation.note"))
	case one.Code != "":
		body.Add(parts.NewText(parts.Span{Text: d.refusal(one), Color: parts.ColorDanger}).WithID("delegation.note"))
	case one.State == app.StateDraft:
		body.Add(parts.Body(t("delegation.note.draft")).WithID("delegation.note"))
	case one.State == app.StateWaitingToSend:
		body.Add(parts.Body(t("delegation.note.registering")).WithID("delegation.note"))
	case one.State == api.WaitingSecretariat:
		body.Add(parts.Body(t("delegation.note.secretariat")).WithID("delegation.note"))
	case one.Own && one.State == api.WaitingFocalPoint:
		body.Add(parts.Body(t("delegation.note.own")).WithID("delegation.note"))
	case one.State == api.WaitingFocalPoint && !slices.Contains(one.May, api.MayApprove):
		body.Add(parts.Body(t("delegation.note.focal-point")).WithID("delegation.note"))
	}
	if one.Corrected {
		body.Add(parts.Body(t("delegation.note.corrected")).WithID("delegation.note.corrected"))
	}
	d.addActs(body, one)
	body.Add(parts.KeyValues(d.facts(one)...))
	if files := d.files(one); len(files) > 0 {
		body.Add(parts.Section(t("delegation.files")))
		body.Add(parts.KeyValues(files...))
	}
	if one.Visa != "" {
		text, tone := forms.VisaTag(env, one.Visa)
		body.Add(parts.Ends(parts.Section(t("visa.title")), parts.NewTag(text, tone).WithID("delegation.visa")))
		body.Add(parts.Muted(t("delegation.visa." + one.Visa)))
		if one.VisaAnswer != "" {
			body.Add(parts.Body(one.VisaAnswer).WithID("delegation.visa.answer"))
		}
	}
	if lines := d.history(one); len(lines) > 0 {
		body.Add(parts.Section(t("registration.history")))
		body.Add(parts.Stack(parts.Gap4, lines...))
	}
}

// refusal says why the service did not take what was done here.
func (d *Delegation) refusal(one *app.Delegate) string {
	if key := "registration.reason." + string(one.Code); one.Operation != "" && d.env.Words.Has(key) {
		return d.env.T(key)
	}
	if key := "delegation.refused." + string(one.Code); d.env.Words.Has(key) {
		return d.env.T(key)
	}
	return d.env.T("delegation.refused", map[string]any{"Reference": one.Reference})
}

// addActs adds what can be done with a registration.
func (d *Delegation) addActs(body *fyne.Container, one *app.Delegate) {
	var buttons []fyne.CanvasObject
	add := func(id, key string, kind parts.ButtonKind, do func()) {
		buttons = append(buttons, d.calls.Button(parts.ID("delegation."+id), key, kind, do))
	}
	may := func(what string) bool { return one.Waits == "" && slices.Contains(one.May, what) }
	if may(api.MayApprove) {
		add("approve", "delegation.approve", parts.Primary, func() { d.decide(true, one.Number) })
	}
	if may(api.MayRefuse) {
		add("refuse", "delegation.refuse", parts.Outlined, func() { d.decide(false, one.Number) })
	}
	if may(api.MayWithdraw) && !one.Own {
		add("withdraw", "delegation.withdraw", parts.Outlined, func() { d.askWithdraw(one) })
	}
	switch {
	case one.State == app.StateNeedsAttention:
		add("again", "delegation.again", parts.Primary, func() { d.on.Again(one) })
		add("dismiss", "delegation.dismiss", parts.Outlined, func() { d.dismiss(one) })
	case one.State == app.StateDraft:
		add("again", "delegation.draft.again", parts.Primary, func() { d.on.Again(one) })
		add("draft", "delegation.draft.discard", parts.Outlined, func() { d.discard(one) })
	case one.Code != "":
		add("forget", "delegation.forget", parts.Outlined, func() {
			d.calls.Do("delegation.keeping", func(ctx context.Context) error { return d.service.Forget(ctx, one.Number) }, func() {})
		})
	}
	if may(api.MayRefuse) {
		body.Add(d.why)
	}
	if len(buttons) > 0 {
		body.Add(parts.Inline(parts.Gap12, buttons...))
	}
}

// dismiss puts away what was refused, after a question where it was being corrected.
func (d *Delegation) dismiss(one *app.Delegate) {
	dismiss := func() {
		d.calls.Do("delegation.keeping", func(ctx context.Context) error { return d.service.Dismiss(ctx, one.Operation) }, func() {})
	}
	if !one.Corrected {
		dismiss()
		return
	}
	d.env.Discard(d.detail.Canvas(), "delegation.dismiss", d.env.T("delegation.dismiss.corrected", d.names(one)), dismiss)
}

// discard deletes a draft, after a question.
func (d *Delegation) discard(one *app.Delegate) {
	d.env.Discard(d.detail.Canvas(), "delegation.draft", d.env.T("delegation.draft.what", d.names(one)), func() {
		d.calls.Do("delegation.keeping", func(ctx context.Context) error {
			return d.service.DropDraft(ctx, one.Meeting, one.Operation)
		}, d.done)
	})
}

// names are of whom and of what a registration is, for words.
func (d *Delegation) names(one *app.Delegate) map[string]any {
	return map[string]any{"Person": cmp.Or(one.Person, d.env.T("delegation.draft.somebody")), "Meeting": d.meeting(one.Meeting)}
}

// person is whose registration it is; of a draft the name may still be missing.
func (d *Delegation) person(one *app.Delegate) string {
	if one.Person == "" && one.State == app.StateDraft {
		return d.env.T("delegation.draft.nobody")
	}
	return one.Person
}

// showMarked offers to decide on those of several registrations that the person may.
func (d *Delegation) showMarked(body *fyne.Container, marked []app.Delegate) {
	w := d.env.Words
	var numbers []string
	for _, one := range marked {
		if one.Waits == "" && slices.Contains(one.May, api.MayApprove) {
			numbers = append(numbers, one.Number)
		}
	}
	body.Add(parts.Bold(w.N("delegation.marked", len(marked))).WithSize(parts.SizeSection).WithID("delegation.marked"))
	unmark := parts.NewButton("delegation.marked.clear", w.T("delegation.marked.clear"), parts.Outlined, func() { d.list.Unmark() })
	if len(numbers) == 0 {
		body.Add(parts.Muted(w.T("delegation.marked.none")))
		body.Add(parts.Inline(parts.Gap12, unmark))
		return
	}
	approve := parts.NewButton("delegation.marked.approve", w.N("delegation.marked.approve", len(numbers)), parts.Primary, func() { d.decide(true, numbers...) })
	refuse := parts.NewButton("delegation.marked.refuse", w.N("delegation.marked.refuse", len(numbers)), parts.Outlined, func() { d.decide(false, numbers...) })
	d.calls.Hold(approve, refuse)
	body.Add(d.why)
	body.Add(parts.Inline(parts.Gap12, approve, refuse, unmark))
	body.Add(parts.Small(w.T("delegation.marked.how")))
}

// decide keeps a decision for sending. A refusal needs a reason, which those who are
// refused read.
func (d *Delegation) decide(approve bool, numbers ...string) {
	reason := rules.Visible(d.reason.Text)
	wrong := ""
	switch {
	case approve:
		reason = ""
	case reason == "":
		wrong = d.env.T("delegation.reason.missing")
	case utf8.RuneCountInString(reason) > rules.MaxReason:
		wrong = d.env.T("users.wrong.reason-long", map[string]any{"Max": rules.MaxReason, "Count": utf8.RuneCountInString(reason)})
	}
	if wrong != "" {
		d.why.SetError(wrong)
		parts.Focus(d.reason)
		return
	}
	d.calls.Do("delegation.keeping", func(ctx context.Context) error {
		return d.service.Decide(ctx, api.DecideMany{Registrations: numbers, Approve: approve, Reason: reason})
	}, func() {
		if !approve {
			d.reason.SetText("")
		}
		d.done()
	})
}

func (d *Delegation) askWithdraw(one *app.Delegate) {
	t := d.env.T
	parts.Ask(d.detail.Canvas(), t("delegation.withdraw.title"), t("delegation.withdraw.text", d.names(one)),
		parts.Answer{ID: "delegation.withdraw.yes", Text: t("delegation.withdraw"), Kind: parts.Danger, Do: func() {
			d.calls.Do("delegation.keeping", func(ctx context.Context) error { return d.service.Withdraw(ctx, one.Number, "") }, d.done)
		}},
		parts.Answer{ID: "delegation.withdraw.no", Text: t("delegation.withdraw.no"), Kind: parts.Outlined})
}

// done goes on after something was kept: the rows that were marked are done with.
func (d *Delegation) done() {
	if !d.list.Unmark() {
		d.show()
	}
	if d.panes.Narrow() {
		d.panes.ShowDetail(false)
	}
	parts.Focus(d.list.List)
}

func (d *Delegation) facts(one *app.Delegate) (pairs []parts.Pair) {
	env, t := d.env, d.env.T
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	add("delegation.meeting", d.meeting(one.Meeting))
	if m, ok := d.catalog.Get(one.Meeting); ok {
		zone := kit.Zone(m.Zone)
		add("delegation.dates", env.Words.DateRange(m.Start().In(zone), m.End().In(zone)))
	}
	if one.Participation != "" {
		add("register.participation", t("register.participation."+one.Participation))
	}
	add("register.badge", one.BadgeName)
	add("register.job", one.JobTitle)
	var names []string
	for _, c := range one.Companions {
		names = append(names, c.Name)
	}
	add("register.companions", strings.Join(names, ", "))
	add("delegation.email", one.Email)
	add("delegation.number", one.Number)
	switch {
	case one.Number == "":
	case !one.Account && one.Email == "":
		add("delegation.account", t("delegation.account.unreached"))
	case !one.Account:
		add("delegation.account", t("delegation.account.none"))
	default:
		pairs = append(pairs, parts.Pair{Key: t("delegation.organization"), Value: parts.Body(d.organizationOf(one)).WithID("delegation.organization")})
	}
	return pairs
}

// organizationOf says whether the organization of somebody with an account is confirmed.
func (d *Delegation) organizationOf(one *app.Delegate) string {
	switch {
	case one.Confirmed:
		return d.env.T("delegation.organization.confirmed")
	case slices.Contains(one.May, api.MayApprove):
		return d.env.T("delegation.organization.chosen")
	}
	return d.env.T("delegation.organization.unconfirmed")
}

// files are those that were sent with a registration, each by its question.
func (d *Delegation) files(one *app.Delegate) (pairs []parts.Pair) {
	saver := &forms.Saver{Env: d.env, Ctx: d.ctx, Files: d.service, Busy: d.busy, Bar: d.bar, Save: d.save}
	meeting, _ := d.catalog.Get(one.Meeting)
	for _, f := range one.Files {
		question := forms.FieldName(d.env, &meeting, "/answers/"+f.Question)
		if question == "" {
			question = f.Question
		}
		pairs = append(pairs, parts.Pair{Key: question, Value: saver.Link(parts.ID("delegation.file."+f.Question), f.ID, f.Name)})
	}
	return pairs
}

// history is what happened, and who did it.
func (d *Delegation) history(one *app.Delegate) (lines []fyne.CanvasObject) {
	w := d.env.Words
	for _, e := range one.History {
		text := w.T("registration.event." + e.What)
		if e.Actor != "" {
			text += ", " + e.Actor
		}
		if e.Reason != "" {
			text += ": " + e.Reason
		}
		lines = append(lines, parts.NewText(
			parts.Span{Text: kit.Clock(w, e.At.In(d.env.Now().Location()), d.env.Now()) + "  ", Color: parts.ColorMuted},
			parts.Span{Text: text}))
	}
	return lines
}
