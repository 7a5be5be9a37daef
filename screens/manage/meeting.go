package manage

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Meeting is one managed meeting: what becomes of it, who manages it, and its description.
type Meeting struct {
	env     kit.Env
	service Manager
	code    string
	on      MeetingEvents

	content  fyne.CanvasObject
	top      fyne.CanvasObject
	title    *parts.Text
	status   *parts.Tag
	people   *parts.Button // leads to the registrations
	mails    *parts.Button // leads to what is written to participants
	counts   *parts.Button // leads to the numbers
	bar      *parts.Bar
	busy     *parts.Busy
	prover   *kit.Prover
	calls    *kit.Calls
	tabs     *parts.Tabs
	bodies   map[parts.ID]fyne.CanvasObject // of the tabs
	loading  *kit.Loading[loaded]
	shown    parts.ID
	meeting  api.ManagedMeeting
	overview *overview
	details  *details
}

// loaded is a meeting with what was typed of it.
type loaded struct {
	meeting api.ManagedMeeting
	draft   *app.MeetingDraft
}

// MeetingEvents are what the page asks of the window.
type MeetingEvents struct {
	Back func()
	// Open leads to another meeting, such as a copy.
	Open func(code string)
	// Registrations leads to the registrations for the meeting.
	Registrations func()
	// Mails leads to the e-mails to participants.
	Mails func()
	// Statistics leads to the numbers.
	Statistics func()
	// Read tells what the meeting is now, whenever that was asked for.
	Read func(m *api.Meeting)
}

// The tabs, in order.
const (
	tabOverview parts.ID = "overview"
	tabDetails  parts.ID = "details"
	tabForm     parts.ID = "form"
)

// tabOf is the number of the tab with a place of the description.
func tabOf(pointer string) int {
	if strings.HasPrefix(pointer, "/form") {
		return 2
	}
	return 1
}

// NewMeeting returns the page; prove is Prove of app.Service. Close it when it is left.
func NewMeeting(env kit.Env, service Manager, prove func(ctx context.Context, password, secondFactor string) error, code string, on MeetingEvents) *Meeting {
	m := &Meeting{env: env, service: service, code: code, on: on, shown: tabOverview}
	t := env.T
	m.bar, m.busy = parts.NewBar("managed.bar"), parts.NewBusy("managed.busy").Folding()
	m.prover = kit.NewProver(env, "managed", prove)
	m.calls = kit.NewCalls(context.Background(), env, m.bar, m.busy, m.prover)
	m.overview, m.details = newOverview(m), newDetails(m)
	m.loading = kit.NewLoading(m.calls, "managed.loading", m.load, m.loaded)
	m.tabs = parts.NewTabs("managed.tab",
		parts.Tab{ID: tabOverview, Text: t("managed.overview"), Content: parts.Space(0)},
		parts.Tab{ID: tabDetails, Text: t("managed.details"), Content: parts.Space(0)},
		parts.Tab{ID: tabForm, Text: t("managed.form"), Content: parts.Space(0)})
	m.tabs.OnChoose = m.choose
	m.title = parts.Bold(code).WithSize(parts.SizeTitle).WithID("managed.title")
	m.status = parts.NewTag("", parts.Info).WithID("managed.status")
	m.status.Hide()
	// It is there before the meeting is: the list that was seen last can be read without network.
	m.people = parts.NewButton("managed.people", t("managed.registrations"), parts.Outlined, on.Registrations).Low()
	m.mails = parts.NewButton("managed.mails", t("managed.mails"), parts.Outlined, on.Mails).Low()
	m.counts = parts.NewButton("managed.statistics", t("managed.statistics"), parts.Outlined, on.Statistics).Low()
	name := parts.Stack(parts.Gap4, parts.Link("managed.back", t("managed.back"), on.Back),
		parts.MiddleRow(parts.Gap12, parts.Cell{Object: m.title, Min: 240, Weight: 1}, parts.Cell{Object: m.status}))
	m.top = parts.Stack(parts.Gap12, name, parts.Inline(parts.Gap8, m.people, m.mails, m.counts), m.busy)
	// All but the foot scrolls: in a small window with large text there is no room beside it.
	m.bodies = map[parts.ID]fyne.CanvasObject{
		tabOverview: parts.Leading(kit.FormWidth, m.overview.content),
		tabDetails:  parts.Leading(kit.FormWidth, m.details.content),
		tabForm:     m.details.formTab, // with the preview beside it
	}
	body := parts.Stack(parts.Gap12,
		parts.Leading(kit.FormWidth, parts.Stack(parts.Gap12, m.top, m.bar, m.tabs.Heads())),
		parts.Layers(m.bodies[tabOverview], m.bodies[tabDetails], m.bodies[tabForm]))
	m.content = m.prover.Over(parts.Page(parts.Margins(body), m.details.foot))
	m.choose(tabOverview)
	m.loading.Open()
	return m
}

