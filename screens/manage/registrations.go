package manage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Registrar is what managers do with the registrations for a meeting.
type Registrar interface {
	ManagedMeeting(ctx context.Context, code string) (api.ManagedMeeting, error)
	ManagedRegistrations(ctx context.Context, f api.RegistrationFilter) (app.ManagedPage, error)
	ManagedRegistration(ctx context.Context, number string) (api.Registration, error)
	ExportRegistrations(ctx context.Context, code string, in api.ExportRegistrations) error
	// File gives the content of a file that was sent with a registration.
	File(ctx context.Context, id string) ([]byte, error)

	// Decisions are kept until they are sent.
	Decisions() []app.Decision
	SubscribeDecisions(f func()) (cancel func())
	DecideRegistrations(ctx context.Context, in api.DecideMany) error
	DismissDecision(ctx context.Context, operation string) error
}

// MeetingCatalog is where descriptions of meetings are found.
type MeetingCatalog interface {
	Get(code string) (api.Meeting, bool)
}

// titleOf is the title of a meeting, or its code where it is not known.
func titleOf(env kit.Env, catalog MeetingCatalog, code string) string {
	if m, ok := catalog.Get(code); ok {
		return m.Title.In(env.Words.Lang())
	}
	return code
}

// Registrations is the page with a meeting's registrations, on which its managers decide.
type Registrations struct {
	env     kit.Env
	service Registrar
	catalog MeetingCatalog
	code    string
	on      RegistrationsEvents

	ctx      context.Context
	leave    func()
	unfollow func()

	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	listing *kit.Listing[api.RegistrationRow]
	list    *kit.Browser[api.RegistrationRow]
	filter  *registrationFilter
	latest  *parts.Check // the latest changes first, whatever column is sorted by
	counts  *parts.Text
	seen    *parts.Text // says of when the list is, without network
	marks   *parts.Text // leads to what can be done with the marked ones, where that is not beside the list
	panes   *parts.Panes
	detail  *registrationDetail
	export  *kit.Exporter
	// save writes a file into the person's downloads.
	save func(name string, data []byte) (path string, err error)

	sort    string
	order   parts.Order
	asked   *app.ManagedPage // filled beside the window, until it is answered
	decided map[string]app.Decision
}

// RegistrationsEvents are what the page asks of the window.
type RegistrationsEvents struct {
	Back func()
	// Register, Import and Invitations lead to where people are brought in.
	Register, Import, Invitations func()
}

// registrationsPage is how many registrations are asked for at once.
const registrationsPage = 100

// NewRegistrations returns the page for a meeting. Close it when it is left.
func NewRegistrations(env kit.Env, service Registrar, catalog MeetingCatalog, code string, on RegistrationsEvents) *Registrations {
	r := &Registrations{env: env, service: service, catalog: catalog, code: code, on: on, save: app.SaveToDownloads}
	r.ctx, r.leave = context.WithCancel(context.Background())
	r.bar, r.busy = parts.NewBar("registrations.bar"), parts.NewBusy("registrations.busy")
	r.calls = kit.NewCalls(r.ctx, env, r.bar, r.busy, nil)
	r.listing = kit.NewListing[api.RegistrationRow](r.ctx, env, r.bar, r.busy, env.T("registrations.loading"))
	r.listing.Ask = r.ask
	r.decided = decisionsByNumber(service.Decisions())
	r.build()
	r.listing.Load()
	r.unfollow = env.Follow(r.ctx, r.follow, service.SubscribeDecisions)
	return r
}

// Content is what is to be shown.
func (r *Registrations) Content() fyne.CanvasObject { return r.content }

// Close ends what the page has under way.
func (r *Registrations) Close() {
	r.leave()
	r.unfollow()
}

// First is what takes the keyboard.
func (r *Registrations) First() fyne.Focusable { return r.list.Search }

