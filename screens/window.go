package screens

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/parts"
	"plenary/words"
)

// WindowDeps is what the window needs from the program around it.
type WindowDeps struct {
	App    fyne.App
	Window fyne.Window
	// Open opens an organization's service by its address. One that was not
	// known before must answer, and is known from then on.
	Open func(ctx context.Context, address string) (Services, error)
	// Demo starts the demonstration and opens it; nil means there is none.
	Demo func(ctx context.Context) (Services, error)
	// Address is the service's, from the last time or the installer; empty at
	// the first start, when the person is asked for it.
	Address string
	// StartDemo goes straight to the demonstration.
	StartDemo bool
	// Trouble is what went wrong before the window was there, and is said where
	// the person is asked for the address; nil if nothing did.
	Trouble error
	// Version of the program, for Help.
	Version string
	// Tick is how often what depends on the time is looked at; 0 means never.
	Tick time.Duration
}

// Shell is the window: it decides which screen is shown, draws navigation,
// notices and status bar around it, and hears the keys that count everywhere.
//
// Without a session the account screens stand alone. With one: Meetings, My
// meetings, Settings and Help, and from there a form or a registration.
type Shell struct {
	env  Env
	deps WindowDeps

	ctx      context.Context
	services Services
	opened   bool
	during   context.Context // ends when the services are closed: nothing they say counts then
	again    func()          // opens them once more
	demo     bool
	account  api.Account
	inside   bool // somebody is logged in, or was until the service ended it

	root    *fyne.Container
	frame   *shellFrame
	nav     *parts.Navigation
	bar     *parts.Bar
	status  *statusBar
	holder  *fyne.Container
	page    page
	at      route
	history []route

	link        string // code of the meeting to register for after the log-in
	signup      *Signup
	unsubscribe []func()
	mailbox     fyne.Window
	quitting    bool   // once everything is sent
	trouble     string // the kind of trouble that the notice is about
	stands      string // what the notice says of the account, see sayAccount
	lostSeen    int    // entries that cannot be read, as far as the person knows of them
}

// page is a screen in the window.
type page interface {
	Content() fyne.CanvasObject
	Close()
}

// NewShell returns the window's content, empty until Start.
func NewShell(env Env, deps WindowDeps) *Shell {
	s := &Shell{env: env, deps: deps, ctx: context.Background()}
	s.root = container.NewStack(parts.NewBox(theme.ColorNameBackground, "", 0))
	s.restoreSettings() // before the window is shown: X does not bear one without a size
	return s
}

// Content is what the window shows.
func (s *Shell) Content() fyne.CanvasObject { return s.root }

// Start shows the first screen; ctx is the program's.
func (s *Shell) Start(ctx context.Context) {
	s.ctx = ctx
	s.listen()
	s.tick()
	switch {
	case s.deps.StartDemo:
		s.openDemo()
	case s.deps.Address != "":
		s.open(s.deps.Address)
	default:
		s.showFirstStart(nil)
	}
}

// Open leads to the meeting of a link or code: to its registration form, after
// the log-in if need be. It may be called at any time, on Fyne's goroutine.
func (s *Shell) Open(link string) {
	code, ok := rules.ParseMeetingRef(link)
	if !ok {
		s.say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{
			Text: s.env.T("shell.link.unknown", map[string]any{"Link": named(link)}),
		}}})
		return
	}
	s.link = code
	if s.inside {
		s.followLink()
	} else if login, ok := s.page.(*Login); ok {
		login.SetNotice(s.linkNotice())
	}
}

// named is a link as a notice names it. It may come from any web page: one line
// without marks that change the text around it, and too short for a message.
func named(link string) string {
	const most = 48
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return -1
	}, link))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}

// say shows a notice above the screen, or on the log-in screen.
func (s *Shell) say(n parts.Notice) {
	if s.frame != nil {
		s.bar.Say(n)
	} else if login, ok := s.page.(*Login); ok {
		login.SetNotice(n)
	}
}

// open opens a service, and then what is known of its session.
func (s *Shell) open(address string) {
	s.demo = false
	s.opening(func(ctx context.Context) (Services, error) { return s.deps.Open(ctx, address) }, func() { s.open(address) })
}

func (s *Shell) openDemo() {
	s.demo = true
	s.opening(s.deps.Demo, s.openDemo)
}

// infoWait bounds how long the start waits for what the service says of itself.
const infoWait = 2 * time.Second

func (s *Shell) opening(start func(context.Context) (Services, error), again func()) {
	s.again = again
	waiting := newWaiting(s.env)
	s.show(waiting)
	var services Services
	var info api.ServiceInfo
	s.env.Do(s.ctx, waiting.busy, s.env.T("shell.opening"), func(ctx context.Context) (err error) {
		if services, err = start(ctx); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, infoWait)
		defer cancel()
		// Without it the screens have no names and links of the organization:
		// they are shown all the same, and get them at the next contact.
		info, _ = services.Info(ctx)
		return nil
	}, func(err error) {
		if err != nil {
			waiting.failed(err, again, func() { s.showFirstStart(again) })
			return
		}
		s.use(services, info)
	})
}

