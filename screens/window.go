// Package screens is the window of Plenary: which page is shown, what surrounds it
// (navigation, notices, status bar), the keys that count everywhere, and the way from the
// first start to the end of the program.
//
// What stands in the window is made by a package for each area: account, settings,
// meetings, admin, help and demo. No area knows another one; they share kit, what every
// page does, person, the forms about people, and parts, the widgets. Start reading at
// window.go and pages.go.
package screens

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/account"
	"plenary/screens/help"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/settings"
	"plenary/words"
)

// WindowDeps is what the window needs from the program around it.
type WindowDeps struct {
	App    fyne.App
	Window fyne.Window
	// Quit ends the program, once nothing is left to be written.
	Quit func()
	// Open opens an organization's service by its address. One that was not
	// known before must answer, and is known from then on.
	Open func(ctx context.Context, address string) (Services, error)
	// Demo starts the demonstration and opens it; nil means there is none.
	Demo func(ctx context.Context) (Services, error)
	// DemoAnew is Demo after a demonstration that cannot be used was removed.
	DemoAnew func(ctx context.Context) (Services, error)
	// Address is the service's, from the last time or the installer; empty at
	// the first start, when the person is asked for it.
	Address string
	// StartDemo goes straight to the demonstration.
	StartDemo bool
	// Trouble is what went wrong before the window was there, and is said where
	// the person is asked for the address; nil if nothing did.
	Trouble error
	// Support tells what the service desk asks for, for Help; it may read files.
	Support func() help.Support
	// NoUpdateNotice: the person is not told of newer versions.
	NoUpdateNotice bool
	// Fit makes a window's size fit the screen; nil leaves it as it is.
	Fit func(fyne.Size) fyne.Size
	// Notify shows a notification of the system, and returns once it is shown; where the
	// person clicks on it, the link is opened (Open). Nil where there is none.
	Notify func(ctx context.Context, title, text, link string) error
	// LookKnown: Fyne knows from its start on whether the system is light or dark.
	LookKnown bool
	// Proxy takes a proxy that the person has entered, empty for the system's; it
	// does not wait, and KeepProxy keeps it for the next start. Nil where the
	// organization has set one. EnteredProxy is what was entered earlier, or set.
	Proxy        func(text string) error
	KeepProxy    func() error
	EnteredProxy string
	// Managed is what the organization has set on this computer.
	Managed Managed
	// Version of the program, for Help.
	Version string
	// Tick is how often what depends on the time is looked at; 0 means never.
	Tick time.Duration
	// Ahead is how long Start waits for the service to be opened, since there is no window
	// yet; 0 means not at all.
	Ahead time.Duration
}

// Shell is the window: it decides which screen is shown, draws navigation,
// notices and status bar around it, and hears the keys that count everywhere.
//
// Without a session the account screens stand alone. With one: Meetings, My
// meetings, Settings and Help, and from there a form or a registration.
type Shell struct {
	env  kit.Env
	deps WindowDeps
	look look

	ctx      context.Context
	services Services
	opened   bool
	ahead    *kit.Ahead      // how the service is opened before there is a window; nil later
	during   context.Context // ends when the services are closed: nothing they say counts then
	again    func()          // opens them once more
	demo     bool
	account  api.Account
	inside   bool // somebody is logged in, or was until the service ended it
	// lastManaged is the meeting that its manager has read last, see managedCatalog.
	lastManaged api.Meeting

	managed *parts.Bar      // see sayManaged
	above   *fyne.Container // its place, hidden with it
	content *fyne.Container
	root    *fyne.Container
	frame   *shellFrame
	nav     *parts.Navigation
	bar     *parts.Bar
	status  *statusBar
	holder  *fyne.Container
	page    page
	at      route
	history []route

	link        rules.MeetingRef // the meeting that somebody came for, see meetinglink.go
	ofLink      string           // what the notice says about a link
	unsaid      *parts.Notice    // what no screen could show so far
	signup      *account.Signup
	kept        map[route]page // pages with something typed in them, see letGo and keptAt
	keptFor     string         // the id of the account whose pages these are
	unsubscribe []func()
	mailbox     fyne.Window
	leave       leave
	ending      bool          // the program ends, see end
	used        time.Time     // when somebody used the window last, see Used
	resume      *resume       // where to go on after a lock; nil without one
	news        *parts.Notice // what was said last and is not closed yet
	stands      string        // the words of what is so now, see standing
	known       app.Status    // the last one that was told
	lostSeen    int           // entries that cannot be read, as far as the person knows of them
	againSeen   int           // operations that are sent again, likewise
	movedSeen   string        // the address that the service had before, likewise
	found       app.LocalWork // of an earlier run, of which the person has not read yet
	reminders   reminders
	folder      string // from which a file was chosen last
	prefs       *kit.Preferences
	chosenLang  string // the language that was chosen last
}