// Content is what is to be shown.
func (m *Meeting) Content() fyne.CanvasObject { return m.content }

// Tick counts down the wait between two tries of a proof.
func (m *Meeting) Tick() { m.prover.Tick() }

// Close keeps what is typed and ends what the page waits for.
func (m *Meeting) Close() { m.CloseThen(func() {}) }

// CloseThen closes the page and goes on once what was typed is kept.
func (m *Meeting) CloseThen(then func()) {
	m.details.keepThen(then)
	m.calls.Close()
}

// KeepThen keeps what was typed, and goes on once that is saved.
func (m *Meeting) KeepThen(then func()) { m.details.keepThen(then) }

// choose shows a tab.
func (m *Meeting) choose(id parts.ID) {
	m.prover.Cancel()
	m.shown = id
	parts.Together(m.top, func() {
		for tab, body := range m.bodies {
			parts.SetVisible(id == tab, body)
		}
		parts.SetVisible(id != tabOverview && m.details.form != nil, m.details.foot)
		if id == tabForm && m.details.form != nil {
			m.details.builder.shown()
		}
	})
}

// First is what takes the keyboard.
func (m *Meeting) First() fyne.Focusable {
	switch {
	case m.shown == tabDetails:
		return m.details.first()
	case m.shown == tabForm && m.details.form != nil:
		return m.details.builder.language.Entry()
	case m.meeting.Status != "" && m.people.Visible():
		return m.people // what one comes for, and in sight with the title
	}
	return m.overview.first()
}

// Back leaves the question for the password, the reason for a cancellation, or the page.
func (m *Meeting) Back() bool {
	if !m.prover.Cancel() && !m.overview.back() {
		m.on.Back()
	}
	return true
}

// SetOnline asks again for what could not be had.
func (m *Meeting) SetOnline(online bool) { m.loading.Online(online) }

func (m *Meeting) load(ctx context.Context) (l loaded, err error) {
	if l.meeting, err = m.service.ManagedMeeting(ctx, m.code); err != nil {
		return l, err
	}
	if draft, ok := m.service.MeetingDraft(m.code); ok {
		l.draft = &draft
	}
	var names []string
	for _, l := range languages() { // of which the description shows all
		names = append(names, l.Text)
	}
	return l, m.env.ReadFonts(ctx, names...)
}

func (m *Meeting) loaded(l loaded) {
	parts.Together(m.top, func() {
		m.set(l.meeting)
		first := m.details.form == nil
		m.details.show(l.draft)
		if first && m.meeting.Status == api.MeetingDraft {
			m.tabs.Choose(1) // there is something to do
		} else {
			m.choose(m.shown)
		}
	})
	parts.Focus(m.First())
}

// set shows a meeting as it is at the service now; what is typed stays.
func (m *Meeting) set(managed api.ManagedMeeting) {
	m.meeting = managed
	if m.on.Read != nil {
		m.on.Read(&managed.Meeting)
	}
	m.title.SetText(managed.Title.In(m.env.Words.Lang()))
	m.status.Set(statusTag(m.env, managed.Status))
	parts.SetVisible(true, m.status)
	parts.SetVisible(managed.Status != api.MeetingDraft, m.people, m.mails, m.counts)
	m.overview.show()
}

// again reads the meeting anew, with nothing typed, after a question where something is.
func (m *Meeting) again() {
	load := func() { m.details.forget(m.loading.Load) }
	if m.details.differs() {
		load = m.details.asking("managed.undo", m.env.T("managed.undo.text"), "managed.undo", parts.Danger, load)
	}
	load()
}

// outdated says that somebody else was faster.
func (m *Meeting) outdated(err error) bool {
	dealt := m.env.ChangedMeanwhile(m.bar, m.again)(err)
	if dealt {
		parts.IntoView(m.top)
	}
	return dealt
}

// done says that something was done.
func (m *Meeting) done(text string) {
	m.say(parts.Success, text)
}

// say says something above the tabs.
func (m *Meeting) say(tone parts.Tone, text string) {
	m.bar.Say(parts.Notice{Tone: tone, Words: []parts.Span{{Text: text}}})
	parts.IntoView(m.top)
}

// act changes the meeting at the service and shows it as it is then.
func (m *Meeting) act(waiting, done string, do func(context.Context) (api.ManagedMeeting, error), failed ...kit.Failed) {
	kit.Call(m.calls, waiting, do, func(managed api.ManagedMeeting) {
		before := m.meeting.Edition
		m.set(managed)
		m.details.follow(before)
		m.done(m.env.T(done))
	}, append(failed, m.outdated, m.env.GoneMeanwhile(m.bar, m.on.Back))...)
}
