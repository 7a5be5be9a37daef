package admin

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// Management is the organization's Application Management: its mail server,
// the e-mails that go out by themselves, what became of them, the organizations
// that people have entered by hand, and what the service says of itself. Each is asked for when it is
// first looked at.
type Management struct {
	env     kit.Env
	service ServiceAdmin

	ctx   context.Context
	leave func()

	content   fyne.CanvasObject
	bar       *parts.Bar
	busy      *parts.Busy
	prover    *kit.Prover
	tabs      *parts.Tabs
	sections  map[parts.ID]section
	shown     parts.ID
	server    *mailServer
	automatic *automaticMails
	outgoing  *outgoing
	entered   *enteredOrganizations
	about     *serviceSettings
}

// section is one tab of Application Management.
type section interface {
	// Open is called when the section is shown; it asks for what it needs.
	Open()
	// back goes back within the section; it tells whether it did.
	back() bool
	// Online asks again for what could not be had.
	Online(online bool)
	first() fyne.Focusable
}

// The sections, in order.
const (
	sectionServer    parts.ID = "server"
	sectionAutomatic parts.ID = "automatic"
	sectionOutgoing  parts.ID = "outgoing"
	sectionEntered   parts.ID = "organizations"
	sectionAbout     parts.ID = "service"
)

// NewManagement returns the screen; prove is Prove of app.Service. Close it when it
// is left.
func NewManagement(env kit.Env, service ServiceAdmin, directory person.Directory, prove func(ctx context.Context, password, secondFactor string) error) *Management {
	m := &Management{env: env, service: service}
	m.ctx, m.leave = context.WithCancel(context.Background())
	m.bar, m.busy = parts.NewBar("management.bar"), parts.NewBusy("management.busy")
	m.prover = kit.NewProver(env, "management", prove)
	m.server, m.automatic = newMailServer(m), newAutomaticMails(m)
	m.outgoing, m.entered = newOutgoing(m), newEnteredOrganizations(m, directory)
	m.about = newServiceSettings(m)
	m.sections = map[parts.ID]section{
		sectionServer: m.server, sectionAutomatic: m.automatic, sectionOutgoing: m.outgoing, sectionEntered: m.entered,
		sectionAbout: m.about,
	}
	t := env.T
	m.tabs = parts.NewTabs("management.tab",
		parts.Tab{ID: sectionServer, Text: t("management.server"), Content: m.server.content},
		parts.Tab{ID: sectionAutomatic, Text: t("management.automatic"), Content: m.automatic.content},
		parts.Tab{ID: sectionOutgoing, Text: t("management.outgoing"), Content: m.outgoing.content},
		parts.Tab{ID: sectionEntered, Text: t("management.organizations"), Content: m.entered.content},
		parts.Tab{ID: sectionAbout, Text: t("management.service"), Content: m.about.content})
	m.tabs.OnChoose = m.choose
	m.content = kit.StaffLayout(parts.Heading(t("nav.management"), t("management.line"), m.busy), m.bar, m.tabs.Heads(),
		m.prover.Over(m.tabs.Body()), m.outgoing.panes, m.entered.panes)
	m.choose(sectionServer)
	return m
}

// Content is what is to be shown.
func (m *Management) Content() fyne.CanvasObject { return m.content }

// Tick counts down the wait between two tries of a proof.
func (m *Management) Tick() { m.prover.Tick() }

// Close ends what the screen has under way.
func (m *Management) Close() {
	m.leave()
	m.entered.close()
}

// First is what takes the keyboard.
func (m *Management) First() fyne.Focusable { return m.sections[m.shown].first() }

// Back leaves the question for the password, or goes back within the section.
func (m *Management) Back() bool { return m.prover.Cancel() || m.sections[m.shown].back() }

// SetOnline asks again for what could not be had.
func (m *Management) SetOnline(online bool) { m.sections[m.shown].Online(online) }

func (m *Management) choose(id parts.ID) {
	m.prover.Cancel()
	if m.shown != id {
		m.bar.Clear()
	}
	m.shown = id
	m.sections[id].Open()
}

// done says that something was done.
func (m *Management) done(text string) {
	m.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: text}}})
}

// calls are those of a section, which asks for one thing at a time.
func (m *Management) calls() *kit.Calls {
	return kit.NewCalls(m.ctx, m.env, m.bar, m.busy, m.prover)
}

// Unsaved names the sections in which something is typed and not saved.
func (m *Management) Unsaved() []string {
	var names []string
	for _, s := range []struct {
		key     string
		unsaved bool
	}{
		{"management.server", m.server.form != nil && m.server.form.Differs()},
		{"management.organizations", m.entered.detail.unsaved()},
		{"management.service", m.about.form != nil && m.about.form.Differs()},
	} {
		if s.unsaved {
			names = append(names, m.env.T("nav.management")+" – "+m.env.T(s.key))
		}
	}
	return names
}

// Left ends the question for the password.
func (m *Management) Left() { m.prover.Cancel() }