// use takes services that have been opened and restores the session.
func (s *Shell) use(services Services, info api.ServiceInfo) {
	s.services, s.opened, s.deps.Trouble = services, true, nil
	s.know(info)
	s.subscribe()
	if s.demo && services.Demo != nil {
		s.openMailbox()
		s.deps.Window.RequestFocus() // which the second window took
	}
	s.restore()
}

// closeServices ends the services that are open, if any, and then goes on.
func (s *Shell) closeServices(then func()) {
	if !s.opened {
		then()
		return
	}
	s.opened = false
	for _, cancel := range s.unsubscribe {
		cancel()
	}
	s.unsubscribe = nil
	s.dropSignup()
	if s.mailbox != nil {
		s.mailbox.Close()
	}
	services := s.services
	s.services, s.env.Info = Services{}, api.ServiceInfo{}
	s.env.Run.Run(s.ctx, func(context.Context) {
		if err := services.Close(); err != nil {
			fyne.LogError("close the services", err)
		}
	}, then)
}

func (s *Shell) restore() {
	waiting := newWaiting(s.env)
	s.show(waiting)
	ctx, cancel := context.WithCancel(s.ctx)
	session := s.services.Session
	stop := session.SubscribeKeyring(func(on bool) {
		s.env.Run.Run(ctx, func(context.Context) {}, func() { waiting.keyring(on, cancel, func() { s.loginAfter(nil) }) })
	})
	var account api.Account
	s.env.Do(ctx, waiting.busy, s.env.T("shell.opening"), func(ctx context.Context) (err error) {
		defer stop()
		account, err = session.Restore(ctx)
		return err
	}, func(err error) {
		cancel()
		if err != nil {
			s.loginAfter(err)
			return
		}
		s.enter(account)
	})
}

// loginAfter shows the log-in screen, and why the session could not be
// restored unless there was none.
func (s *Shell) loginAfter(err error) {
	login := s.showLogin()
	switch kind := s.env.kindOf(err); {
	case err == nil || kind == app.KindNoSession || kind == app.KindCanceled:
	case kind == app.KindPassphraseNeeded:
		login.AskPassphrase()
	default:
		login.failed(err)
	}
}

// subscribe follows the session and the sync of the services.
func (s *Shell) subscribe() {
	var end context.CancelFunc
	s.during, end = context.WithCancel(s.ctx)
	onMain := func(then func()) { s.env.Run.Run(s.during, func(context.Context) {}, then) }
	s.unsubscribe = append(s.unsubscribe, end,
		s.services.Session.Subscribe(func(state app.SessionState) { onMain(func() { s.sessionChanged(state) }) }),
		s.services.Sync.Subscribe(func(status app.Status) { onMain(func() { s.statusChanged(status) }) }),
	)
}

// enter shows the program to the person who has logged in.
func (s *Shell) enter(account api.Account) {
	s.account, s.inside, s.trouble, s.lostSeen = account, true, "", 0
	s.buildFrame()
	s.countApprovals()
	s.dropSignup()
	s.sayAccount(true)
	s.statusChanged(s.services.Sync.Status())
	s.history = nil
	if s.link != "" {
		s.at = route{name: routeMeetings}
		s.followLink()
		return
	}
	s.goTo(route{name: routeMeetings})
}

// followLink leads to the form of the meeting that somebody came for, or to
// the meeting where one cannot register, or to one's registration.
func (s *Shell) followLink() {
	code := s.link
	s.link = ""
	m, known := s.services.Meetings.Get(code)
	mine, registered := s.services.Registrations.Get(code)
	registered = registered && mine.State != app.StateDraft
	switch {
	case registered:
		s.goTo(route{name: routeRegistration, code: code})
	case known && meetingState(&m, s.env.Now()) <= meetingWaitlist:
		s.goTo(route{name: routeRegister, code: code})
	case known:
		s.goTo(route{name: routeMeetings, code: code})
	default:
		s.findLinked(code)
	}
}

// findLinked asks the service for a meeting that is not known here.
func (s *Shell) findLinked(code string) {
	s.goTo(route{name: routeMeetings})
	meetings, ok := s.page.(*Meetings)
	if !ok {
		return
	}
	meetings.Seek(code, func() {
		s.link = code
		s.followLink()
	})
}

func (s *Shell) linkNotice() parts.Notice {
	name := s.link
	if s.opened {
		if m, ok := s.services.Meetings.Get(s.link); ok {
			name = m.Title.In(s.env.Words.Lang())
		}
	}
	return parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("shell.link.kept", map[string]any{"Meeting": name})}}}
}

