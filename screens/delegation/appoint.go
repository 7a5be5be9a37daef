package delegation

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Appoints is what the secretariat asks the service.
type Appoints interface {
	Appointees(ctx context.Context, f api.AppointeeFilter) (api.Appointees, error)
	Appoint(ctx context.Context, id string, in api.Appoint) error
	EndAppointment(ctx context.Context, id string) error
	ConfirmOrganization(ctx context.Context, in api.ConfirmOrganization) error
}

// FocalPoints is where the secretariat appoints for organizations: who is appointed, and,
// where something is searched for, who can be.
type FocalPoints struct {
	env     kit.Env
	service Appoints
	account api.Account

	ctx     context.Context
	leave   func()
	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	prover  *kit.Prover
	calls   *kit.Calls
	listing *kit.Listing[api.Appointee]
	list    *kit.Browser[api.Appointee]
	panes   *parts.Panes
	detail  *kit.Detail
	chosen  *api.Appointee
}

// NewFocalPoints returns the screen for an account of the secretariat; prove is Prove of
// app.Service. Close it when it is left.
func NewFocalPoints(env kit.Env, service Appoints, account api.Account, prove func(ctx context.Context, password, secondFactor string) error) *FocalPoints {
	f := &FocalPoints{env: env, service: service, account: account, detail: kit.NewDetail()}
	f.ctx, f.leave = context.WithCancel(context.Background())
	f.bar, f.busy = parts.NewBar("focalpoints.bar"), parts.NewBusy("focalpoints.busy")
	f.prover = kit.NewProver(env, "focalpoints", prove)
	f.calls = kit.NewCalls(f.ctx, env, f.bar, f.busy, f.prover)
	t := env.T
	f.listing = kit.NewListing[api.Appointee](f.ctx, env, f.bar, f.busy, t("focalpoints.loading"))
	f.listing.Ask = func(after string) kit.Request[api.Appointee] {
		filter := api.AppointeeFilter{Query: f.list.Text(), After: after}
		return func(ctx context.Context) ([]api.Appointee, string, error) {
			page, err := service.Appointees(ctx, filter)
			return page.People, page.Next, err
		}
	}
	f.list = kit.NewBrowser(env, "focalpoints", f.listing, t("focalpoints.search"), nil, kit.BrowserEvents[api.Appointee]{
		ID: func(r *api.Appointee) string { return r.ID }, Table: f.columns(),
		Chosen: func(r *api.Appointee) {
			one := *r
			f.chosen = &one
			f.show()
		},
		Opened: func(*api.Appointee) { f.panes.ShowDetail(true) },
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("focalpoints.none.title"), t("focalpoints.none.how"))
			}
			return parts.Empty(t("focalpoints.empty.title"), t("focalpoints.empty.how"))
		},
	})
	f.listing.Answered = f.answered
	f.panes = parts.NewPanes(parts.Panel(f.list.Content), f.detail.Content).WithTable(400)
	f.panes.OnNarrow = func(bool) { f.show() }
	f.content = kit.StaffLayout(parts.Heading(t("nav.focal-points"), t("focalpoints.line"), f.busy), f.bar, nil, f.prover.Over(f.panes.Content()), f.panes)
	f.show()
	f.listing.Load()
	return f
}

// Content is what is to be shown.
func (f *FocalPoints) Content() fyne.CanvasObject { return f.content }

// Close ends what the screen has under way.
func (f *FocalPoints) Close() { f.leave() }

// First is what takes the keyboard.
func (f *FocalPoints) First() fyne.Focusable { return f.list.Search }

// Tick counts down the wait between two tries of a proof.
func (f *FocalPoints) Tick() { f.prover.Tick() }

// Find puts the keyboard into the search.
func (f *FocalPoints) Find() {
	f.prover.Cancel()
	f.panes.ShowDetail(false)
	parts.Focus(f.list.Search)
	f.list.Search.SelectAll()
}

// Back leaves the question for the password, the detail of a narrow window or the search.
func (f *FocalPoints) Back() bool { return f.prover.Cancel() || f.list.Back(f.panes) }

// SetOnline asks again for what could not be had.
func (f *FocalPoints) SetOnline(online bool) { f.listing.Online(online) }

// answered shows the chosen one as it is now.
func (f *FocalPoints) answered() {
	if f.chosen == nil {
		return
	}
	for i := range f.listing.Rows {
		if f.listing.Rows[i].ID == f.chosen.ID {
			one := f.listing.Rows[i]
			f.chosen = &one
			f.show()
		}
	}
}

var kinds = kit.Tagged{{api.FocalPoint, parts.Success}, {api.Assistant, parts.Info}}

func (f *FocalPoints) columns() []kit.Column[api.Appointee] {
	env := f.env
	return []kit.Column[api.Appointee]{
		{
			ID: "name", Label: env.T("focalpoints.name"), ColumnWidth: parts.ColumnWidth{Min: 150, Weight: 2},
			Text: func(r *api.Appointee) string { return nameOf(r) },
		},
		{
			ID: "organization", Label: env.T("focalpoints.organization"), ColumnWidth: parts.ColumnWidth{Min: 180, Weight: 3},
			Text: func(r *api.Appointee) string { return r.Organization.Name },
		},
		{
			ID: "kind", Label: env.T("focalpoints.kind"), ColumnWidth: parts.ColumnWidth{Min: 110},
			Tag: func(r *api.Appointee, tag *parts.Tag) {
				if r.Kind == "" {
					tag.Set("", parts.Info)
					return
				}
				tag.Set(kinds.Tag(env, "delegation.kind.", r.Kind))
			},
		},
	}
}

// nameOf is a name, or the username of who has none.
func nameOf(r *api.Appointee) string {
	if r.Name == "" {
		return r.Username
	}
	return r.Name
}