// page is a screen in the window.
type page interface {
	Content() fyne.CanvasObject
	Close()
}

// NewShell returns the window's content, empty until Start.
func NewShell(env kit.Env, deps WindowDeps) *Shell {
	s := &Shell{env: env, deps: deps, ctx: context.Background(), kept: map[route]page{}, reminders: newReminders()}
	s.env.Clock = env.Now
	s.env.TellSupport = s.tellSupport
	s.letChoose()
	s.env.ChooseFile, s.env.Drops = s.chooseFile, &kit.Drops{}
	s.env.Decisions = &kit.Decisions{Late: s.sayLate}
	s.env.Copied = &kit.Copied{}
	s.prefs = kit.NewPreferences(s.env, deps.App.Preferences())
	s.root = container.NewStack()
	s.managed = parts.NewBar("managed.bar")
	s.above = parts.Pad(parts.Gap12, parts.Gap30, 0, parts.Gap30, s.managed)
	s.above.Hide()
	s.content = parts.Root(parts.Frame(s.above, s.root, nil))
	s.followSystem()
	s.restoreSettings() // before the window is shown: X does not bear one without a size
	return s
}

// Content is what the window shows.
func (s *Shell) Content() fyne.CanvasObject { return s.content }

// Start shows the first screen; ctx is the program's.
func (s *Shell) Start(ctx context.Context) {
	s.ctx = ctx
	s.listen()
	s.tick()
	s.sayManaged()
	switch {
	case s.deps.Managed.Stopped:
		env := s.env
		env.Speak = nil // perhaps the organization has set it
		s.show(newManagedStop(env, s.deps.Managed.Faults, s.end))
	case s.deps.StartDemo:
		s.openDemo()
	case s.deps.Address != "":
		s.openAhead(s.deps.Address)
	default:
		s.showFirstStart(nil)
	}
}

// sayLate tells of a decision that failed after its screen was left. Whoever was about to
// leave the program stays.
func (s *Shell) sayLate(err error) {
	if s.leave.state == leaveCounting {
		s.leave.next(leaveFailed) // what is to be said then is said here
	}
	n := s.env.Problem(err)
	n.Words = append([]parts.Span{{Text: s.env.T("shell.late") + " "}}, n.Words...)
	s.say(n)
}

// subscribe follows the session, the sync and the meetings of the services.
func (s *Shell) subscribe() {
	var end context.CancelFunc
	s.during, end = context.WithCancel(s.ctx)
	onMain := func(then func()) { s.env.Run.Post(s.during, then) }
	s.unsubscribe = append(s.unsubscribe, end,
		s.services.Session.Subscribe(func(state app.SessionState) { onMain(func() { s.sessionChanged(state) }) }),
		s.services.Sync.Subscribe(func(status app.Status) { onMain(func() { s.statusChanged(status) }) }),
		s.services.SubscribeInfo(func(info api.ServiceInfo) { onMain(func() { s.learned(info) }) }),
		s.services.Meetings.Subscribe(func() { onMain(s.nameLink) }),
	)
}

