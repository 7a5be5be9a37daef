package screens

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"plenary/app"
	"plenary/rules"
	"plenary/screens/help"
	"plenary/screens/kit"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/person"
	"plenary/screens/settings"
)

// route is a place within the program.
type route struct {
	name    string
	code    string // of a meeting, or a section of Settings
	instead string // of a form, the operation that was refused and is corrected
}

// The places, see table.
const (
	routeMeetings     = "meetings"
	routeMine         = "mymeetings"
	routeParticipants = "participants"
	routeRegister     = "register"
	routeRegistration = "registration"
	routeChange       = "change"
	routeManage       = "manage"
	routeManaged      = "managed"
	routeDelegation   = "delegation"
	routeRegisterFor  = "delegation-register" // code of a meeting, or none to choose one
	routeBadges       = "delegation-badges"
	routeFocalPoints  = "focal-points"
	routeRegistered   = "registered"
	routeMails        = "mails"
	routeGuest        = "guest"
	routeImport       = "import"
	routeInvitations  = "invitations"
	routeStatistics   = "statistics"
	routeVisas        = "visas"
	routeUsers        = "users"
	routeManagement   = "management"
	routePolicies     = "policies"
	routeAudit        = "audit"
	routeSettings     = "settings"
	routeHelp         = "help"
)

// What else stands in the navigation.
const (
	navMine    = parts.ID("nav." + routeMine)
	navUsers   = parts.ID("nav." + routeUsers)
	navMailbox = parts.ID("nav.mailbox")
	navAccount = parts.ID("nav.account")
)

// place is one of the program's places.
type place struct {
	name string // of its route; nav.NAME is its word in the navigation
	// under is the place whose word in the navigation stands for it; it has none of its own.
	under  string
	icon   fyne.Resource
	bottom bool
	// who tells whether the place is there for the person; nil for everybody.
	who func() bool
	// page makes the page; nil where there is nothing to be shown.
	page func(to route) page
}

// table has all places, in the order of the navigation.
func (s *Shell) table() []place {
	return []place{
		{name: routeMeetings, icon: theme.ListIcon(), page: s.meetingsPage},
		{name: routeRegister, under: routeMeetings, page: s.registerPage},
		{name: routeParticipants, under: routeMeetings, page: s.participantsPage},
		{name: routeMine, icon: theme.ConfirmIcon(), page: s.minePage},
		{name: routeRegistration, under: routeMine, page: s.registrationPage},
		{name: routeChange, under: routeMine, page: s.changePage},
		{name: routeDelegation, icon: theme.CheckButtonCheckedIcon(), who: s.delegates, page: s.delegationPage},
		{name: routeRegisterFor, under: routeDelegation, who: s.delegates, page: s.registerForPage},
		{name: routeBadges, under: routeDelegation, who: s.delegates, page: s.badgesPage},
		{name: routeFocalPoints, icon: theme.AccountIcon(), who: s.appoints, page: s.focalPointsPage},
		{name: routeManage, icon: theme.GridIcon(), who: s.manages, page: s.managePage},
		{name: routeRegistered, under: routeManage, who: s.manages, page: s.ofManaged(s.registeredPage)},
		{name: routeMails, under: routeManage, who: s.manages, page: s.ofManaged(s.mailsPage)},
		{name: routeGuest, under: routeManage, who: s.manages, page: s.ofManaged(s.guestPage)},
		{name: routeImport, under: routeManage, who: s.manages, page: s.ofManaged(s.importPage)},
		{name: routeInvitations, under: routeManage, who: s.manages, page: s.ofManaged(s.invitationsPage)},
		{name: routeStatistics, under: routeManage, who: s.manages, page: s.ofManaged(s.statisticsPage)},
		{name: routeManaged, under: routeManage, who: s.manages, page: s.ofManaged(s.managedPage)},
		{name: routeVisas, icon: theme.DocumentCreateIcon(), who: s.answersVisas, page: s.visasPage},
		{name: routeUsers, icon: theme.AccountIcon(), who: s.administers, page: s.usersPage},
		{name: routeManagement, icon: theme.MailSendIcon(), who: s.administers, page: s.managementPage},
		{name: routePolicies, icon: theme.DocumentIcon(), who: s.administers, page: s.policiesPage},
		{name: routeAudit, icon: theme.HistoryIcon(), who: s.administers, page: s.auditPage},
		{name: routeSettings, icon: theme.SettingsIcon(), bottom: true, page: s.settingsPage},
		{name: routeHelp, icon: theme.HelpIcon(), bottom: true, page: s.helpPage},
	}
}

// placeOf is the place that a route leads to; false where there is none for the person.
func (s *Shell) placeOf(to route) (place, bool) {
	for _, p := range s.table() {
		if p.name == to.name {
			return p, p.who == nil || p.who()
		}
	}
	return place{}, false
}

// navID is the navigation's word for where one is.
func (s *Shell) navID() parts.ID {
	p, _ := s.placeOf(s.at)
	return parts.ID("nav." + cmp.Or(p.under, p.name))
}

