// Package settings is the page with a person's account and how Plenary looks here: a
// section for each, which is made when it is first shown. Start reading at settings.go,
// then pane.go, which the sections have in common.
package settings

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// Events is what Settings leads to.
type Events struct {
	// Language changes the language, or calls undo where the person thinks better of it;
	// nil where the organization has set it.
	Language   func(code string, undo func())
	Appearance func() // appearance or text size have been chosen
	// Proxy takes a proxy that was entered, see WindowDeps, and KeepProxy keeps
	// it; both are nil where the organization has set one. NewProxy is told then.
	Proxy     func(text string) error
	KeepProxy func() error
	NewProxy  func()
	// EnteredProxy is what was entered, or set.
	EnteredProxy string
	// OtherService leads to the choice of the service; nil where the organization has
	// set one.
	OtherService func()
	LogOut       func()
	// Lock locks Plenary at once, Locking is how, and LockedOut follows a session that too
	// many wrong PINs have ended.
	Lock       func()
	Locking    Locking
	LockedOut  func(err error)
	Everywhere func() // log out everywhere
	// LockAfter is the longest time that the organization allows; 0 without one.
	LockAfter time.Duration
	// Account is told what the account is after a change.
	Account func(api.Account)
}

// Names of the sections, in the order of the list.
const (
	SectionProfile  = "profile"
	sectionIdentity = "identity"
	sectionPassword = "password"
	sectionQuestion = "question"
	SectionTwoStep  = "twostep"
	SectionSessions = "sessions"
	SectionData     = "data"
	SectionProgram  = "program"
)

// settingsSection is one section of Settings. It may also have Shown(), called
// each time it comes into sight, SetAccount(api.Account), and Back() bool, which
// undoes a step within it.
type settingsSection interface {
	Content() fyne.CanvasObject
	// First is what takes the keyboard, or nil.
	First() fyne.Focusable
	Close()
	setNarrow(narrow bool)
}

// Page is the screen with the person's account and how Plenary looks here:
// the sections at the left, the chosen one at the right; in a narrow window one
// replaces the other.
type Page struct {
	env       kit.Env
	account   api.Account
	self      Account
	directory person.Directory
	prefs     Preferences
	on        Events

	ctx   context.Context
	leave context.CancelFunc

	title, who     *fyne.Container
	line           *parts.Text
	name, username *parts.Text
	offline        *parts.Bar
	list           *parts.RowList
	lock           *parts.Button
	holder         *fyne.Container
	panes          *parts.Panes
	names          []string
	made           map[string]settingsSection // what is typed stays while one looks elsewhere
	chosen         string
	online, known  bool // whether it can be reached, and whether that is known
	content        fyne.CanvasObject
}

// settingsListWidth is the width of the list of sections at 100 % text size.
const settingsListWidth float32 = 232

// New returns the screen with a section of it, an empty one meaning the
// first; prefs is where the choices about the program are kept. The service is
// asked once SetOnline has said that there is one.
func New(env kit.Env, account api.Account, self Account, directory person.Directory, prefs Preferences, section string, on Events) *Page {
	s := &Page{
		env: env, account: account, self: self, directory: directory, prefs: prefs, on: on,
		made: map[string]settingsSection{}, names: sectionsFor(env.Info),
	}
	s.ctx, s.leave = context.WithCancel(context.Background())
	s.build()
	s.SetAccount(account)
	s.open(section)
	return s
}

// sectionsFor lists the sections that a service has.
func sectionsFor(info api.ServiceInfo) []string {
	names := []string{SectionProfile, sectionIdentity, sectionPassword}
	if info.Questions != api.QuestionOff {
		names = append(names, sectionQuestion)
	}
	if info.SecondFactor != api.SecondFactorOff {
		names = append(names, SectionTwoStep)
	}
	return append(names, SectionSessions, SectionData, SectionProgram)
}

