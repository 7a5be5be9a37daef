// Package delegation is for those who are appointed for an organization: what of its
// registrations waits for them, all of them, and registering others; and for the
// secretariat, who appoints. Start reading at Delegation.
package delegation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

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