// navigation has what it leads to, in order; Ctrl+1 leads to the first.
func (s *Shell) navigation() []parts.Place {
	t := s.env.T
	var above, below []parts.Place
	for _, p := range s.table() {
		if p.under != "" || p.who != nil && !p.who() {
			continue
		}
		entry := parts.Place{ID: parts.ID("nav." + p.name), Text: t("nav." + p.name), Icon: p.icon, Bottom: p.bottom}
		entry.Open = func() { s.goTo(route{name: p.name}) }
		if p.bottom {
			below = append(below, entry)
		} else {
			above = append(above, entry)
		}
	}
	if s.services.Demo != nil {
		above = append(above, parts.Place{ID: navMailbox, Text: t("nav.mailbox"), Icon: theme.MailComposeIcon(), Open: s.openMailbox})
	}
	return append(append(above, below...),
		parts.Place{ID: navAccount, Text: cmp.Or(person.Name(s.account), t("nav.account")), Icon: theme.AccountIcon(), Bottom: true, Open: s.openSettings(settings.SectionProfile)},
	)
}

// buildFrame makes what surrounds the screens of a person who is logged in.
func (s *Shell) buildFrame() {
	if s.page != nil {
		s.page.Close()
		s.page = nil
	}
	s.bar = parts.NewBar("shell.bar")
	s.status = newStatusBar(s.env, s.demo, s.tellUpdate)
	s.status.tell(s.update())
	s.holder = container.NewStack()
	s.layFrame()
}

// layFrame puts the navigation, as it is for the account now, and the rest of
// the frame into the window.
func (s *Shell) layFrame() {
	s.nav = parts.NewNavigation(s.navigation())
	barPlace := parts.Pad(parts.Gap12, parts.Gap30, 0, parts.Gap30, s.bar)
	s.frame = &shellFrame{
		nav: s.nav, bar: s.bar, barPlace: barPlace, holder: s.holder, status: s.status,
	}
	parts.Fill(s.root, container.New(s.frame, s.nav.Content(), barPlace, s.holder, s.status))
}

// show puts a screen that stands alone into the window.
func (s *Shell) show(p page) {
	if s.page != nil && s.page != page(s.signup) {
		s.page.Close()
	}
	s.page, s.frame = p, nil
	content := p.Content()
	if s.demo && s.services.Demo != nil {
		open := parts.NewText(kit.Muted(kit.Link(s.env.T("shell.demo"), "shell.mailbox", s.openMailbox))...).
			WithSize(parts.SizeSmall).WithAlign(fyne.TextAlignCenter)
		foot := parts.Stack(0, parts.Divider(), parts.PadAll(parts.Gap8, open))
		content = parts.Frame(nil, content, foot)
	}
	parts.Fill(s.root, content)
	s.focusFirst()
}

// goTo leads to a place and remembers the way back.
func (s *Shell) goTo(to route) {
	if s.at.name != "" && s.at != to {
		s.history = append(s.history, s.at)
	}
	s.show1(to)
}

// back leads to where one came from; without a way back, to the meetings.
func (s *Shell) back() {
	to := route{name: routeMeetings}
	if n := len(s.history); n > 0 {
		to, s.history = s.history[n-1], s.history[:n-1]
	}
	s.show1(to)
}

// show1 shows a place within the frame.
func (s *Shell) show1(to route) {
	if s.frame == nil {
		return
	}
	if s.page != nil {
		if m, ok := s.page.(*meetings.List); ok && s.at.name == routeMeetings {
			s.remember(m.Chosen())
		}
	}
	s.letGo()
	s.at = to
	s.sayStanding()
	s.page = s.pageOf(to)
	kit.Swap(s.holder, s.page.Content())
	s.nav.Choose(s.navID())
	s.tellOnline(s.services.Sync.Status())
	s.services.Sync.Look()
	s.focusFirst()
}

// remember keeps the chosen meeting for the way back to the list.
func (s *Shell) remember(code string) {
	for i := range s.history {
		if i == len(s.history)-1 && s.history[i].name == routeMeetings {
			s.history[i].code = code
		}
	}
}

// pageOf makes the page of a place, or brings back the one that was kept; what is not there
// leads to the meetings.
func (s *Shell) pageOf(to route) page {
	if place, ok := s.placeOf(to); ok {
		if p := s.keptPage(to); p != nil {
			return p
		}
		if p := place.page(to); p != nil {
			return p
		}
	}
	s.at.name = routeMeetings
	return s.meetingsPage(to)
}

func (s *Shell) meetingsPage(to route) page {
	m := meetings.NewList(s.env, s.services.Meetings, s.services.Registrations, s.account, meetings.ListEvents{
		Register:     s.toMeetings(routeRegister),
		Registration: s.toMeetings(routeRegistration),
		Participants: s.toMeetings(routeParticipants),
		Invited:      s.Open,
	})
	if to.code != "" {
		m.Show(to.code)
	}
	return m
}

