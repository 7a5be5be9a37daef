// Package delegation is for those who are appointed for an organization: what of its
// registrations waits for them, all of them, and registering others; and for the
// secretariat, who appoints. Start reading at Delegation.
package delegation

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Service is what the screens need of app.Delegation.
type Service interface {
	forms.Files
	List() []app.Delegate
	About() (kind string, organization api.Organization)
	Subscribe(f func()) (cancel func())

	// Decide, Withdraw and RegisterFor return once what is asked for is safe on the disk.
	Decide(ctx context.Context, in api.DecideMany) error
	Withdraw(ctx context.Context, number, reason string) error
	RegisterFor(ctx context.Context, in api.RegisterFor, instead string) error
	Forget(ctx context.Context, number string) error
	Dismiss(ctx context.Context, operation string) error

	// Draft is what was typed of somebody and not sent, in the place of the operation instead
	// if that is named. SaveDraft keeps it; it is on the disk by Flush at the latest.
	Draft(meeting, instead string) (api.RegisterFor, bool)
	SaveDraft(ctx context.Context, in api.RegisterFor, instead string) error
	DropDraft(ctx context.Context, meeting, instead string) error
	Flush(ctx context.Context) error
}

// Catalog has the meetings.
type Catalog interface {
	List() []api.Meeting
	Get(code string) (api.Meeting, bool)
	Subscribe(f func()) (cancel func())
}

// Events are where the screen leads to.
type Events struct {
	Register func()                 // to the meetings for which somebody can be registered
	Badges   func()                 // to the meetings for which there are badges
	Again    func(of *app.Delegate) // to the form of somebody whom the service refused, or who is a draft
	Waiting  func(count int)        // how many wait is known
}

// Delegation is "My delegation": the registrations of the organization, those that wait for
// the person first, of which several can be decided on at once.
type Delegation struct {
	env     kit.Env
	service Service
	catalog Catalog
	on      Events

	ctx      context.Context
	leave    func()
	unfollow func()
	content  fyne.CanvasObject
	heading  *fyne.Container
	bar      *parts.Bar
	busy     *parts.Busy
	calls    *kit.Calls
	tabs     *parts.Tabs
	list     *kit.Browser[app.Delegate]
	panes    *parts.Panes
	detail   *kit.Detail
	marks    *parts.Text // leads to what can be done with the marked ones, where that is not beside the list
	reason   *parts.Entry
	why      *parts.Field
	tab      string // what is shown: one of tabs
	// save writes a file into the person's downloads.
	save func(name string, data []byte) (path string, err error)
}

// New returns the screen. Close it when it is left.
func New(env kit.Env, service Service, catalog Catalog, on Events) *Delegation {
	d := &Delegation{env: env, service: service, catalog: catalog, on: on, save: app.SaveToDownloads, detail: kit.NewDetail(), heading: container.NewStack()}
	d.ctx, d.leave = context.WithCancel(context.Background())
	d.bar, d.busy = parts.NewBar("delegation.bar"), parts.NewBusy("delegation.busy")
	d.calls = kit.NewCalls(d.ctx, env, d.bar, d.busy, nil)
	d.build()
	d.unfollow = env.Follow(d.ctx, d.reload, service.Subscribe, catalog.Subscribe)
	return d
}

func (d *Delegation) build() {
	t := d.env.T
	d.reason = parts.NewMultiLine("delegation.reason", 2)
	d.why = parts.NewField("delegation.reason.field", t("delegation.reason"), false, d.reason)
	d.reason.OnChanged = func(string) { d.why.SetError("") }
	d.list = kit.NewLocalBrowser(d.env, "delegation", t("delegation.search"), nil, d.find, kit.BrowserEvents[app.Delegate]{
		ID: id, Table: d.columns(),
		Chosen: func(*app.Delegate) { d.show() },
		Opened: func(*app.Delegate) { d.panes.ShowDetail(true) },
		Marked: d.show,
		Empty: func(narrowed bool) fyne.CanvasObject {
			kind, _ := d.service.About()
			switch {
			case narrowed:
				return parts.Empty(t("delegation.none.title"), t("delegation.none.how"))
			case kind == "": // it has expired, or was not told yet
				return parts.Empty(t("meetings.never.title"), t("meetings.never.how"))
			case d.tab == tabVisa:
				return parts.Empty(t("delegation.visa.none.title"), t("delegation.visa.none.how"))
			case d.tab == tabAll:
				return parts.Empty(t("delegation.empty.title"), t("delegation.empty.how"))
			}
			return parts.Empty(t("delegation.nothing.title"), t("delegation.nothing.how"))
		},
	})
	d.marks = parts.NewText().WithOverflow(parts.Ellipsis)
	d.marks.Hide()
	d.panes = parts.NewPanes(parts.Panel(d.list.Content), d.detail.Content).WithTable(400)
	d.panes.OnNarrow = func(bool) { d.show() }
	d.panes.OnAlone = func(bool) { d.showMarks() }
	nothing := container.NewStack()
	d.tabs = parts.NewTabs("delegation.tab",
		parts.Tab{ID: tabWaiting, Text: t("delegation.waiting"), Content: nothing}, parts.Tab{ID: tabAll, Text: t("delegation.all"), Content: nothing},
		parts.Tab{ID: tabVisa, Text: t("visa.title"), Content: nothing})
	d.tabs.OnChoose = func(tab parts.ID) {
		d.tab = string(tab)
		d.list.Unmark()
		d.reload()
	}
	body := parts.Frame(parts.Pad(0, 0, parts.Gap8, 0, d.marks), d.panes.Content(), nil)
	d.content = kit.StaffLayout(d.heading, d.bar, d.tabs.Heads(), body, d.panes)
}

