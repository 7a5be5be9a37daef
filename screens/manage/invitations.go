package manage

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Invitations is the page with the invitations to a meeting: who is invited, and what has
// become of it; and where others are invited.
type Invitations struct {
	env     kit.Env
	service Guests
	code    string
	on      InvitationsEvents

	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	loading *kit.Loading[invitationsLoaded]
	meeting api.ManagedMeeting
	all     []api.Invitation
	list    *kit.Browser[api.Invitation]
	state   *parts.Radios
	panes   *parts.Panes
	detail  *kit.Detail
	chosen  api.Invitation
	holder  *fyne.Container // the list, or the form
	inviter *inviter
}

// invitationsLoaded is what the page shows.
type invitationsLoaded struct {
	meeting api.ManagedMeeting
	all     []api.Invitation
}

// InvitationsEvents are what the page asks of the window.
type InvitationsEvents struct {
	Back func()
}

// invitationStates are those of an invitation, as a filter offers them.
var invitationStates = kit.Tagged{
	{api.InvitationSent, parts.Info},
	{api.InvitationUsed, parts.Success},
	{api.InvitationExpired, parts.Warning},
	{api.InvitationWithdrawn, parts.Bad},
}

// NewInvitations returns the page for a meeting. Close it when it is left.
func NewInvitations(env kit.Env, service Guests, catalog MeetingCatalog, code string, on InvitationsEvents) *Invitations {
	i := &Invitations{env: env, service: service, code: code, on: on}
	t := env.T
	i.bar, i.busy = parts.NewBar("invitations.bar"), parts.NewBusy("invitations.busy")
	i.calls = kit.NewCalls(context.Background(), env, i.bar, i.busy, nil)
	i.loading = kit.NewLoading(i.calls, "invitations.loading", i.load, i.loaded)
	i.build()
	i.inviter = newInviter(i)
	title := titleOf(env, catalog, code)
	i.holder = container.NewStack(i.panes.Content())
	heading := parts.Stack(parts.Gap4, parts.Link("invitations.back", t("shell.back", map[string]any{"To": t("registrations.title")}), on.Back),
		parts.Heading(t("invitations.title", map[string]any{"Meeting": title}), t("invitations.line"), i.busy))
	i.content = kit.StaffLayout(heading, i.bar, nil, i.holder, i.panes)
	i.loading.Open()
	return i
}

func (i *Invitations) build() {
	t := i.env.T
	states := []parts.Item{{ID: anyOne, Text: t("invitations.any")}}
	for _, s := range invitationStates {
		states = append(states, parts.Item{ID: s.State, Text: t("invitations.state." + s.State)})
	}
	i.state = parts.NewRadios("invitations.filter.state", states)
	i.state.Set(anyOne)
	i.state.OnChange = func(string) { i.list.Narrow() }
	invite := i.calls.Button("invitations.invite", "invitations.invite", parts.Primary, i.open)
	column := func(id, label string, width parts.ColumnWidth, text func(r *api.Invitation) string) kit.Column[api.Invitation] {
		return kit.Column[api.Invitation]{ID: id, Label: t(label), ColumnWidth: width, Text: text, Compare: func(a, b *api.Invitation) int {
			return strings.Compare(rules.Fold(text(a)), rules.Fold(text(b)))
		}}
	}
	until := column("until", "invitations.until", parts.ColumnWidth{Min: 120}, func(r *api.Invitation) string { return i.day(r.Until) })
	until.Line = func(r *api.Invitation) string {
		return t("invitations.until.line", map[string]any{"Date": i.day(r.Until)})
	}
	until.Compare = func(a, b *api.Invitation) int { return a.Until.Compare(b.Until) }
	i.list = kit.NewLocalBrowser(i.env, "invitations", t("invitations.search"), parts.Scroll(parts.PadAll(18,
		parts.NewField("invitations.filter.state.field", t("registrations.filter.state"), false, i.state))), i.matching, kit.BrowserEvents[api.Invitation]{
		ID: func(r *api.Invitation) string { return r.ID },
		Table: []kit.Column[api.Invitation]{
			column("email", "invitations.email", parts.ColumnWidth{Min: 180, Weight: 3}, func(r *api.Invitation) string { return r.Email }),
			column("name", "users.name", parts.ColumnWidth{Min: 120, Weight: 2}, func(r *api.Invitation) string { return r.Name }),
			until,
			{
				ID: "state", Label: t("registrations.filter.state"), ColumnWidth: parts.ColumnWidth{Min: 130},
				Tag: func(r *api.Invitation, tag *parts.Tag) {
					tag.Set(invitationStates.Tag(i.env, "invitations.state.", r.State))
				},
				Compare: func(a, b *api.Invitation) int { return invitationStates.Compare(a.State, b.State) },
			},
		},
		Chosen:  func(r *api.Invitation) { i.show(*r) },
		Opened:  func(*api.Invitation) { i.panes.ShowDetail(true) },
		Buttons: []*parts.Button{invite},
		Filtered: func() (by []string) {
			if s := i.state.Chosen(); s != anyOne {
				by = append(by, t("invitations.state."+s))
			}
			return by
		},
		Clear: func() { i.state.Set(anyOne) },
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("invitations.none.title"), t("invitations.none.how"))
			}
			return parts.Empty(t("invitations.empty.title"), t("invitations.empty.how"))
		},
	})
	i.detail = kit.NewDetail()
	i.panes = parts.NewPanes(parts.Panel(i.list.Content), i.detail.Content).WithTable(400)
	i.panes.OnNarrow = func(bool) { i.show(i.chosen) }
	i.show(api.Invitation{})
}