// sessionChanged follows a session that somebody or something else has ended.
func (s *Shell) sessionChanged(state app.SessionState) {
	switch {
	case state.Phase == app.LoggedOut && s.inside:
		s.outside()
		s.showLogin()
	case state.Phase == app.Ended && s.frame != nil:
		s.bar.Say(parts.Notice{
			Tone: parts.Warning, Words: []parts.Span{{Text: s.env.T("shell.ended")}},
			Action: s.env.T("shell.ended.login"), Act: s.logInAgain,
		})
	case state.Phase == app.LoggedIn && s.inside && s.frame != nil:
		s.accountChanged(state.Account)
		if settings, ok := s.page.(*Settings); ok {
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

// outside takes the program away: nobody is logged in.
func (s *Shell) outside() {
	s.inside, s.account = false, api.Account{}
	s.frame, s.history, s.at = nil, nil, route{}
}

// statusChanged shows how this machine and the service stand.
func (s *Shell) statusChanged(status app.Status) {
	if s.quitting && s.services.Session.Unsent() == 0 {
		s.end()
		return
	}
	if status.Online && s.env.Info.ServiceID == "" {
		s.learn()
	}
	if s.frame == nil {
		return
	}
	s.status.set(status)
	count := ""
	if status.Attention > 0 {
		count = strconv.Itoa(status.Attention)
	}
	s.nav.Count(navMine, count)
	s.sayTrouble(status)
	if p, ok := s.page.(interface{ SetOnline(online bool) }); ok {
		p.SetOnline(status.Online)
	}
}

// know takes what the service says of itself. The demonstration is meant with
// its mailbox: one that runs elsewhere sends its e-mails like any service.
func (s *Shell) know(info api.ServiceInfo) {
	info.Demo = info.Demo && s.services.Demo != nil
	s.env.Info = info
}

// learn asks the service what it says of itself, once it can be reached.
func (s *Shell) learn() {
	ask := s.services.Info
	var info api.ServiceInfo
	s.env.Run.Run(s.during, func(ctx context.Context) {
		// Asked for again at the next contact.
		info, _ = ask(ctx)
	}, func() {
		if info.ServiceID == "" || s.env.Info.ServiceID != "" {
			return
		}
		s.know(info)
		if s.frame != nil {
			s.status.env = s.env
			s.statusChanged(s.services.Sync.Status())
		}
	})
}

// troubles are the reasons for which the sync fails that a person can do
// something about; for some of them the service can be reached.
var troubles = []string{
	app.KindUntrusted, app.KindNotPlenary, app.KindOtherService, app.KindDiskFull, app.KindDiskStopped, app.KindNoAccess,
	app.KindNewerData, app.KindInUse, app.KindDamaged, string(api.CodeVersionTooOld),
}

// troubleLost: some of what was stored on this machine cannot be read.
const troubleLost = "lost"

func (s *Shell) sayTrouble(status app.Status) {
	trouble := ""
	switch {
	case slices.Contains(troubles, status.Kind):
		trouble = status.Kind
	case status.Lost > s.lostSeen:
		trouble = troubleLost
	}
	if trouble == s.trouble {
		return
	}
	s.trouble = trouble
	if trouble == "" {
		s.bar.Clear()
		s.sayAccount(true)
		return
	}
	if trouble == troubleLost {
		s.bar.Say(parts.Notice{
			Tone: parts.Warning, Words: []parts.Span{{Text: s.env.Words.N("shell.lost", status.Lost)}},
			Action: s.env.T("shell.close"), Act: func() {
				s.lostSeen = status.Lost
				s.sayTrouble(s.services.Sync.Status())
			},
		})
		return
	}
	s.bar.Say(parts.Notice{
		Tone: parts.Warning, Words: []parts.Span{{Text: s.env.T("error." + trouble)}},
		Action: s.env.T("shell.retry"), Act: s.services.Sync.Now,
	})
}

// tick brings up to date, every now and then, what depends on the time.
func (s *Shell) tick() {
	if s.deps.Tick <= 0 {
		return
	}
	s.env.Run.Run(s.ctx, func(ctx context.Context) { s.env.Sleep(ctx, s.deps.Tick) }, func() {
		if p, ok := s.page.(interface{ Tick() }); ok {
			p.Tick()
		}
		s.tick()
	})
}

// restoreSettings applies language, appearance, text size and window size as
// they were chosen.
func (s *Shell) restoreSettings() {
	p := s.deps.App.Preferences()
	if lang := p.String(prefLanguage); lang != "" {
		s.env.Words = words.For(lang)
	}
	s.applyTheme()
	width, height := float32(p.FloatWithFallback(prefWidth, 1100)), float32(p.FloatWithFallback(prefHeight, 740))
	s.deps.Window.Resize(fyne.NewSize(width, height))
}

func (s *Shell) applyTheme() {
	s.deps.App.Settings().SetTheme(chosenTheme(s.deps.App.Preferences()))
	parts.Relayout(s.root)
}