// toMeetings leads to a place that is there for each meeting.
func (s *Shell) toMeetings(name string) func(code string) {
	return func(code string) { s.goTo(route{name: name, code: code}) }
}

func (s *Shell) registerPage(to route) page {
	m, ok := s.services.Meetings.Get(to.code)
	if !ok {
		return nil
	}
	return meetings.NewRegister(s.env, m, s.account, s.services.Registrations, meetings.RegisterEvents{
		Submitted: func(code string) { s.replace(route{name: routeRegistration, code: code}) },
		Back:      s.back,
	})
}

func (s *Shell) participantsPage(to route) page {
	if to.code == "" {
		return nil
	}
	return meetings.NewParticipants(s.env, s.services.Participants, s.services.Meetings, to.code, meetings.ParticipantsEvents{Back: s.back})
}

func (s *Shell) minePage(route) page {
	s.services.Sync.Now() // whoever looks here waits for news
	return meetings.NewMine(s.env, s.services.Meetings, s.services.Registrations, meetings.MineEvents{
		Registration: s.toMeetings(routeRegistration),
		Register:     s.toMeetings(routeRegister),
		Meetings:     func() { s.goTo(route{name: routeMeetings}) },
	})
}

// registrationPage is a registration's; a draft leads to its form, and none to the list.
func (s *Shell) registrationPage(to route) page {
	switch mine, ok := s.services.Registrations.Get(to.code); {
	case !ok:
		s.at = route{name: routeMine}
		return s.pageOf(s.at)
	case mine.State == app.StateDraft:
		s.at.name = routeRegister
		return s.pageOf(s.at)
	}
	return meetings.NewRegistration(s.env, s.services.Meetings, s.services.Registrations, to.code, meetings.RegistrationEvents{
		Back:     func() { s.replace(route{name: routeMine}) },
		Register: s.toMeetings(routeRegister),
		Draft:    func(code string) { s.replace(route{name: routeRegister, code: code}) },
		Change:   s.toMeetings(routeChange),
		Say:      s.bar.Say,
	})
}

// changePage is the form of a registration that one has; of one that is over, or that is
// being changed already, it is the registration.
func (s *Shell) changePage(to route) page {
	m, known := s.services.Meetings.Get(to.code)
	mine, ok := s.services.Registrations.Get(to.code)
	if !known || !ok || mine.Number == "" || mine.State == app.StateWaitingToSend || rules.Final(mine.Standing()) {
		s.at.name = routeRegistration
		return s.pageOf(s.at)
	}
	return meetings.NewChange(s.env, m, mine, s.services.Registrations, meetings.RegisterEvents{
		Submitted: func(code string) { s.replace(route{name: routeRegistration, code: code}) },
		Back:      s.back,
	})
}

func (s *Shell) helpPage(route) page {
	return help.NewHelp(s.env, help.HelpDeps{
		Version: s.deps.Version, Update: s.update(), OnUpdate: s.tellUpdate,
		Session: s.services.Session.State(), Support: s.deps.Support,
	})
}

// replace leads to a place that takes the present one's in the way back.
func (s *Shell) replace(to route) { s.show1(to) }

// focusFirst gives the keyboard to what a screen wants to have it first, and
// takes it from what is no longer there.
func (s *Shell) focusFirst() {
	c := s.deps.Window.Canvas()
	if p, ok := s.page.(interface{ First() fyne.Focusable }); ok {
		if first := p.First(); first != nil {
			c.Focus(first)
			return
		}
	}
	c.Unfocus()
}

// shellFrame lays out navigation, notice, screen and status bar.
type shellFrame struct {
	nav      *parts.Navigation
	bar      *parts.Bar
	barPlace *fyne.Container
	holder   *fyne.Container
	status   *statusBar
}

// MinSize is what the window cannot go below.
func (f *shellFrame) MinSize([]fyne.CanvasObject) fyne.Size {
	inner := f.holder.MinSize()
	return fyne.NewSize(f.nav.Width()+inner.Width, inner.Height+f.status.MinSize().Height)
}

// Layout places them; a narrow window has the navigation as a rail.
func (f *shellFrame) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	f.nav.SetRail(parts.Narrow(size.Width))
	left, foot := f.nav.Width(), f.status.MinSize().Height
	body := fyne.NewSize(size.Width-left, size.Height-foot)
	parts.Put(f.nav.Content(), fyne.Position{}, fyne.NewSize(left, size.Height-foot), size.Width)
	var top float32
	f.barPlace.Hidden = !f.bar.Visible()
	if !f.barPlace.Hidden {
		top = parts.HeightFor(f.barPlace, body.Width)
		parts.Put(f.barPlace, fyne.NewPos(left, 0), fyne.NewSize(body.Width, top), size.Width)
	}
	parts.Put(f.holder, fyne.NewPos(left, top), fyne.NewSize(body.Width, body.Height-top), size.Width)
	parts.Put(f.status, fyne.NewPos(0, size.Height-foot), fyne.NewSize(size.Width, foot), size.Width)
}
