package admin

import (
	"context"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// approvals is the list of changes that wait for a second administrator. Who
// has asked for one can only withdraw it.
type approvals struct {
	screen  *Users
	content *fyne.Container
	busy    *parts.Busy
	calls   *kit.Calls // what is decided

	ctx     context.Context // of the question under way
	stop    context.CancelFunc
	list    []api.Approval
	loaded  bool
	err     error
	reasons map[string]*parts.Entry // what is being typed, by approval
}

func newApprovals(u *Users) *approvals {
	return &approvals{
		screen: u, calls: kit.NewCalls(u.ctx, u.env, u.bar, u.busy, u.prover), content: container.NewStack(), busy: parts.NewBusy("users.approvals.busy"),
		stop: func() {}, reasons: map[string]*parts.Entry{},
	}
}

// load asks what waits.
func (a *approvals) load() {
	a.stop()
	a.ctx, a.stop = context.WithCancel(a.screen.ctx)
	var list []api.Approval
	env := a.screen.env
	env.Do(a.ctx, a.busy, env.T("approvals.loading"), func(ctx context.Context) (err error) {
		list, err = a.screen.service.Approvals(ctx)
		return err
	}, func(err error) {
		if a.err = err; err == nil {
			a.list, a.loaded = list, true
			a.count()
		}
		a.show()
	})
	a.show()
}

// OthersIn counts what waits for whoever reads a list: not what they have asked
// for themselves.
func OthersIn(list []api.Approval) int {
	n := 0
	for i := range list {
		if !list[i].Own {
			n++
		}
	}
	return n
}

// count says how many wait for this administrator.
func (a *approvals) count() {
	n := OthersIn(a.list)
	a.screen.tabs.SetCount("approvals", n)
	if a.screen.on.Waiting != nil {
		a.screen.on.Waiting(n)
	}
}

func (a *approvals) show() {
	env, t := a.screen.env, a.screen.env.T
	switch {
	case a.err != nil && !a.loaded:
		kit.Swap(a.content, parts.Scroll(parts.Empty(t("approvals.failed"), env.Say(a.err),
			parts.NewButton("users.approvals.retry", t("shell.retry"), parts.Outlined, a.load))))
		return
	case !a.loaded:
		kit.Swap(a.content, parts.PadAll(parts.Gap22, a.busy))
		return
	case len(a.list) == 0:
		kit.Swap(a.content, parts.Scroll(parts.Empty(t("approvals.empty.title"), t("approvals.empty.how"))))
		return
	}
	kept := a.reasons
	a.reasons = map[string]*parts.Entry{}
	rows := parts.Stack(parts.Gap16)
	for i := range a.list {
		if i > 0 {
			rows.Add(parts.Divider())
		}
		rows.Add(a.row(&a.list[i], kept[a.list[i].ID]))
	}
	kit.Swap(a.content, parts.Scroll(parts.PadAll(20, rows)))
}

func (a *approvals) row(r *api.Approval, reason *parts.Entry) fyne.CanvasObject {
	env, t := a.screen.env, a.screen.env.T
	when := map[string]any{
		"By": person.NameOr(env, r.By), "Time": kit.Clock(env.Words, r.Asked, env.Now()), "Until": kit.Clock(env.Words, r.Expires, env.Now()),
	}
	row := parts.Stack(parts.Gap8,
		parts.Ends(
			parts.Stack(2, parts.Bold(t("approvals.kind."+r.Kind)), parts.Body(userName(&r.User)+" · "+r.User.Username)),
			parts.NewTag(t("approvals.waits"), parts.Warning)),
		parts.Small(t("approvals.asked", when)))
	if what := a.what(r); what != "" {
		row.Add(parts.Body(what))
	}
	row.Add(parts.Muted(t("approvals.reason", map[string]any{"Reason": r.Reason})))
	id := func(what string) parts.ID { return parts.ID("users.approval." + what + "." + r.ID) }
	if r.Own {
		row.Add(parts.Muted(t("approvals.own")))
		row.Add(parts.Inline(parts.Gap12, parts.NewButton(id("withdraw"), t("approvals.withdraw"), parts.Outlined, func() { a.decide(r, false, "") })))
		return row
	}
	if reason == nil {
		reason = parts.NewEntry(id("reason"))
		reason.SetPlaceHolder(t("approvals.reason.why"))
	}
	a.reasons[r.ID] = reason
	row.Add(parts.MiddleRow(parts.Gap12,
		parts.Cell{Object: reason, Min: 220, Weight: 1},
		parts.Cell{Object: parts.NewButton(id("approve"), t("approvals.approve"), parts.Outlined, func() { a.approve(r, reason) })},
		parts.Cell{Object: parts.NewButton(id("refuse"), t("approvals.refuse"), parts.Outlined, func() { a.refuse(r, reason) })}))
	return row
}

// what says what would change, where the kind alone does not.
func (a *approvals) what(r *api.Approval) string {
	t := a.screen.env.T
	switch {
	case r.Email != "":
		return t("approvals.email", map[string]any{"Email": r.Email})
	case len(r.Roles) > 0:
		return t("approvals.roles", map[string]any{"Before": person.RoleNames(a.screen.env, r.User.Roles), "After": person.RoleNames(a.screen.env, r.Roles)})
	}
	return ""
}

// refuse needs a reason: whoever asked reads it in the history.
func (a *approvals) refuse(r *api.Approval, reason *parts.Entry) {
	if wrong := wrongReason(a.screen.env, reason.Text); wrong != "" {
		a.screen.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: wrong}}})
		parts.Focus(reason)
		return
	}
	a.decide(r, false, reason.Text)
}

// approve asks once more: it gives somebody else access or rights. A reason is
// welcome, and as long as the service allows.
func (a *approvals) approve(r *api.Approval, reason *parts.Entry) {
	env, t := a.screen.env, a.screen.env.T
	if utf8.RuneCountInString(reason.Text) > maxReason {
		a.screen.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: wrongReason(env, reason.Text)}}})
		return
	}
	text := t("approvals.ask.text", map[string]any{"By": person.NameOr(env, r.By)})
	if what := a.what(r); what != "" {
		text = what + "\n\n" + text
	}
	parts.Ask(parts.CanvasOf(a.content),
		t("approvals.ask", map[string]any{"What": t("approvals.kind." + r.Kind), "Name": userName(&r.User)}), text,
		parts.Answer{ID: "users.approval.yes", Text: t("approvals.approve"), Kind: parts.Primary, Do: func() { a.decide(r, true, reason.Text) }},
		parts.Answer{ID: "users.approval.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

func (a *approvals) decide(r *api.Approval, approve bool, reason string) {
	s, id, own := a.screen, r.ID, r.Own
	a.calls.Do("approvals.busy", func(ctx context.Context) error {
		return s.service.Decide(ctx, id, approve, strings.TrimSpace(reason))
	}, func() {
		done := "approvals.done.refused"
		if approve {
			done = "approvals.done.approved"
		} else if own {
			done = "approvals.done.withdrawn"
		}
		s.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: s.env.T(done)}}})
		s.listing.Load()
		s.detail.refresh()
		a.load()
	}, func(err error) bool {
		if s.env.KindOf(err) != app.KindCanceled {
			a.load() // perhaps somebody else was faster
		}
		return false
	}, s.env.GoneMeanwhile(s.bar, a.load))
}