// Content is what is to be shown.
func (i *Invitations) Content() fyne.CanvasObject { return i.content }

// Close ends what the page waits for.
func (i *Invitations) Close() { i.calls.Close() }

// First is what takes the keyboard.
func (i *Invitations) First() fyne.Focusable { return i.list.Search }

// Find puts the keyboard into the search.
func (i *Invitations) Find() {
	if i.inviter.shown {
		return
	}
	i.panes.ShowDetail(false)
	parts.Focus(i.list.Search)
	i.list.Search.SelectAll()
}

// Back closes the choice of a file, the form, or the page.
func (i *Invitations) Back() bool {
	switch {
	case i.calls.Cancel():
	case i.inviter.back():
	case i.list.Back(i.panes):
	default:
		i.on.Back()
	}
	return true
}

// SetOnline asks again for what could not be had.
func (i *Invitations) SetOnline(online bool) { i.loading.Online(online) }

// Unsaved names the page if somebody is typed who is to be invited.
func (i *Invitations) Unsaved() []string {
	if i.inviter.typed() {
		return []string{i.env.T("registrations.invitations") + " – " + i.env.T("invitations.invite")}
	}
	return nil
}

// Left does nothing: nothing is asked here.
func (i *Invitations) Left() {}

func (i *Invitations) load(ctx context.Context) (l invitationsLoaded, err error) {
	if l.meeting, err = i.service.ManagedMeeting(ctx, i.code); err != nil {
		return l, err
	}
	l.all, err = i.service.Invitations(ctx, i.code)
	return l, err
}

func (i *Invitations) loaded(l invitationsLoaded) {
	i.meeting, i.all = l.meeting, l.all
	i.list.Reload()
	for _, one := range i.all {
		if one.ID == i.chosen.ID {
			i.show(one)
		}
	}
}

// day is a day in the meeting's time zone.
func (i *Invitations) day(at time.Time) string {
	return i.env.Words.ShortDate(at.In(kit.Zone(i.meeting.Zone)))
}

func (i *Invitations) matching(search string) (found []api.Invitation) {
	for _, one := range i.all {
		if s := i.state.Chosen(); s != anyOne && s != one.State {
			continue
		}
		if strings.Contains(rules.Fold(one.Name+" "+one.Email), rules.Fold(strings.TrimSpace(search))) {
			found = append(found, one)
		}
	}
	return found
}

