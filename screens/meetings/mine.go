package meetings

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// OwnList are the person's registrations and drafts.
type OwnList interface {
	List() []app.Mine
	Subscribe(f func()) (cancel func())
}

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
func NewMine(env kit.Env, catalog MeetingCatalog, mine OwnList, on MineEvents) *Mine {
	m := &Mine{env: env, catalog: catalog, on: on}
	m.ctx, m.leave = context.WithCancel(context.Background())
	t := env.T
	m.list = kit.NewLocalBrowser(env, "mymeetings", "", func(string) []app.Mine { return mine.List() }, kit.BrowserEvents[app.Mine]{
		ID: func(r *app.Mine) string { return r.Meeting }, Create: kit.NewRow, Fill: m.fill,
		Opened: m.open,
		Empty: func(bool) fyne.CanvasObject {
			return parts.Empty(t("mymeetings.empty.title"), t("mymeetings.empty.how"),
				parts.NewButton("mymeetings.find", t("mymeetings.find"), parts.Primary, on.Meetings))
		},
	})
	title := parts.Title(t("nav.mymeetings"), parts.Span{Text: t("mymeetings.line")})
	m.content = parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap22, 0, title), parts.Panel(m.list.Content), nil))
	m.list.Reload()
	news := func() { env.Run.Post(m.ctx, m.list.Reload) }
	stopMine, stopMeetings := mine.Subscribe(news), catalog.Subscribe(news)
	m.unfollow = func() { stopMine(); stopMeetings() }
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

func (m *Mine) fill(mine *app.Mine, o fyne.CanvasObject) {
	c := o.(*kit.RowContent)
	title, line := mine.Meeting, mine.Number
	if meeting, ok := m.catalog.Get(mine.Meeting); ok {
		title, line = meeting.Title.In(m.env.Words.Lang()), m.line(&meeting, mine)
	}
	c.Title.SetSpans(parts.Span{Text: title, Bold: true})
	c.Line.SetText(line)
	c.Tag.WithID(parts.ID("mymeetings.state." + mine.Meeting + "." + mine.State)).Set(stateTag(m.env, mine))
}

func (m *Mine) line(meeting *api.Meeting, mine *app.Mine) string {
	line := meetingDays(m.env.Words, meeting)
	if mine.Participation != "" {
		line += " · " + m.env.T("register.participation."+mine.Participation)
	}
	if mine.Participation != api.Remote {
		line += " · " + town(m.env.Words, meeting)
	}
	if mine.Number != "" {
		line += " · " + mine.Number
	}
	return line
}
