// Package demo is the second window of the demonstration: its mailbox, and the switch that
// takes the service away.
package demo

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Mailbox is the demonstration's second window: the e-mails that the service
// sends, the log-ins of its staff, and a switch that takes the service away as if the
// network were gone.
type Mailbox struct {
	env  kit.Env
	demo MailboxService

	ctx   context.Context
	leave func()

	content *fyne.Container
	tabs    *parts.Tabs
	bar     *parts.Bar
	list    *kit.Browser[Mail]
	detail  *fyne.Container
	onOff   *parts.Button
	state   *parts.Tag
	panes   *parts.Panes
	busy    bool
	on      bool
	blind   string // what the bar said when the last look failed
	mails   []Mail
}

// MailboxEvery is how often the mailbox looks for news while it is open.
const MailboxEvery = time.Second

// NewMailbox returns the window's content. It looks for news every second
// until Close.
func NewMailbox(env kit.Env, demo MailboxService) *Mailbox {
	m := &Mailbox{env: env, demo: demo, on: demo.On()}
	m.ctx, m.leave = context.WithCancel(context.Background())
	m.build()
	m.look()
	return m
}

// Content is what is to be shown.
func (m *Mailbox) Content() fyne.CanvasObject { return m.content }

// Close ends looking for news.
func (m *Mailbox) Close() { m.leave() }

func (m *Mailbox) build() {
	t := m.env.T
	m.bar = parts.NewBar("mailbox.bar")
	m.detail = container.NewStack()
	m.list = kit.NewLocalBrowser(m.env, "mailbox", "", nil, func(string) []Mail { return m.mails }, kit.BrowserEvents[Mail]{
		ID: mailID, Create: kit.NewRow, Fill: m.fillMail,
		Chosen: m.showMail,
		Opened: func(*Mail) { m.panes.ShowDetail(true) },
		None:   func() { kit.Swap(m.detail, parts.Space(1)) },
		Empty:  func(bool) fyne.CanvasObject { return parts.Empty(t("mailbox.empty.title"), t("mailbox.empty.how")) },
	})
	m.panes = parts.NewPanes(parts.Panel(m.list.Content), parts.Panel(m.detail))
	m.panes.OnNarrow = func(bool) { m.list.Reload() }
	m.state = parts.NewTag("", parts.Success)
	m.onOff = parts.NewButton("mailbox.switch", "", parts.Outlined, m.turn)
	m.tabs = parts.NewTabs("mailbox.tab",
		parts.Tab{ID: "mails", Text: t("mailbox.mails"), Content: m.panes.Content()},
		parts.Tab{ID: "staff", Text: t("mailbox.staff"), Content: parts.Panel(m.staff())},
	)
	head := parts.Stack(parts.Gap12,
		parts.MiddleRow(parts.Gap12,
			parts.Cell{Object: parts.Title(t("mailbox.title"), parts.Span{Text: t("mailbox.line")}), Min: 300, Weight: 1},
			parts.Cell{Object: m.state}, parts.Cell{Object: m.onOff}),
		m.bar, m.tabs.Heads())
	m.content = parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap12, 0, head), m.tabs.Body(), nil))
	m.showSwitch()
	m.list.Reload()
}

// look asks for news, shows them, and comes back after a second.
func (m *Mailbox) look() {
	var mails []Mail
	var err error
	on := m.on
	m.env.Run.Run(m.ctx, func(ctx context.Context) {
		on = m.demo.On()
		mails, err = m.demo.Mails(ctx)
	}, func() {
		switch {
		case err != nil:
			m.bar.Say(m.env.Problem(err))
			m.blind = m.bar.String()
		case m.blind != "" && m.bar.String() == m.blind:
			m.bar.Clear()
			fallthrough
		default:
			m.blind = ""
			m.show(mails)
		}
		if !m.busy && on != m.on {
			m.on = on
			m.showSwitch()
		}
		m.again()
	})
}

func (m *Mailbox) again() {
	if m.env.Sleep == nil {
		return
	}
	m.env.Run.Run(m.ctx, func(ctx context.Context) { m.env.Sleep(ctx, MailboxEvery) }, m.look)
}

// show brings the list up to date, and leaves alone what has not changed.
func (m *Mailbox) show(mails []Mail) {
	if sameMails(m.mails, mails) {
		return
	}
	newest := len(m.mails) > 0 && m.list.ChosenID() == mailID(&m.mails[0])
	m.mails = mails
	m.list.Reload()
	if newest && len(mails) > 0 {
		m.list.ChooseID(mailID(&mails[0]))
	}
}