// show shows an invitation beside the list, with what can be done with it.
func (i *Invitations) show(one api.Invitation) {
	t := i.env.T
	i.chosen = one
	if one.ID == "" {
		i.detail.Choose(t("invitations.choose.title"), t("invitations.choose.how"))
		return
	}
	body := parts.Stack(parts.Gap16)
	if i.panes != nil && i.panes.Narrow() {
		body.Add(parts.Link("invitations.detail.back", t("delegation.back"), func() { i.panes.ShowDetail(false) }))
	}
	text, tone := invitationStates.Tag(i.env, "invitations.state.", one.State)
	body.Add(parts.Stack(parts.Gap4, parts.Bold(cmp.Or(one.Name, one.Email)).WithSize(parts.SizeTitle).WithID("invitations.detail.name"),
		parts.Inline(parts.Gap8, parts.NewTag(text, tone).WithID("invitations.detail.state"))))
	if one.State != api.InvitationUsed {
		acts := parts.Inline(parts.Gap12)
		if i.justSent(one) {
			body.Add(parts.Muted(t("invitations.just-sent")).WithID("invitations.just-sent"))
		} else {
			acts.Add(i.calls.Button("invitations.send", "invitations.send", parts.Outlined, func() { i.send(one) }))
		}
		if one.State != api.InvitationWithdrawn {
			acts.Add(i.calls.Button("invitations.withdraw", "invitations.withdraw", parts.Danger, func() { i.askWithdraw(one) }))
		}
		body.Add(acts)
	}
	pairs := []parts.Pair{{Key: t("invitations.email"), Value: parts.Body(one.Email)}, {Key: t("invitations.passes"), Value: parts.Body(i.passes(one))}}
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	zone := kit.Zone(i.meeting.Zone)
	add("invitations.until", i.env.Words.DateTime(one.Until.In(zone)))
	add("invitations.invited", i.env.Words.DateTime(one.Invited.In(zone)))
	add("invitations.by", one.By)
	add("registration.number", one.Registration)
	body.Add(parts.KeyValues(pairs...))
	if i.detail.Show(one.ID, body) {
		parts.Focus(i.list.List) // what was pressed cannot be done any more
	}
}

// justSent tells whether an invitation was sent so lately that another one would be a click too
// many: the link in the first e-mail would lead nowhere.
func (i *Invitations) justSent(one api.Invitation) bool {
	return one.State == api.InvitationSent && i.env.Now().Sub(one.Invited) < time.Minute
}

// passes says what an invitation passes.
func (i *Invitations) passes(one api.Invitation) string {
	switch t := i.env.T; {
	case one.PassesWindow && one.PassesApproval:
		return t("invitations.passes.both")
	case one.PassesWindow:
		return t("invitations.passes.window")
	case one.PassesApproval:
		return t("invitations.passes.approval")
	default:
		return t("invitations.passes.nothing")
	}
}

// defaultUntil is until when an invitation is good if nobody says otherwise: for 30 days,
// at most until the meeting is over.
func (i *Invitations) defaultUntil() time.Time {
	until := i.env.Now().AddDate(0, 0, 30)
	if end := i.meeting.End(); !end.IsZero() && end.Before(until) {
		return end
	}
	return until
}

// send sends an invitation again: one that is over gets time anew.
func (i *Invitations) send(one api.Invitation) {
	until := one.Until
	if one.State != api.InvitationSent {
		until = i.defaultUntil()
	}
	i.calls.Do("invitations.sending", func(ctx context.Context) error {
		return i.service.SendInvitation(ctx, one.ID, api.SendInvitation{Until: until})
	}, func() { i.done(i.env.T("invitations.sent", map[string]any{"Email": one.Email})) }, i.changed())
}

func (i *Invitations) askWithdraw(one api.Invitation) {
	t := i.env.T
	parts.Ask(i.detail.Canvas(), t("invitations.withdraw.title"), t("invitations.withdraw.text", map[string]any{"Email": one.Email}),
		parts.Answer{ID: "invitations.withdraw.yes", Text: t("invitations.withdraw"), Kind: parts.Danger, Do: func() {
			i.calls.Do("invitations.withdrawing", func(ctx context.Context) error { return i.service.WithdrawInvitation(ctx, one.ID) },
				func() { i.done(t("invitations.withdrawn", map[string]any{"Email": one.Email})) }, i.changed())
		}},
		parts.Answer{ID: "invitations.withdraw.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

// changed deals with an invitation that was used meanwhile.
func (i *Invitations) changed() kit.Failed {
	return i.env.OnCode(func(error) {
		i.loading.Load()
		i.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: i.env.T("invitations.changed")}}})
	}, string(api.CodeWrongState))
}

// done says that something was done, and shows what is now.
func (i *Invitations) done(words string) {
	i.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: words}}})
	i.loading.Load()
}

// open shows the form.
func (i *Invitations) open() {
	if !i.loading.Loaded() {
		return
	}
	i.bar.Clear()
	i.inviter.open()
}

// close shows the list.
func (i *Invitations) close() {
	kit.Swap(i.holder, i.panes.Content())
	parts.Focus(i.list.Search)
}