// Find puts the keyboard into the search.
func (r *Registrations) Find() {
	r.panes.ShowDetail(false)
	parts.Focus(r.list.Search)
	r.list.Search.SelectAll()
}

// Back leaves an export, a reason, the detail of a narrow window, the filter, the marks,
// the search, or the page.
func (r *Registrations) Back() bool {
	if !r.export.Stop() && !r.detail.leaveReason() && !r.list.Back(r.panes) {
		r.on.Back()
	}
	return true
}

// SetOnline asks again for what could not be had, or only as it was.
func (r *Registrations) SetOnline(online bool) {
	r.listing.Online(online)
	if online && r.seen.Visible() {
		r.list.Reload()
	}
	if online && r.detail.err != nil {
		r.detail.load()
	}
}

// Unsaved names the page if a reason is typed.
func (r *Registrations) Unsaved() []string {
	if r.detail.reason != nil && r.detail.reason.Differs() {
		return []string{r.env.T("registrations.title") + " – " + r.env.T("registrations.refuse")}
	}
	return nil
}

// Left does nothing: nothing is asked here.
func (r *Registrations) Left() {}

func (r *Registrations) build() {
	t := r.env.T
	r.filter = newRegistrationFilter(r.env, "registrations.filter", t("registrations.filter.any-state"), func() { r.list.Narrow() })
	r.latest = parts.NewCheck("registrations.filter.latest", parts.Span{Text: t("registrations.filter.latest")})
	r.latest.OnChange = func(bool) { r.list.Narrow() }
	state, participation, country, membership := r.filter.fields()
	filter := parts.Scroll(parts.PadAll(18, parts.Stack(parts.Gap16, state, participation, country, membership, r.latest)))

	r.export = kit.NewExporter(r.ctx, r.env, "registrations", r.bar, r.busy, r.exported)
	r.list = kit.NewBrowser(r.env, "registrations", r.listing, t("registrations.search"), filter, kit.BrowserEvents[api.RegistrationRow]{
		ID: func(row *api.RegistrationRow) string { return row.Number }, Table: r.columns(),
		Chosen: func(row *api.RegistrationRow) { r.detail.choose(*row) },
		Opened: func(*api.RegistrationRow) { r.panes.ShowDetail(true) },
		Marked: func() { r.detail.show() },
		Sort: func(column string, order parts.Order) {
			r.sort, r.order = column, order
			r.latest.SetChecked(false)
			r.list.Describe()
		},
		Filtered: r.filtered,
		Clear: func() {
			r.filter.set(api.Recipients{})
			r.latest.SetChecked(false)
		},
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("registrations.none.title"), t("registrations.none.how"))
			}
			return parts.Empty(t("registrations.empty.title"), t("registrations.empty.how"))
		},
	})
	r.listing.Answered = r.answered
	r.counts = parts.Small("").WithID("registrations.counts")
	r.counts.Hide()
	r.seen = parts.Small("").WithID("registrations.seen")
	r.seen.Hide()
	r.marks = parts.NewText().WithOverflow(parts.Ellipsis)
	r.marks.Hide()
	r.detail = newRegistrationDetail(r)
	r.panes = parts.NewPanes(parts.Panel(r.list.Content), r.detail.place.Content).WithTable(440)
	r.panes.OnNarrow = func(bool) { r.detail.show() }
	r.panes.OnAlone = func(bool) { r.showMarks() }
	title := titleOf(r.env, r.catalog, r.code)
	buttons := parts.Inline(parts.Gap8,
		parts.NewButton("registrations.register", t("delegation.register"), parts.Outlined, r.on.Register).Low(),
		parts.NewButton("registrations.invitations", t("registrations.invitations"), parts.Outlined, r.on.Invitations).Low(),
		parts.NewButton("registrations.import", t("registrations.import"), parts.Outlined, r.on.Import).Low())
	for _, b := range r.export.Buttons() {
		buttons.Add(b)
	}
	top := parts.Stack(parts.Gap4, parts.Link("registrations.back", t("shell.back", map[string]any{"To": t("registrations.back.to")}), r.on.Back),
		parts.Ends(parts.Heading(title, t("registrations.line"), r.busy), buttons))
	heading := parts.Stack(parts.Gap8, top, r.counts, r.seen, r.marks)
	r.content = kit.StaffLayout(heading, r.bar, nil, r.panes.Content(), r.panes)
	r.detail.show()
}