func sameMails(a, b []Mail) bool {
	return len(a) == len(b) && (len(a) == 0 || a[0] == b[0] && a[len(a)-1] == b[len(b)-1])
}

// mailID tells an e-mail from all others.
func mailID(m *Mail) string { return m.At.Format(time.RFC3339Nano) + " " + m.To + " " + m.Subject }

func (m *Mailbox) fillMail(mail *Mail, o fyne.CanvasObject) {
	c := o.(*kit.RowContent)
	c.Title.SetSpans(parts.Span{Text: mail.Subject, Bold: true})
	c.Line.SetText(m.env.T("mailbox.to", map[string]any{
		"To": mail.To, "Time": kit.Clock(m.env.Words, mail.At.In(m.env.Now().Location()), m.env.Now()),
	}))
	c.Tag.Hide()
}

// showMail shows the chosen e-mail, with its link to open and its code to copy.
func (m *Mailbox) showMail(chosen *Mail) {
	t, mail := m.env.T, *chosen
	body := parts.Stack(parts.Gap12)
	if m.panes.Narrow() {
		body.Add(parts.Link("mailbox.back", t("mailbox.back"), func() { m.list.Back(m.panes) }))
	}
	body.Add(parts.Stack(2,
		parts.Small(t("mailbox.to", map[string]any{"To": mail.To, "Time": kit.Clock(m.env.Words, mail.At.In(m.env.Now().Location()), m.env.Now())})),
		parts.Bold(mail.Subject).WithSize(parts.SizeSection).WithID("mailbox.subject")))
	var acts []fyne.CanvasObject
	if mail.Link != "" {
		acts = append(acts, parts.NewButton("mailbox.link", t("mailbox.link"), parts.Primary, func() { m.env.Open(mail.Link) }))
	}
	if mail.Code != "" {
		acts = append(acts, parts.NewButton("mailbox.copy", t("mailbox.copy", map[string]any{"Code": mail.Code}), parts.Outlined, func() {
			m.copy(mail.Code, t("mailbox.copied", map[string]any{"Code": mail.Code}))
		}))
	}
	if len(acts) > 0 {
		body.Add(parts.Inline(parts.Gap12, acts...))
	}
	body.Add(parts.Divider())
	body.Add(kit.Letter("mailbox.text", mail.Text))
	kit.Swap(m.detail, parts.Scroll(parts.PadAll(parts.Gap22, body)))
}

// staff says as whom one can log in to see what staff does.
func (m *Mailbox) staff() fyne.CanvasObject {
	t := m.env.T
	rows := parts.Stack(parts.Gap16, parts.Body(t("mailbox.staff.how")))
	for _, s := range m.demo.Staff() {
		password := s.Password
		rows.Add(parts.Divider())
		is := "users.role." + s.Role
		if s.Appointment != "" {
			is = "delegation.kind." + s.Appointment
		}
		rows.Add(parts.MiddleRow(parts.Gap12,
			parts.Cell{Object: parts.Stack(2, parts.Bold(s.Identifier), parts.Small(t(is)), parts.Body(password)), Min: 260, Weight: 1},
			parts.Cell{Object: parts.NewButton(parts.ID("mailbox.staff."+s.Identifier), t("mailbox.staff.copy"), parts.Outlined, func() {
				m.copy(password, t("mailbox.staff.copied"))
			})}))
	}
	return parts.Scroll(parts.PadAll(20, rows))
}

// copy puts a secret into the clipboard and says so.
func (m *Mailbox) copy(secret, said string) {
	m.env.CopySecret(secret)
	m.bar.Say(m.env.SaySecretCopied(said))
}

// turn switches the service on or off.
func (m *Mailbox) turn() {
	if m.busy {
		return
	}
	m.busy = true
	on := !m.on
	var err error
	m.env.Run.Run(m.ctx, func(ctx context.Context) { err = m.demo.SetOn(ctx, on) }, func() {
		m.busy = false
		if err != nil {
			m.bar.Say(m.env.Problem(err))
			return
		}
		m.on = on
		m.showSwitch()
	})
}

func (m *Mailbox) showSwitch() {
	t := m.env.T
	if m.on {
		m.state.Set(t("mailbox.on"), parts.Success)
		m.onOff.SetText(t("mailbox.off.turn"))
		return
	}
	m.state.Set(t("mailbox.off"), parts.Warning)
	m.onOff.SetText(t("mailbox.on.turn"))
}
