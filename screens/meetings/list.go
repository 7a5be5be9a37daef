// Package meetings has what a participant sees: the meetings of the organization, the form
// to register, one's registrations and the way into a meeting. Start reading at list.go
// and register.go.
package meetings

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// MeetingCatalog is what the screen of meetings needs to know of them: lists
// in memory, readable without network.
type MeetingCatalog interface {
	List() []api.Meeting
	Get(code string) (api.Meeting, bool)
	Find(ctx context.Context, code string) (api.Meeting, error)
	Refresh(ctx context.Context) error
	Refreshed() time.Time
	Subscribe(f func()) (cancel func())
}

// meetingRow is a row of the list: a meeting, or a heading.
type meetingRow struct {
	heading string
	meeting *api.Meeting
}

// ListEvents is where the screen of meetings leads to.
type ListEvents struct {
	Register     func(code string) // to the form
	Registration func(code string) // to the person's own registration
	Invited      func(link string) // to the form, by a personal invitation that was pasted
	Participants func(code string) // to the list of who comes
}

// List is the screen on which one finds and reads meetings: the list at
// the left, the chosen one at the right, and under 900 one replacing the other.
type List struct {
	env     kit.Env
	catalog MeetingCatalog
	mine    Registrations
	account api.Account
	on      ListEvents // Register by an invitation that was pasted
	events  ListEvents // as they were given

	ctx      context.Context
	leave    func()
	unfollow func()

	content fyne.CanvasObject
	list    *kit.Browser[meetingRow]
	panes   *parts.Panes
	bar     *parts.Bar
	busy    *parts.Busy
	detail  *meetingDetail
	next    *nextCard
	filter  *meetingFilter

	all []foundMeeting
}

// foundMeeting is a meeting with what is searched in it, in its spellings.
type foundMeeting struct {
	meeting api.Meeting
	spelled []string
}

// NewList returns the screen for the person of an account. Close it when
// it is left.
func NewList(env kit.Env, catalog MeetingCatalog, mine Registrations, account api.Account, on ListEvents) *List {
	m := &List{env: env, catalog: catalog, mine: mine, account: account, on: on, events: on}
	m.on.Register = m.register
	m.ctx, m.leave = context.WithCancel(context.Background())
	m.build()
	m.unfollow = env.Follow(m.ctx, m.reload, catalog.Subscribe, mine.Subscribe)
	if catalog.Refreshed().IsZero() {
		m.refresh()
	}
	return m
}

// Content is what is to be shown.
func (m *List) Content() fyne.CanvasObject { return m.content }

// Close ends what the screen has under way.
func (m *List) Close() {
	m.leave()
	m.unfollow()
}

// Find puts the keyboard into the search field.
func (m *List) Find() {
	m.panes.ShowDetail(false)
	parts.Focus(m.list.Search)
	m.list.Search.SelectAll()
}

// Back goes from a meeting to the list where they replace each other, and
// empties the search; it tells whether there was anything to go back from.
func (m *List) Back() bool { return m.list.Back(m.panes) }

// Tick brings what depends on the time up to date.
func (m *List) Tick() {
	m.detail.tick()
	m.next.tick()
}

// Chosen is the code of the chosen meeting, or nothing.
func (m *List) Chosen() string { return m.list.ChosenID() }

// First is what takes the keyboard.
func (m *List) First() fyne.Focusable { return m.list.Search }

// Show chooses a meeting; one that is not known here is asked for.
func (m *List) Show(code string) {
	if _, ok := m.catalog.Get(code); ok {
		m.open(code)
		return
	}
	m.Seek(code, func() { m.open(code) })
}

// Seek asks the service for a meeting that is not known here, and goes on once
// it is; where there is none, it says so.
func (m *List) Seek(code string, found func()) {
	m.env.Do(m.ctx, m.busy, m.env.T("meetings.finding", map[string]any{"Code": code}), func(ctx context.Context) (err error) {
		_, err = m.catalog.Find(ctx, code)
		return err
	}, func(err error) {
		switch {
		case err != nil && m.env.KindOf(err) == string(api.CodeNotFound):
			m.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: m.env.T("meetings.notfound", map[string]any{"Code": code})}}})
		case err != nil:
			m.bar.Say(m.env.Problem(err))
		default:
			m.bar.Clear()
			m.reload()
			found()
		}
	})
}