func (s *Page) build() {
	t := s.env.T
	s.name = parts.Bold("").WithID("settings.name")
	s.username = parts.Small("").WithID("settings.username.now")
	s.offline = parts.NewBar("settings.offline")
	s.list = parts.NewRowList("settings.sections", func() fyne.CanvasObject { return parts.Body("") }, func(row int, o fyne.CanvasObject) {
		name := s.names[row]
		o.(*parts.Text).SetSpans(parts.Span{Text: t("settings.section." + name), Bold: name == s.chosen})
	})
	s.list.RowID = func(row int) parts.ID { return parts.ID("settings.section." + s.names[row]) }
	s.list.OnChosen = func(row int) { s.choose(s.names[row]) }
	s.list.OnOpened = func(row int) { s.show(s.names[row]) }
	s.list.SetLength(len(s.names))
	s.who = parts.Stack(0, parts.Pad(parts.Gap16, 18, parts.Gap12, 18, parts.Stack(2, s.name, s.username)), parts.Divider())
	logOut := parts.NewButton("settings.logout", t("settings.logout"), parts.Outlined, s.on.LogOut)
	s.lock = parts.NewButton("settings.lock-now", t("settings.lock-now"), parts.Outlined, s.on.Lock)
	s.lock.Hidden = !s.on.Locking.State().Lock.On
	foot := parts.Stack(0, parts.Divider(), parts.PadAll(parts.Gap12, parts.Stack(parts.Gap8, s.lock, logOut)))
	s.holder = container.NewStack()
	s.panes = parts.NewPanes(parts.Panel(parts.Frame(s.who, s.list, foot)), s.holder).WithListWidth(settingsListWidth)
	s.panes.OnNarrow = func(narrow bool) {
		s.section().setNarrow(narrow)
		parts.SetVisible(!narrow, s.line, s.who) // the person's name stands elsewhere
	}
	s.panes.OnAlone = func(alone bool) { // the section has its own way back
		parts.SetVisible(!alone, s.title)
	}
	s.line = parts.Muted(t("settings.line"))
	s.title = parts.Stack(2, parts.Title(t("nav.settings")), s.line)
	top := parts.Pad(0, 0, parts.Gap16, 0, parts.Stack(parts.Gap12, s.title, s.offline))
	s.content = parts.Margins(parts.Frame(top, s.panes.Content(), nil))
}

// Content is what is to be shown.
func (s *Page) Content() fyne.CanvasObject { return s.content }

// Close ends what the screen has under way.
func (s *Page) Close() {
	s.leave()
	for _, made := range s.made {
		made.Close()
	}
}

// First is what takes the keyboard.
func (s *Page) First() fyne.Focusable { return s.list }

// Tick counts down what the section waits for.
func (s *Page) Tick() {
	if m, ok := s.section().(interface{ Tick() }); ok {
		m.Tick()
	}
}

// Section is the name of the chosen section.
func (s *Page) Section() string { return s.chosen }

// Back cancels a question or a step in the section, or goes from the section to
// the list where they replace each other; it tells whether there was anything.
func (s *Page) Back() bool {
	if step, ok := s.section().(interface{ Back() bool }); ok && s.panes.DetailShown() && step.Back() {
		return true
	}
	if !s.panes.Narrow() || !s.panes.DetailShown() {
		return false
	}
	s.toList()
	return true
}

// Open shows a section, or with an empty name the list of them.
func (s *Page) Open(name string) {
	if name == "" {
		s.toList()
		return
	}
	s.open(name)
}

func (s *Page) toList() {
	s.panes.ShowDetail(false)
	parts.Focus(s.list)
}

// SetOnline tells whether the service can be reached. Once it can, it is asked
// for what stands here; while it cannot, the screen says that it is needed.
func (s *Page) SetOnline(online bool) {
	back := online && !s.online
	s.online, s.known = online, true
	s.sayOffline()
	if back {
		s.refresh()
		s.shown()
	}
}

func (s *Page) sayOffline() {
	if s.online || !s.known || s.chosen == SectionProgram {
		s.offline.Clear()
		return
	}
	s.offline.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: s.env.T("settings.offline")}}})
}

