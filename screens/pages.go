package screens

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"plenary/app"
	"plenary/screens/help"
	"plenary/screens/kit"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/person"
	"plenary/screens/settings"
)

// route is a place within the program.
type route struct {
	name string
	code string // of a meeting
}

// The places.
const (
	routeMeetings     = "meetings"
	routeMine         = "mymeetings"
	routeRegister     = "register"
	routeRegistration = "registration"
	routeSettings     = "settings"
	routeHelp         = "help"
)

// Names of the places in the navigation.
const (
	navMeetings parts.ID = "nav.meetings"
	navMine     parts.ID = "nav.mymeetings"
	navMailbox  parts.ID = "nav.mailbox"
	navSettings parts.ID = "nav.settings"
	navHelp     parts.ID = "nav.help"
	navAccount  parts.ID = "nav.account"
)

// places are those of the navigation, in order; Ctrl+1 leads to the first.
func (s *Shell) places() []parts.Place {
	t := s.env.T
	to := func(name string) func() { return func() { s.goTo(route{name: name}) } }
	places := []parts.Place{
		{ID: navMeetings, Text: t("nav.meetings"), Icon: theme.ListIcon(), Open: to(routeMeetings)},
		{ID: navMine, Text: t("nav.mymeetings"), Icon: theme.ConfirmIcon(), Open: to(routeMine)},
	}
	places = append(places, s.staffPlaces(to)...)
	if s.services.Demo != nil {
		places = append(places, parts.Place{ID: navMailbox, Text: t("nav.mailbox"), Icon: theme.MailComposeIcon(), Open: s.openMailbox})
	}
	return append(places,
		parts.Place{ID: navSettings, Text: t("nav.settings"), Icon: theme.SettingsIcon(), Bottom: true, Open: s.openSettings("")},
		parts.Place{ID: navHelp, Text: t("nav.help"), Icon: theme.HelpIcon(), Bottom: true, Open: to(routeHelp)},
		parts.Place{ID: navAccount, Text: person.Name(s.account), Icon: theme.AccountIcon(), Bottom: true, Open: s.openSettings(settings.SectionProfile)},
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
	s.nav = parts.NewNavigation(s.places())
	barPlace := parts.Pad(parts.Gap12, parts.Gap30, 0, parts.Gap30, s.bar)
	s.frame = &shellFrame{
		nav: s.nav, bar: s.bar, barPlace: barPlace, holder: s.holder, status: s.status,
	}
	s.root.Objects = []fyne.CanvasObject{
		parts.NewBox(theme.ColorNameBackground, "", 0),
		container.New(s.frame, s.nav.Content(), barPlace, s.holder, s.status),
	}
	s.root.Refresh()
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
	s.root.Objects = []fyne.CanvasObject{parts.NewBox(theme.ColorNameBackground, "", 0), content}
	s.root.Refresh()
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
	s.nav.Choose(navOf[s.at.name])
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

var navOf = map[string]parts.ID{
	routeMeetings: navMeetings, routeRegister: navMeetings, routeMine: navMine, routeRegistration: navMine,
	routeSettings: navSettings, routeHelp: navHelp,
	routeUsers: navUsers, routeManagement: navManagement, routePolicies: navPolicies, routeAudit: navAudit,
}

// pageOf makes the screen of a place; a form or a registration of what is not
// there leads to the lists.
func (s *Shell) pageOf(to route) page {
	if p := s.keptPage(to); p != nil {
		return p
	}
	if p := s.staffPage(to); p != nil {
		return p
	}
	catalog, own := s.services.Meetings, s.services.Registrations
	switch to.name {
	case routeRegister:
		if m, ok := catalog.Get(to.code); ok {
			return meetings.NewRegister(s.env, m, s.account, own, meetings.RegisterEvents{
				Submitted: func(code string) { s.replace(route{name: routeRegistration, code: code}) },
				Back:      s.back,
			})
		}
	case routeRegistration:
		mine, ok := own.Get(to.code)
		if ok && mine.State == app.StateDraft {
			s.at.name = routeRegister
			return s.pageOf(s.at)
		}
		if ok {
			return s.registrationPage(to.code)
		}
		s.at = route{name: routeMine}
		return s.minePage()
	case routeMine:
		s.services.Sync.Now() // whoever looks here waits for news
		return s.minePage()
	case routeSettings:
		return s.settingsPage(to.code)
	case routeHelp:
		return help.NewHelp(s.env, help.HelpDeps{
			Version: s.deps.Version, Update: s.update(), OnUpdate: s.tellUpdate,
			Session: s.services.Session.State(), Support: s.deps.Support,
		})
	}
	s.at.name = routeMeetings
	m := meetings.NewList(s.env, catalog, own, s.account, meetings.ListEvents{
		Register:     func(code string) { s.goTo(route{name: routeRegister, code: code}) },
		Registration: func(code string) { s.goTo(route{name: routeRegistration, code: code}) },
	})
	if to.code != "" {
		m.Show(to.code)
	}
	return m
}

func (s *Shell) minePage() page {
	return meetings.NewMine(s.env, s.services.Meetings, s.services.Registrations, meetings.MineEvents{
		Registration: func(code string) { s.goTo(route{name: routeRegistration, code: code}) },
		Register:     func(code string) { s.goTo(route{name: routeRegister, code: code}) },
		Meetings:     func() { s.goTo(route{name: routeMeetings}) },
	})
}

func (s *Shell) registrationPage(code string) page {
	return meetings.NewRegistration(s.env, s.services.Meetings, s.services.Registrations, code, meetings.RegistrationEvents{
		Back:     func() { s.replace(route{name: routeMine}) },
		Register: func(code string) { s.goTo(route{name: routeRegister, code: code}) },
		Say:      s.bar.Say,
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