// Content is what is to be shown.
func (d *Delegation) Content() fyne.CanvasObject { return d.content }

// Close ends what the screen has under way.
func (d *Delegation) Close() {
	d.leave()
	d.unfollow()
}

// First is what takes the keyboard.
func (d *Delegation) First() fyne.Focusable { return d.list.Search }

// Find puts the keyboard into the search.
func (d *Delegation) Find() {
	d.panes.ShowDetail(false)
	parts.Focus(d.list.Search)
	d.list.Search.SelectAll()
}

// Back leaves the marks, the detail of a narrow window or the search.
func (d *Delegation) Back() bool { return d.list.Back(d.panes) }

// Unsaved names the page where a reason is begun.
func (d *Delegation) Unsaved() []string {
	if strings.TrimSpace(d.reason.Text) == "" {
		return nil
	}
	return []string{d.env.T("nav.delegation")}
}

// Left is called when the page goes out of sight.
func (d *Delegation) Left() {}

func id(d *app.Delegate) string {
	switch {
	case d.Number != "":
		return d.Number
	case d.Operation != "":
		return d.Operation
	}
	return app.StateDraft + " " + d.Meeting
}

// waits tells whether a registration waits for the person.
func waits(d *app.Delegate) bool {
	return d.State == app.StateDraft || d.Waits == "" && d.State == api.WaitingFocalPoint && slices.Contains(d.May, api.MayApprove) ||
		d.Code != "" || d.State == app.StateNeedsAttention
}

// Tabs.
const (
	tabWaiting = "waiting"
	tabAll     = "all"
	tabVisa    = "visa" // for which visa support was asked
)

// shows tells whether a registration is one of those that the tab has.
func (d *Delegation) shows(one *app.Delegate) bool {
	switch d.tab {
	case tabAll:
		return true
	case tabVisa:
		return one.Visa != ""
	}
	return waits(one)
}

func (d *Delegation) find(search string) (rows []app.Delegate) {
	words := rules.SearchWords(search)
	for _, one := range d.service.List() {
		if d.shows(&one) && found(words, one.Person, one.BadgeName, d.meeting(one.Meeting), one.Meeting, one.Number) {
			rows = append(rows, one)
		}
	}
	return rows
}

// found tells whether each word is in one of the texts.
func found(words []rules.SearchWord, texts ...string) bool {
	spelled := rules.Spellings(strings.Join(texts, "\n"))
	return !slices.ContainsFunc(words, func(w rules.SearchWord) bool { return !w.In(spelled) })
}

func (d *Delegation) meeting(code string) string {
	if m, ok := d.catalog.Get(code); ok {
		return m.Title.In(d.env.Words.Lang())
	}
	return code
}

// reload shows what there is now.
func (d *Delegation) reload() {
	t := d.env.T
	kind, organization := d.service.About()
	line := t("delegation.line.none")
	if kind != "" {
		line = t("delegation.line."+kind, map[string]any{"Organization": organization.Name})
	}
	register := parts.NewButton("delegation.register", t("delegation.register"), parts.Outlined, d.on.Register)
	badges := parts.NewButton("delegation.badges", t("delegation.badges"), parts.Outlined, d.on.Badges)
	buttons := parts.Inline(parts.Gap12, badges, register)
	parts.SetVisible(kind != "", buttons)
	kit.Swap(d.heading, parts.Ends(parts.Heading(t("nav.delegation"), line, d.busy), buttons))
	count := 0
	for _, one := range d.service.List() {
		if waits(&one) {
			count++
		}
	}
	d.tabs.SetCount("waiting", count)
	if d.on.Waiting != nil {
		d.on.Waiting(count)
	}
	d.list.Reload()
	d.show()
}