func (m *List) open(code string) {
	m.list.SetFiltering(false)
	m.list.ChooseID(code)
	if m.list.ChosenID() != code { // the filter hides it
		m.filter.clear()
		m.list.Narrow()
		m.list.ChooseID(code)
	}
	m.panes.ShowDetail(true)
}

func (m *List) build() {
	t := m.env.T
	m.bar = parts.NewBar("meetings.bar")
	m.busy = parts.NewBusy("meetings.busy")
	m.detail = newMeetingDetail(m)
	m.next = newNextCard(m.env, m.catalog, m.mine, &joining{ctx: m.ctx, env: m.env, mine: m.mine, bar: m.bar, busy: m.busy}, m.on.Registration)
	m.filter = newMeetingFilter(m)
	m.list = kit.NewLocalBrowser(m.env, "meetings", t("meetings.search"), m.filter.content, m.find, kit.BrowserEvents[meetingRow]{
		ID: func(r *meetingRow) string { return r.meeting.Code }, Create: kit.NewRow, Fill: m.fillRow,
		Heading:  func(r *meetingRow) bool { return r.meeting == nil },
		Chosen:   func(r *meetingRow) { m.detail.show(r.meeting.Code) },
		Opened:   func(*meetingRow) { m.panes.ShowDetail(true) },
		Entered:  m.entered,
		None:     func() { m.detail.show("") },
		Filtered: m.filter.said, Clear: m.filter.clear,
		Empty: m.empty,
	})
	m.panes = parts.NewPanes(parts.Panel(m.list.Content), m.detail.content)
	m.panes.OnNarrow = m.detail.setNarrow
	top := parts.Stack(parts.Gap12, parts.Heading(t("meetings.title"), t("meetings.line"), m.busy), m.bar, m.next)
	m.content = parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap22, 0, top), m.panes.Content(), nil))
}

// invitation is the link of a personal invitation to a meeting that was pasted into the
// search.
func (m *List) invitation(code string) (link string, ok bool) {
	ref, ok := rules.ReadMeeting(m.list.Text())
	return ref.String(), ok && ref.Code == code && ref.Invitation != "" && m.events.Invited != nil && !m.env.Foreign(ref)
}

// register leads to a meeting's form, with the invitation that was pasted.
func (m *List) register(code string) {
	if link, ok := m.invitation(code); ok {
		m.events.Invited(link)
		return
	}
	m.events.Register(code)
}

// entered leads on from a meeting that was opened by a key: to its form where an invitation
// to it was pasted, also while registration is closed.
func (m *List) entered(r *meetingRow) {
	if link, ok := m.invitation(r.meeting.Code); ok {
		m.events.Invited(link)
		return
	}
	m.detail.focus()
}

func (m *List) refresh() {
	m.env.Do(m.ctx, m.busy, m.env.T("meetings.loading"), m.catalog.Refresh, func(err error) {
		if err != nil && len(m.all) == 0 {
			n := m.env.Problem(err)
			n.Action, n.Act = m.env.T("shell.retry"), m.refresh
			m.bar.Say(n)
			return
		}
		m.bar.Clear()
		m.reload()
	})
}

func (m *List) reload() {
	list := m.catalog.List()
	m.all = make([]foundMeeting, len(list))
	for i := range list {
		m.all[i] = foundMeeting{meeting: list[i], spelled: spelledMeeting(&list[i])}
	}
	m.filter.fill()
	m.list.Reload()
	m.next.show()
}

// spelledMeeting is what is searched in a meeting: titles and places in all
// languages, and the code.
func spelledMeeting(m *api.Meeting) []string {
	var b strings.Builder
	b.WriteString(m.Code)
	for _, text := range []api.Text{m.Title, m.Place} {
		for _, s := range text {
			b.WriteByte('\n')
			b.WriteString(s)
		}
	}
	return rules.Spellings(b.String())
}

