package meetings

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// MineEvents is where the list of one's registrations leads to.
type MineEvents struct {
	Registration func(code string)
	Register     func(code string) // to the form of a draft
	Meetings     func()            // to the list of all meetings
}

// Mine is the list of one's registrations and drafts, each with its
// state in words; what needs attention comes first.
type Mine struct {
	env     kit.Env
	catalog MeetingCatalog
	on      MineEvents

	ctx      context.Context
	leave    func()
	unfollow func()
	content  fyne.CanvasObject
	list     *kit.Browser[app.Mine]
}

// NewMine returns the screen. Close it when it is left.
func NewMine(env kit.Env, catalog MeetingCatalog, mine Registrations, on MineEvents) *Mine {
	m := &Mine{env: env, catalog: catalog, on: on}
	m.ctx, m.leave = context.WithCancel(context.Background())
	t := env.T
	m.list = kit.NewLocalBrowser(env, "mymeetings", "", func(string) []app.Mine { return mine.List() }, kit.BrowserEvents[app.Mine]{
		ID: func(r *app.Mine) string { return r.Meeting }, Table: m.columns(),
		Opened: m.open,
		Empty: func(bool) fyne.CanvasObject {
			return parts.Empty(t("mymeetings.empty.title"), t("mymeetings.empty.how"),
				parts.NewButton("mymeetings.find", t("mymeetings.find"), parts.Primary, on.Meetings))
		},
	})
	title := parts.Title(t("nav.mymeetings"), parts.Span{Text: t("mymeetings.line")})
	m.content = parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap22, 0, title), parts.Panel(m.list.Content), nil))
	m.unfollow = env.Follow(m.ctx, m.list.Reload, mine.Subscribe, catalog.Subscribe)
	return m
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

func (m *Mine) open(mine *app.Mine) {
	if mine.State == app.StateDraft {
		m.on.Register(mine.Meeting)
		return
	}
	m.on.Registration(mine.Meeting)
}

// columns are what the list shows of a registration.
func (m *Mine) columns() []kit.Column[app.Mine] {
	t := m.env.T
	return []kit.Column[app.Mine]{
		{
			ID: "meeting", Label: t("mymeetings.column.meeting"), ColumnWidth: parts.ColumnWidth{Min: 180, Weight: 3},
			Text: m.title, Compare: func(a, b *app.Mine) int { return strings.Compare(rules.Fold(m.title(a)), rules.Fold(m.title(b))) },
		},
		{
			ID: "days", Label: t("mymeetings.column.days"), ColumnWidth: parts.ColumnWidth{Min: 110, Weight: 1},
			Text: func(r *app.Mine) string {
				if meeting, ok := m.catalog.Get(r.Meeting); ok {
					return meetingDays(m.env.Words, &meeting)
				}
				return ""
			},
			Compare: func(a, b *app.Mine) int { return m.start(a).Compare(m.start(b)) },
		},
		{
			ID: "participation", Label: t("mymeetings.column.participation"), ColumnWidth: parts.ColumnWidth{Min: 110, Weight: 1},
			Text: m.participation, Compare: func(a, b *app.Mine) int { return strings.Compare(m.participation(a), m.participation(b)) },
		},
		{
			ID: "number", Label: t("mymeetings.column.number"), ColumnWidth: parts.ColumnWidth{Min: 110},
			Text: func(r *app.Mine) string { return r.Number }, Compare: func(a, b *app.Mine) int { return strings.Compare(a.Number, b.Number) },
		},
		{
			ID: "state", Label: t("mymeetings.column.state"), ColumnWidth: parts.ColumnWidth{Min: 200},
			Tag: func(r *app.Mine, tag *parts.Tag) {
				tag.WithID(parts.ID("mymeetings.state." + r.Meeting + "." + r.State)).Set(stateTag(m.env, r))
			},
			Compare: func(a, b *app.Mine) int { return strings.Compare(a.State, b.State) },
		},
	}
}

func (m *Mine) title(r *app.Mine) string {
	if meeting, ok := m.catalog.Get(r.Meeting); ok {
		return meeting.Title.In(m.env.Words.Lang())
	}
	return r.Meeting
}

func (m *Mine) start(r *app.Mine) time.Time {
	meeting, ok := m.catalog.Get(r.Meeting)
	if !ok || len(meeting.Sessions) == 0 {
		return time.Time{}
	}
	return meeting.Start()
}

// participation is how one takes part, and where.
func (m *Mine) participation(r *app.Mine) string {
	var said []string
	if r.Participation != "" {
		said = append(said, m.env.T("register.participation."+r.Participation))
	}
	if meeting, ok := m.catalog.Get(r.Meeting); ok && r.Participation != api.Remote {
		said = append(said, town(m.env.Words, &meeting))
	}
	return strings.Join(said, " · ")
}