// filtered says by what the list is filtered.
func (r *Registrations) filtered() []string {
	by := chosenWords(r.env, r.filter.chosen())
	if r.latest.Checked() {
		by = append(by, r.env.T("registrations.filter.latest"))
	}
	return by
}

// wanted is what search, filter and order ask for.
func (r *Registrations) wanted() api.RegistrationFilter {
	of := r.filter.chosen()
	f := api.RegistrationFilter{
		Meeting: r.code, Query: r.list.Text(), State: of.State, Participation: of.Participation, Membership: of.Membership, Country: of.Country,
		Sort: r.sort, Descending: r.order == parts.Descending,
	}
	if r.latest.Checked() {
		f.Sort, f.Descending = api.SortByChanged, true
	}
	return f
}

func (r *Registrations) ask(after string) kit.Request[api.RegistrationRow] {
	f := r.wanted()
	f.Limit, f.After = registrationsPage, after
	page := &app.ManagedPage{}
	if after == "" {
		r.asked = page
	}
	return func(ctx context.Context) (_ []api.RegistrationRow, _ string, err error) {
		*page, err = r.service.ManagedRegistrations(ctx, f)
		return page.Registrations, page.Next, err
	}
}

// answered says how many there are in which state, and of when that is.
func (r *Registrations) answered() {
	var counts []string
	for _, s := range registrationStates {
		if n := r.asked.Counts[s.State]; n > 0 {
			counts = append(counts, countOf(r.env, s.State, n))
		}
	}
	r.counts.SetText(strings.Join(counts, " · "))
	parts.SetVisible(len(counts) > 0, r.counts)
	showSeen(r.env, r.seen, r.asked.Seen)
	r.detail.renew(r.listing.Rows)
}

// countOf says how many registrations are in a state.
func countOf(env kit.Env, state string, n int) string {
	return env.T("registrations.count", map[string]any{"State": env.T("registrations.state." + state), "Count": n})
}

// columns are what the list shows of a registration.
func (r *Registrations) columns() []kit.Column[api.RegistrationRow] {
	env := r.env
	column := func(id, label string, width parts.ColumnWidth, text func(row *api.RegistrationRow) string) kit.Column[api.RegistrationRow] {
		return kit.Column[api.RegistrationRow]{ID: id, Label: env.T(label), ColumnWidth: width, Text: text, Sorts: true}
	}
	return []kit.Column[api.RegistrationRow]{
		column(api.SortByName, "users.name", parts.ColumnWidth{Min: 130, Weight: 2}, func(row *api.RegistrationRow) string { return personOf(env, row.Person) }),
		column(api.SortByOrganization, "users.organization", parts.ColumnWidth{Min: 130, Weight: 2}, func(row *api.RegistrationRow) string { return row.Organization }),
		column(api.SortByCountry, "registrations.country", parts.ColumnWidth{Min: 60}, func(row *api.RegistrationRow) string { return row.Country }),
		column(api.SortByCreated, "registrations.created", parts.ColumnWidth{Min: 80}, func(row *api.RegistrationRow) string {
			return env.Words.ShortDate(row.Created.In(env.Now().Location()))
		}),
		{
			ID: api.SortByState, Label: env.T("registrations.filter.state"), ColumnWidth: parts.ColumnWidth{Min: 180}, Sorts: true,
			Tag: func(row *api.RegistrationRow, tag *parts.Tag) { tag.Set(r.tag(row)) },
		},
	}
}