// enter shows the program to the person who has logged in.
func (s *Shell) enter(account api.Account) {
	s.noMoreAhead()
	if s.keptFor != account.ID {
		s.dropTyped()
		s.keptFor = account.ID
	}
	s.account, s.inside, s.lostSeen, s.reminders.hidden = account, true, 0, nil
	s.news, s.stands, s.found, s.known = nil, "", app.LocalWork{}, s.services.Sync.Status()
	s.buildFrame()
	s.countApprovals()
	s.countVisas()
	s.dropSignup()
	s.statusChanged(s.services.Sync.Status())
	to := route{name: routeMeetings}
	s.history = nil
	if r := s.resume; r != nil && r.account == account.ID {
		to, s.history = r.at, r.history
	}
	s.resume, s.used = nil, s.env.Clock()
	s.goTo(to)
	s.sayUnsaid()
	s.followLink()
	s.lookForLeftovers()
}

// sessionChanged follows a session that somebody or something else has ended.
func (s *Shell) sessionChanged(state app.SessionState) {
	switch {
	case s.atLock() != nil:
		s.lockChanged()
	case state.Phase == app.LoggedOut && s.inside:
		s.outside()
		s.showLogin()
	case state.Phase == app.Ended && s.frame != nil:
		s.sayStanding()
	case state.Phase == app.LoggedIn && s.inside && s.frame != nil:
		s.accountChanged(state.Account)
		if settings, ok := s.page.(*settings.Page); ok {
			settings.SetAccount(state.Account)
		}
	}
}

// logInAgain shows the log-in screen with the person's name filled in.
func (s *Shell) logInAgain() {
	username := s.account.Username
	s.outside()
	s.showLogin().SetIdentifier(username)
}

// outside takes the program away: nobody is logged in. What is typed stays for the person
// who comes back.
func (s *Shell) outside() {
	if s.inside {
		s.letGo()
	}
	s.inside, s.account, s.lastManaged, s.reminders.hidden = false, api.Account{}, api.Meeting{}, nil
	s.frame, s.history, s.at = nil, nil, route{}
}

// statusChanged shows how this machine and the service stand.
func (s *Shell) statusChanged(status app.Status) {
	if s.frame == nil {
		return
	}
	s.status.set(status)
	count := ""
	if status.Attention > 0 {
		count = strconv.Itoa(status.Attention)
	}
	s.nav.Count(navMine, count)
	s.known, s.found.Waiting = status, min(s.found.Waiting, status.Waiting)
	s.sayStanding()
	s.sayRestored(status)
	s.tellOnline(status)
}

// tellOnline tells the page whether the service can be reached, once that is known.
func (s *Shell) tellOnline(status app.Status) {
	if p, ok := s.page.(interface{ SetOnline(online bool) }); ok && !status.Begins {
		p.SetOnline(status.Online)
	}
}

// tick brings up to date, every now and then, what depends on the time.
func (s *Shell) tick() {
	if s.deps.Tick <= 0 {
		return
	}
	s.env.Run.Run(s.ctx, func(ctx context.Context) { s.env.Sleep(ctx, s.deps.Tick) }, func() {
		s.ticked()
		s.tick()
	})
}

// ticked looks at what depends on the time.
func (s *Shell) ticked() {
	s.remind()
	if s.lockIfIdle() {
		return
	}
	if p, ok := s.page.(interface{ Tick() }); ok {
		p.Tick()
	}
}

// restoreSettings applies language, appearance, text size and window size as
// they were chosen.
func (s *Shell) restoreSettings() {
	p := s.deps.App.Preferences()
	if lang := cmp.Or(s.deps.Managed.Language, p.String(settings.PrefLanguage)); lang != "" {
		s.env.Words = words.For(lang)
	}
	kit.TellParts(s.env.Words)
	s.applyTheme()
	width, height := float32(p.FloatWithFallback(settings.PrefWidth, 1100)), float32(p.FloatWithFallback(settings.PrefHeight, 740))
	s.deps.Window.Resize(s.fit(fyne.NewSize(width, height)))
}

// fit makes the size of a new window fit the screen.
func (s *Shell) fit(size fyne.Size) fyne.Size {
	if s.deps.Fit == nil {
		return size
	}
	return s.deps.Fit(size)
}