func (f *FocalPoints) show() {
	f.calls.Release()
	env, t, one := f.env, f.env.T, f.chosen
	if one == nil {
		f.detail.Choose(t("focalpoints.choose.title"), t("focalpoints.choose.how"))
		return
	}
	body := parts.Stack(parts.Gap16)
	if f.panes.Narrow() {
		body.Add(parts.Link("focalpoints.back", t("focalpoints.back"), func() { f.Back() }))
	}
	title := parts.Bold(nameOf(one)).WithSize(parts.SizeSection)
	if one.Kind == "" {
		body.Add(title)
	} else {
		text, tone := kinds.Tag(env, "delegation.kind.", one.Kind)
		body.Add(parts.Ends(title, parts.NewTag(text, tone).WithID("focalpoints.detail.kind")))
	}
	chosen := t("focalpoints.chosen")
	if one.Confirmed {
		chosen = t("focalpoints.confirmed")
	}
	pairs := []parts.Pair{
		{Key: t("focalpoints.organization"), Value: parts.Body(one.Organization.Name)},
		{Key: t("focalpoints.belongs"), Value: parts.Body(chosen)},
		{Key: t("focalpoints.email"), Value: parts.Body(one.Email)},
		{Key: t("focalpoints.username"), Value: parts.Body(one.Username)},
	}
	if !one.Since.IsZero() {
		pairs = append(pairs, parts.Pair{Key: t("focalpoints.since"), Value: parts.Body(kit.Clock(env.Words, one.Since, env.Now()))})
	}
	if one.By != "" {
		pairs = append(pairs, parts.Pair{Key: t("focalpoints.by"), Value: parts.Body(one.By)})
	}
	body.Add(parts.KeyValues(pairs...))
	switch {
	case one.ID == f.account.ID:
		body.Add(parts.Muted(t("focalpoints.own")))
	case !one.Listed:
		body.Add(parts.Muted(t("focalpoints.unlisted")))
	default:
		body.Add(f.acts(one))
	}
	if f.detail.Show(one.ID, body) {
		parts.Focus(f.list.List) // what was pressed cannot be done any more
	}
}

// acts are what can be done with the chosen one.
func (f *FocalPoints) acts(one *api.Appointee) fyne.CanvasObject {
	acts := parts.Stack(parts.Gap12)
	row := func(buttons ...fyne.CanvasObject) { acts.Add(parts.Inline(parts.Gap12, buttons...)) }
	for _, kind := range []string{api.FocalPoint, api.Assistant} {
		if one.Kind != kind {
			row(f.calls.Button(parts.ID("focalpoints.appoint."+kind), "focalpoints.appoint."+kind, parts.Outlined, func() { f.ask(one, kind) }))
		}
	}
	if one.Kind != "" {
		row(f.calls.Button("focalpoints.end", "focalpoints.end", parts.Outlined, func() { f.askEnd(one) }))
	}
	if !one.Confirmed {
		row(f.calls.Button("focalpoints.confirm", "focalpoints.confirm", parts.Outlined, func() {
			f.do(func(ctx context.Context) error {
				return f.service.ConfirmOrganization(ctx, api.ConfirmOrganization{Account: one.ID, OrganizationID: one.Organization.ID})
			})
		}))
		acts.Add(parts.Small(f.env.T("focalpoints.confirm.hint")))
	}
	return acts
}

// ask names what an appointment means before it is made.
func (f *FocalPoints) ask(one *api.Appointee, kind string) {
	t := f.env.T
	who := map[string]any{"Name": nameOf(one), "Organization": one.Organization.Name}
	parts.Ask(f.detail.Canvas(), t("focalpoints.ask."+kind, who), t("focalpoints.ask.text", who),
		parts.Answer{ID: "focalpoints.ask.yes", Text: t("focalpoints.ask.yes"), Kind: parts.Primary, Do: func() {
			f.do(func(ctx context.Context) error {
				return f.service.Appoint(ctx, one.ID, api.Appoint{Kind: kind, OrganizationID: one.Organization.ID})
			})
		}},
		parts.Answer{ID: "focalpoints.ask.no", Text: t("focalpoints.ask.no"), Kind: parts.Outlined})
}

func (f *FocalPoints) askEnd(one *api.Appointee) {
	t := f.env.T
	who := map[string]any{"Name": nameOf(one), "Organization": one.Organization.Name}
	parts.Ask(f.detail.Canvas(), t("focalpoints.end.title", who), t("focalpoints.end.text", who),
		parts.Answer{ID: "focalpoints.end.yes", Text: t("focalpoints.end"), Kind: parts.Danger, Do: func() {
			f.do(func(ctx context.Context) error { return f.service.EndAppointment(ctx, one.ID) })
		}},
		parts.Answer{ID: "focalpoints.end.no", Text: t("focalpoints.ask.no"), Kind: parts.Outlined})
}

// do has something done about the chosen one, and asks for the list anew.
func (f *FocalPoints) do(work func(context.Context) error) {
	f.calls.Do("focalpoints.working", work, func() {
		if f.chosen != nil {
			f.find(f.chosen.ID)
		}
	})
}

// find asks for the chosen one as it is now, also where the list does not have it any more.
func (f *FocalPoints) find(id string) {
	filter := api.AppointeeFilter{Query: f.chosen.Username}
	kit.Load(f.calls, "focalpoints.loading", func(ctx context.Context) (api.Appointees, error) { return f.service.Appointees(ctx, filter) }, func(page api.Appointees) {
		for _, p := range page.People {
			if p.ID == id {
				f.chosen = &p
			}
		}
		f.show()
	})
	f.listing.Load()
}
