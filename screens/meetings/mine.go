package meetings

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// MineEvents is where the list of one's registrations leads to.
type MineEvents struct {
	Registration func(code string)
	Register     func(code string) // to the form of a draft
	Meetings     func()            // to the list of all meetings
}

// Mine is one's agenda: registrations and drafts, each with its state in words and, while
// its platform can be joined, with JOIN.
type Mine struct {
	env     kit.Env
	catalog MeetingCatalog
	mine    Registrations
	on      MineEvents

	ctx      context.Context
	leave    func()
	unfollow func()
	content  fyne.CanvasObject
	bar      *parts.Bar
	busy     *parts.Busy
	acts     fyne.CanvasObject // the two of them
	send     *parts.Button     // what waits
	takeBack *parts.Button     // the chosen one, where it waits
	join     *joining
	list     *kit.Browser[mineRow]
	minute   time.Time // for which the list was made
}

// mineRow is a row of the agenda: a registration, or the heading of a part.
type mineRow struct {
	heading string
	app.AgendaRow
}

// NewMine returns the screen. Close it when it is left.
func NewMine(env kit.Env, catalog MeetingCatalog, mine Registrations, on MineEvents) *Mine {
	m := &Mine{env: env, catalog: catalog, mine: mine, on: on, bar: parts.NewBar("mymeetings.bar")}
	m.ctx, m.leave = context.WithCancel(context.Background())
	m.busy = parts.NewBusy("mymeetings.busy")
	m.join = &joining{ctx: m.ctx, env: env, mine: mine, bar: m.bar, busy: m.busy}
	t := env.T
	m.list = kit.NewLocalBrowser(env, "mymeetings", "", nil, func(string) []mineRow { return m.rows() }, kit.BrowserEvents[mineRow]{
		ID: func(r *mineRow) string { return r.Meeting }, Create: newAgendaRow, Fill: m.fillRow,
		Heading: func(r *mineRow) bool { return r.heading != "" },
		Opened:  m.open,
		Chosen:  func(*mineRow) { m.showActs() },
		Empty: func(bool) fyne.CanvasObject {
			if !mine.Told() {
				return parts.Empty(t("meetings.never.title"), t("meetings.never.how"))
			}
			return parts.Empty(t("mymeetings.empty.title"), t("mymeetings.empty.how"),
				parts.NewButton("mymeetings.find", t("mymeetings.find"), parts.Primary, on.Meetings))
		},
	})
	m.send = parts.NewButton("mymeetings.send", t("mymeetings.send"), parts.Outlined, m.sendNow).Low()
	m.takeBack = parts.NewButton("mymeetings.take-back", t("registration.take-back"), parts.Outlined, m.takeBackChosen).Low()
	m.acts = parts.Inline(parts.Gap8, m.takeBack, m.send)
	title := parts.Ends(parts.Heading(t("nav.mymeetings"), t("mymeetings.line"), m.busy), m.acts)
	top := parts.Stack(parts.Gap12, title, m.bar)
	m.content = parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap22, 0, top), parts.Panel(m.list.Content), nil))
	m.unfollow = env.Follow(m.ctx, m.reload, mine.Subscribe, catalog.Subscribe)
	return m
}

func (m *Mine) reload() {
	m.list.Reload()
	m.showActs()
}

// showActs shows what can be done about what waits to be sent.
func (m *Mine) showActs() {
	waits := func(r app.Mine) bool { return r.State == app.StateWaitingToSend }
	_, chosen := m.chosen()
	parts.SetVisible(chosen, m.takeBack)
	parts.SetVisible(slices.ContainsFunc(m.mine.List(), waits), m.acts)
}

// chosen is what waits to be sent of the meeting whose row is chosen.
func (m *Mine) chosen() (app.Mine, bool) {
	mine, ok := m.mine.Get(m.list.ChosenID())
	return mine, ok && mine.State == app.StateWaitingToSend
}

func (m *Mine) sendNow() {
	m.env.Do(m.ctx, m.busy, m.env.T("registration.sending"), m.mine.Send, m.say(""))
}

// takeBackChosen takes back what is chosen; its row is that of the draft then.
func (m *Mine) takeBackChosen() {
	mine, ok := m.chosen()
	if !ok {
		return
	}
	m.env.Commit(m.ctx, m.busy, m.env.T("registration.taking-back"), func(ctx context.Context) error {
		return m.mine.TakeBack(ctx, mine.Operation)
	}, m.say(takenBack(mine.Kind)))
	parts.Focus(m.list.List)
}

// say says how something went; done is the key of what is said of a success, if anything.
func (m *Mine) say(done string) func(error) {
	return func(err error) {
		m.reload()
		switch {
		case err != nil:
			m.bar.Say(m.env.Problem(err))
		case done != "":
			m.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: m.env.T(done)}}})
		default:
			m.bar.Clear()
		}
	}
}

// Content is what is to be shown.
func (m *Mine) Content() fyne.CanvasObject { return m.content }

// Close ends what the screen has under way.
func (m *Mine) Close() {
	m.leave()
	m.unfollow()
}

// First is what takes the keyboard.
func (m *Mine) First() fyne.Focusable {
	if m.list.Len() == 0 {
		return nil
	}
	return m.list.List
}

// Tick brings the agenda up to date with the time: sessions begin and end on full minutes.
func (m *Mine) Tick() {
	if minute := m.env.Now().Truncate(time.Minute); !minute.Equal(m.minute) {
		m.reload()
	}
}

// headings are the words above the parts of the agenda.
var headings = [...]string{
	app.AgendaAttention: "agenda.attention", app.AgendaToday: "agenda.today", app.AgendaComing: "agenda.coming",
	app.AgendaWaiting: "agenda.waiting", app.AgendaPast: "agenda.past",
}