// personOf is what somebody is called whose account may have been erased.
func personOf(env kit.Env, person string) string {
	if person == "" {
		return env.T("staff.erased")
	}
	return person
}

// tag is the state of a registration in words, or what was decided here on it.
func (r *Registrations) tag(row *api.RegistrationRow) (string, parts.Tone) {
	switch d, ok := r.decided[row.Number]; {
	case ok && d.Refused:
		return r.env.T("registrations.decision.attention"), parts.Bad
	case ok:
		return r.env.T("registrations.decision." + verdict(d)), parts.Warning
	}
	return registrationStates.Tag(r.env, "registrations.state.", row.State)
}

// verdict is the word for a decision in the names of words.
func verdict(d app.Decision) string {
	switch {
	case d.Approve:
		return "approved"
	case d.Revoke:
		return "revoked"
	}
	return "refused"
}

// personOn is whose registration one is that is, or was, in the list.
func (r *Registrations) personOn(number string) string {
	for _, row := range slices.Concat(r.listing.Rows, []api.RegistrationRow{r.detail.row}) {
		if row.Number == number {
			return personOf(r.env, row.Person)
		}
	}
	return ""
}

func decisionsByNumber(list []app.Decision) map[string]app.Decision {
	decided := map[string]app.Decision{}
	for _, d := range list {
		decided[d.Number] = d // what waits comes last, and counts
	}
	return decided
}

// follow shows what was decided here, and asks anew when some of it was done. The signal
// comes for much else too, of which whoever is reading here is to notice nothing.
func (r *Registrations) follow() {
	before := r.decided
	r.decided = decisionsByNumber(r.service.Decisions())
	if maps.Equal(before, r.decided) {
		return
	}
	for number, d := range before {
		if now, ok := r.decided[number]; !d.Refused && (!ok || now.Refused) {
			r.detail.outdated()
			r.list.Reload()
			return
		}
	}
	r.listing.Changed()
	r.detail.show()
}

// decides says whether a registration can be approved or refused now.
func (r *Registrations) decides(row *api.RegistrationRow, event rules.RegistrationEvent) bool {
	if d, ok := r.decided[row.Number]; ok && !d.Refused {
		return false
	}
	_, err := rules.StepOf(row.State, event, rules.ActorManager)
	return err == nil
}

// deciding are those of some registrations that can be approved or refused now.
func (r *Registrations) deciding(rows []api.RegistrationRow, event rules.RegistrationEvent) (numbers []string) {
	for i := range rows {
		if r.decides(&rows[i], event) {
			numbers = append(numbers, rows[i].Number)
		}
	}
	return numbers
}

// decide keeps a decision; the rows show it at once.
func (r *Registrations) decide(in api.DecideMany, then func()) {
	key := "registrations.approving"
	if !in.Approve {
		key = "registrations.refusing"
	}
	r.calls.Do(key, func(ctx context.Context) error {
		return r.service.DecideRegistrations(ctx, in)
	}, func() {
		then()
		r.list.UnmarkIDs(in.Registrations)
		for _, number := range in.Registrations {
			r.decided[number] = app.Decision{Number: number} // it may have been sent by now
		}
		r.follow()
		if r.panes.Narrow() {
			r.panes.ShowDetail(false)
		}
		parts.Focus(r.list.List) // the next one is decided on there
	})
}

// showMarks says how many registrations are marked where nothing beside the list does.
func (r *Registrations) showMarks() {
	n := len(r.list.Marked())
	shown := n > 0 && !r.panes.DetailShown()
	if shown {
		r.marks.SetSpans(parts.Span{
			Text: r.env.Words.N("registrations.marked", n) + " ›", ID: "registrations.marked.open", Plain: true,
			OnTapped: func() { r.panes.ShowDetail(true) },
		})
	}
	parts.SetVisible(shown, r.marks)
}