// refresh asks the service what the account is now. Without an answer what is
// known stays; the next call says why.
func (s *Page) refresh() {
	var account api.Account
	var err error
	s.env.Run.Run(s.ctx, func(ctx context.Context) { account, err = s.self.Account(ctx) }, func() {
		if err == nil {
			s.changed(account)
		}
	})
}

// changed takes the account as it is after a change, and tells the window.
func (s *Page) changed(account api.Account) {
	s.SetAccount(account)
	s.on.Account(account)
}

// SetAccount shows the account as it is now.
func (s *Page) SetAccount(account api.Account) {
	s.account = account
	s.name.SetText(person.Name(account))
	s.username.SetText(account.Username)
	for _, made := range s.made {
		if m, ok := made.(interface{ SetAccount(api.Account) }); ok {
			m.SetAccount(account)
		}
	}
}

// open chooses a section, the first where there is none of this name.
func (s *Page) open(name string) {
	row := slices.Index(s.names, name)
	known := row >= 0
	row = max(row, 0)
	s.choose(s.names[row])
	s.list.Choose(row)
	if known {
		s.panes.ShowDetail(true)
	}
}

// show is what a click on a section does: it shows it, and gives it the keyboard.
func (s *Page) show(name string) {
	s.choose(name)
	s.panes.ShowDetail(true)
	if first := s.section().First(); first != nil {
		parts.Focus(first)
	}
}

func (s *Page) choose(name string) {
	if s.chosen == name {
		return
	}
	s.chosen = name
	if s.made[name] == nil {
		s.made[name] = s.make(name)
	}
	s.section().setNarrow(s.panes.Narrow())
	kit.Swap(s.holder, s.section().Content())
	s.list.Choose(s.list.Chosen()) // the chosen one is in bold
	parts.Changed(s.holder)
	s.sayOffline()
	s.shown()
}

// shown tells the section that it is in sight: it asks for what it shows.
func (s *Page) shown() {
	if m, ok := s.section().(interface{ Shown() }); ok && s.online {
		m.Shown()
	}
}

func (s *Page) section() settingsSection { return s.made[s.chosen] }

func (s *Page) make(name string) settingsSection {
	switch name {
	case SectionProfile:
		return newProfileSection(s.env, s.account, s.self, s.directory, s.self.Prove, s.toList, s.changed)
	case sectionIdentity:
		return newIdentitySection(s.env, s.account, s.self, s.self.Prove, s.toList, s.changed)
	case sectionPassword:
		return newPasswordSection(s.env, s.account, s.self, s.self.Prove, s.toList)
	case sectionQuestion:
		return newQuestionSection(s.env, s.account, s.self, s.self.Prove, s.toList)
	case SectionTwoStep:
		return newTwoStepSection(s.env, s.account, s.self, s.self.Prove, s.toList)
	case SectionSessions:
		return newSessionsSection(s.env, s.self, s.self.Prove, s.toList, s.on.Everywhere)
	case SectionData:
		return newDataSection(s.env, s.account, s.self, s.self.Prove, s.toList, s.changed)
	}
	return newProgramSection(s.env, s.prefs, s.toList, s.on, s.lockChanged)
}

// lockChanged offers to lock at once where that works.
func (s *Page) lockChanged() {
	parts.SetVisible(s.on.Locking.State().Lock.On, s.lock)
}

// ShowLock shows where the lock is set up.
func (s *Page) ShowLock() {
	s.show(SectionProgram)
	if program, ok := s.section().(*programSection); ok {
		program.showLock()
	}
}

// Unsaved names the sections in which something is typed and not saved.
func (s *Page) Unsaved() []string {
	var names []string
	for _, name := range s.names {
		if m, ok := s.made[name].(interface{ unsaved() bool }); ok && m.unsaved() {
			names = append(names, s.env.T("nav.settings")+" – "+s.env.T("settings.section."+name))
		}
	}
	return names
}

// Left ends questions for a proof, since the page goes out of sight.
func (s *Page) Left() {
	for _, made := range s.made {
		if m, ok := made.(interface{ cancelProof() }); ok {
			m.cancelProof()
		}
	}
}