func (m *Mine) rows() []mineRow {
	now := m.env.Now()
	m.minute = now.Truncate(time.Minute)
	var rows []mineRow
	for i, r := range app.Agenda(m.mine.List(), m.catalog.Get, now) {
		if i == 0 || rows[len(rows)-1].Part != r.Part {
			rows = append(rows, mineRow{heading: m.env.T(headings[r.Part]), AgendaRow: app.AgendaRow{Part: r.Part}})
		}
		rows = append(rows, mineRow{AgendaRow: r})
	}
	return rows
}

func (m *Mine) open(r *mineRow) {
	if r.State == app.StateDraft {
		m.on.Register(r.Meeting)
		return
	}
	m.on.Registration(r.Meeting)
}

// agendaRow is what stands in a row of the agenda.
type agendaRow struct {
	parts.Arranged
	title, line *parts.Text
	when, state *parts.Tag
	tags, foot  *fyne.Container
	join        *parts.Button
	below       *fyne.Container // has the button, with a distance to the tags
}

func newAgendaRow() fyne.CanvasObject {
	r := &agendaRow{
		title: parts.Bold(""), line: parts.Small(""), when: parts.NewTag("", parts.Info), state: parts.NewTag("", parts.Info),
		join: parts.NewButton("", "", parts.Primary, nil).Low(),
	}
	r.tags = parts.Inline(parts.Gap4, r.when, r.state)
	r.below = parts.Pad(parts.Gap4, 0, 0, 0, r.join)
	r.foot = parts.Ends(r.line, r.below)
	r.Arrange(r, parts.Stack(2, parts.Ends(r.title, r.tags), r.foot))
	return r
}

// String is what the row says.
func (r *agendaRow) String() string {
	said := []string{r.title.String()}
	for _, tag := range []*parts.Tag{r.when, r.state} {
		if tag.Visible() {
			said = append(said, tag.Text())
		}
	}
	return strings.TrimSuffix(strings.Join(append(said, r.line.String()), ", "), ", ")
}

func (m *Mine) fillRow(r *mineRow, o fyne.CanvasObject) {
	c := o.(*agendaRow)
	heading := r.heading != ""
	c.tags.Hidden, c.foot.Hidden, c.below.Hidden = heading, heading, heading || !r.Joins()
	if heading {
		c.title.SetSpans(parts.Span{Text: r.heading, Bold: true, Color: parts.ColorMuted})
		c.title.WithSize(parts.SizeSmall)
		c.when.Hidden, c.state.Hidden = true, true
		return
	}
	c.title.SetSpans(parts.Span{Text: m.title(&r.AgendaRow), Bold: true})
	c.title.WithSize(parts.SizeBody)
	c.line.SetText(strings.Join(m.line(&r.AgendaRow), " · "))
	c.state.WithID(parts.ID("mymeetings.state." + r.Meeting + "." + r.State)).Set(stateTag(m.env, &r.Mine))
	c.when.Set(whenTag(m.env, &r.AgendaRow))
	c.state.Hidden, c.when.Hidden = false, c.when.Text() == ""
	c.join.ID = parts.ID("mymeetings.join." + r.Meeting)
	c.join.SetText(m.env.T("registration.join"))
	mine, session := r.Mine, r.Nth
	c.join.OnTapped(func() { m.join.join(&mine, session) })
}

// whenTag marks what is today: what is under way, how long there is until it starts, or
// that it is today, where the person does not take part yet.
func whenTag(env kit.Env, r *app.AgendaRow) (string, parts.Tone) {
	now := env.Now()
	switch {
	case !r.Today || r.Part == app.AgendaPast:
		return "", parts.Info
	case r.Part != app.AgendaToday:
		return env.T("agenda.tag.today"), parts.Info
	case now.Before(r.Session.Start):
		return env.T("agenda.tag.soon", map[string]any{"Wait": kit.Distance(env.Words, r.Session.Start.Sub(now))}), parts.Info
	default:
		return env.T("meetings.tag.live"), parts.Info
	}
}

func (m *Mine) title(r *app.AgendaRow) string {
	if r.About == nil {
		return r.Meeting
	}
	return r.About.Title.In(m.env.Words.Lang())
}

// line is when the next session is, there and here, with the day unless it is today, else the days of the meeting; how the
// person takes part; and the number.
func (m *Mine) line(r *app.AgendaRow) []string {
	w := m.env.Words
	var said []string
	add := func(text string) {
		if text != "" {
			said = append(said, text)
		}
	}
	if r.State == api.Offered {
		key := "offer.line"
		if !offerOpen(&r.Mine, m.env.Now()) {
			key = "offer.line.over"
		}
		add(m.env.T(key, offerParams(m.env, &r.Mine)))
	}
	switch {
	case r.About == nil:
	case r.Session != nil && (r.Part == app.AgendaToday || r.Part == app.AgendaComing):
		there, here := localSpan(w, r.About, r.Session, m.env.Now().Location())
		if now := m.env.Now(); r.Part == app.AgendaComing || r.Session.Start.In(zoneOf(r.About)).YearDay() != now.YearDay() {
			there = w.ShortDate(r.Session.Start.In(zoneOf(r.About))) + ", " + there
		}
		add(there)
		add(here)
	default:
		add(meetingDays(w, r.About))
	}
	if r.Participation != "" {
		add(m.env.T("register.participation." + r.Participation))
	}
	if r.About != nil && r.Participation != api.Remote {
		add(town(w, r.About))
	}
	add(r.Number)
	return said
}