func (f *foundMeeting) matches(words []rules.SearchWord) bool {
	for _, word := range words {
		if !word.In(f.spelled) {
			return false
		}
	}
	return true
}

// find lists the meetings that fit what is searched for: those to come, and under
// a heading those that are over.
func (m *List) find(search string) []meetingRow {
	words := rules.SearchWords(search)
	if ref, ok := rules.ReadMeeting(search); ok && ref.Host != "" && !m.env.Foreign(ref) {
		words = rules.SearchWords(ref.Code) // a pasted link
	}
	now := m.env.Now()
	var upcoming, past []meetingRow
	for i := range m.all {
		f := &m.all[i]
		switch {
		case !f.matches(words) || !m.filter.lets(&f.meeting):
		case f.meeting.End().Before(now):
			past = append(past, meetingRow{meeting: &f.meeting})
		default:
			upcoming = append(upcoming, meetingRow{meeting: &f.meeting})
		}
	}
	if len(past) > 0 {
		upcoming = append(append(upcoming, meetingRow{heading: m.env.T("meetings.past")}), past...)
	}
	return upcoming
}

// empty says why there is no meeting.
func (m *List) empty(narrowed bool) fyne.CanvasObject {
	t := m.env.T
	switch {
	case narrowed:
		query := m.list.Text()
		if query == "" {
			return parts.Empty(t("meetings.none.title"), t("meetings.none.filtered"))
		}
		var ask []fyne.CanvasObject
		how := t("meetings.none.how", map[string]any{"Query": query})
		if ref, ok := rules.ReadMeeting(query); ok && m.env.Foreign(ref) {
			how = m.env.OtherService(ref)
		} else if ok {
			ask = append(ask, parts.NewButton("meetings.ask", t("meetings.none.code", map[string]any{"Code": ref.Code}), parts.Outlined, func() { m.Show(ref.Code) }))
		}
		return parts.Empty(t("meetings.none.title"), how, ask...)
	case m.catalog.Refreshed().IsZero():
		return parts.Empty(t("meetings.never.title"), t("meetings.never.how"))
	default:
		return parts.Empty(t("meetings.empty.title"), t("meetings.empty.how"))
	}
}

func (m *List) fillRow(r *meetingRow, o fyne.CanvasObject) {
	c := o.(*kit.RowContent)
	if r.meeting == nil {
		c.Title.SetSpans(parts.Span{Text: r.heading, Bold: true, Color: parts.ColorMuted})
		c.Title.WithSize(parts.SizeSmall)
		c.Tag.Hide()
		c.Line.Hide()
		return
	}
	c.Title.SetSpans(parts.Span{Text: r.meeting.Title.In(m.env.Words.Lang()), Bold: true})
	c.Title.WithSize(parts.SizeBody)
	c.Line.SetText(meetingLine(m.env, r.meeting))
	c.Tag.Set(m.tag(r.meeting))
	c.Tag.Hidden = c.Tag.Text() == ""
	c.Line.Show()
}

// meetingLine is what tells a meeting from others in one line.
func meetingLine(env kit.Env, m *api.Meeting) string {
	return strings.Join([]string{meetingDays(env.Words, m), where(env.Words, m), m.Code}, " · ")
}

// tag is the state of a meeting in a word or two: the person's own
// registration counts more than the meeting's.
func (m *List) tag(meeting *api.Meeting) (string, parts.Tone) {
	if mine, ok := m.mine.Get(meeting.Code); ok && mine.State != api.Withdrawn {
		return stateTag(m.env, &mine)
	}
	if _, ok := m.mine.Draft(meeting.Code); ok && MeetingState(meeting, m.env.Now()) <= meetingEarly {
		return m.env.T("registration.state.draft"), parts.Info
	}
	state := MeetingState(meeting, m.env.Now())
	if state == meetingOver {
		return "", parts.Info // the heading says it
	}
	if state < meetingClosed && !admitted(meeting, m.account) {
		return m.env.T("meetings.tag.not-you"), parts.Warning
	}
	return meetingTag(m.env, meeting)
}