func (d *Delegation) columns() []kit.Column[app.Delegate] {
	env := d.env
	meeting := func(r *app.Delegate) string { return d.meeting(r.Meeting) }
	return []kit.Column[app.Delegate]{
		{
			ID: "person", Label: env.T("delegation.person"), ColumnWidth: parts.ColumnWidth{Min: 140, Weight: 2},
			Text:    func(r *app.Delegate) string { return d.person(r) },
			Compare: func(a, b *app.Delegate) int { return strings.Compare(rules.Fold(a.Person), rules.Fold(b.Person)) },
		},
		{
			ID: "meeting", Label: env.T("delegation.meeting"), ColumnWidth: parts.ColumnWidth{Min: 150, Weight: 3}, Text: meeting,
			Compare: func(a, b *app.Delegate) int { return strings.Compare(rules.Fold(meeting(a)), rules.Fold(meeting(b))) },
		},
		{
			ID: "sent", Label: env.T("delegation.sent"), ColumnWidth: parts.ColumnWidth{Min: 110},
			Text: func(r *app.Delegate) string {
				if r.Sent.IsZero() { // a draft
					return ""
				}
				return kit.Clock(env.Words, r.Sent, env.Now())
			},
			Compare: func(a, b *app.Delegate) int { return a.Sent.Compare(b.Sent) },
		},
		{
			ID: "state", Label: env.T("delegation.state"), ColumnWidth: parts.ColumnWidth{Min: 130},
			Tag:     func(r *app.Delegate, tag *parts.Tag) { tag.Set(d.tag(r)) },
			Compare: func(a, b *app.Delegate) int { return states.Compare(a.State, b.State) },
		},
	}
}

// states are those of a registration, as its organization sees them.
var states = kit.Tagged{
	{api.Confirmed, parts.Success},
	{api.WaitingFocalPoint, parts.Warning},
	{api.WaitingSecretariat, parts.Info},
	{api.WaitingList, parts.Info},
	{api.Offered, parts.Info},
	{api.Refused, parts.Bad},
	{api.Withdrawn, parts.Info},
	{app.StateWaitingToSend, parts.Info},
	{app.StateNeedsAttention, parts.Bad},
	{app.StateDraft, parts.Info},
}

// tag is the state that a row shows: that of visa support among those who asked for it.
func (d *Delegation) tag(r *app.Delegate) (string, parts.Tone) {
	if d.tab == tabVisa {
		return forms.VisaTag(d.env, r.Visa)
	}
	return stateTag(d.env, r)
}

func stateTag(env kit.Env, r *app.Delegate) (string, parts.Tone) {
	if r.Waits != "" {
		return env.T("delegation.waits." + r.Waits), parts.Info
	}
	if r.Code != "" && r.Number != "" {
		return env.T("delegation.state.not-taken"), parts.Bad
	}
	return states.Tag(env, "delegation.state.", r.State)
}

// chosen is the registration whose row is chosen, as it is now.
func (d *Delegation) chosen() *app.Delegate {
	for _, one := range d.service.List() {
		if id(&one) == d.list.ChosenID() {
			return &one
		}
	}
	return nil
}

// show shows the chosen registration, or what can be done with those that are marked.
func (d *Delegation) show() {
	d.calls.Release()
	d.showMarks()
	t := d.env.T
	body := parts.Stack(parts.Gap16)
	if d.panes.Narrow() {
		body.Add(parts.Link("delegation.back", t("delegation.back"), func() { d.list.Back(d.panes) }))
	}
	one, of := d.chosen(), "marked"
	switch marked := d.list.Marked(); {
	case len(marked) > 0:
		d.showMarked(body, marked)
	case one == nil:
		d.detail.Choose(t("delegation.choose.title"), t("delegation.choose.how"))
		return
	default:
		of = id(one)
		d.showOne(body, one)
	}
	d.detail.Show(of, body)
}

// showMarks says how many are marked where nothing beside the list does.
func (d *Delegation) showMarks() {
	n := len(d.list.Marked())
	shown := n > 0 && !d.panes.DetailShown()
	if shown {
		d.marks.SetSpans(parts.Span{
			Text: d.env.Words.N("delegation.marked", n) + " ›", ID: "delegation.marked.open", Plain: true,
			OnTapped: func() { d.panes.ShowDetail(true) },
		})
	}
	parts.SetVisible(shown, d.marks)
}
