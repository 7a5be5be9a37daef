package screens

import (
	"context"
	"testing"

	"plenary/api"
	"plenary/screens/manage"
	"plenary/screens/meetings"
	"plenary/screens/screentest"
)

// withManaged gives a window's services those of meeting managers, and its person roles.
func withManaged(service *screentest.Manager, roles ...string) func(*testProgram, *WindowDeps) {
	return func(p *testProgram, deps *WindowDeps) {
		p.session.account.Roles = roles
		open := deps.Open
		deps.Open = func(ctx context.Context, address string) (Services, error) {
			services, err := open(ctx, address)
			services.Manage, services.Registrar, services.Mailer, services.Statistics, services.Self = service, screentest.NewRegistrar(), screentest.NewMailer(), screentest.NewStatistics(), p.self
			services.Guests = screentest.NewGuests()
			services.Participants, services.Manage, services.Registrar, services.Mailer, services.Statistics, services.Self = screentest.NewParticipants(), service, screentest.NewRegistrar(), screentest.NewMailer(), screentest.NewStatistics(), p.self
			return services, err
		}
	}
}

func TestShell_managersHaveTheirPlace(t *testing.T) {
	for _, c := range []struct {
		roles []string
		want  bool
	}{
		{[]string{api.RoleParticipant}, false},
		{[]string{api.RoleParticipant, api.RoleAdministrator}, false},
		{[]string{api.RoleParticipant, api.RoleMeetingManager}, true},
	} {
		p := testWindow(t, screentest.NewEnv(t), withManaged(screentest.NewManager(), c.roles...))
		screentest.Settle(p.window)
		if got := screentest.Find(p.window, "nav.manage") != nil; got != c.want {
			t.Errorf("%v: in the navigation: %v, want %v", c.roles, got, c.want)
		}
		for _, to := range []route{
			{name: routeManage},
			{name: routeManaged, code: "C-00016512"},
			{name: routeRegistered, code: "C-00016512"},
			{name: routeMails, code: "C-00016512"},
			{name: routeStatistics, code: "C-00016512"},
			{name: routeGuest, code: "C-00016512"},
			{name: routeImport, code: "C-00016512"},
			{name: routeInvitations, code: "C-00016512"},
		} {
			p.shell.goTo(to)
			if _, others := p.shell.page.(*meetings.List); others == c.want {
				t.Errorf("%v: %s leads to %T", c.roles, to.name, p.shell.page)
			}
		}
	}
}

// From the list to a meeting, and back; what was typed there is kept on the way.
func TestShell_aManagedMeetingAndBack(t *testing.T) {
	service := screentest.NewManager()
	p := testWindow(t, screentest.NewEnv(t), withManaged(service, api.RoleParticipant, api.RoleMeetingManager))
	screentest.Settle(p.window)
	screentest.Tap(t, p.window, "nav.manage")
	p.shell.toMeetings(routeManaged)("C-00016513")
	if _, ok := p.shell.page.(*manage.Meeting); !ok || p.shell.navID() != "nav.manage" {
		t.Fatalf("shown is %T under %s", p.shell.page, p.shell.navID())
	}
	screentest.Input(t, p.window, "managed.place").SetText("Geneva")
	screentest.Tap(t, p.window, "managed.back")
	if _, ok := p.shell.page.(*manage.List); !ok || service.Drafts["C-00016513"].Values["place.en"] != "Geneva" {
		t.Errorf("shown is %T, kept %v", p.shell.page, service.Drafts)
	}
}

// From a meeting's registrations to where people are brought in, and back.
func TestShell_guestsOfAManagedMeetingAndBack(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), withManaged(screentest.NewManager(), api.RoleParticipant, api.RoleMeetingManager))
	screentest.Settle(p.window)
	p.shell.toMeetings(routeRegistered)("C-00016512")
	for name, is := range map[string]func() bool{
		"register":    func() bool { _, ok := p.shell.page.(*manage.Guest); return ok },
		"import":      func() bool { _, ok := p.shell.page.(*manage.Importer); return ok },
		"invitations": func() bool { _, ok := p.shell.page.(*manage.Invitations); return ok },
	} {
		screentest.Tap(t, p.window, "registrations."+name)
		if !is() || p.shell.navID() != "nav.manage" {
			t.Errorf("%s leads to %T under %s", name, p.shell.page, p.shell.navID())
		}
		p.shell.escape()
		if _, ok := p.shell.page.(*manage.Registrations); !ok {
			t.Errorf("from %s Escape leads to %T", name, p.shell.page)
		}
	}
}

func TestShell_mailsAndStatisticsOfAManagedMeetingAndBack(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), withManaged(screentest.NewManager(), api.RoleParticipant, api.RoleMeetingManager))
	screentest.Settle(p.window)
	p.shell.toMeetings(routeManaged)("C-00016512")
	for name, is := range map[string]func() bool{
		"mails":      func() bool { _, ok := p.shell.page.(*manage.Mails); return ok },
		"statistics": func() bool { _, ok := p.shell.page.(*manage.Statistics); return ok },
	} {
		screentest.Tap(t, p.window, "managed."+name)
		if !is() || p.shell.navID() != "nav.manage" {
			t.Fatalf("shown is %T under %s", p.shell.page, p.shell.navID())
		}
		screentest.Tap(t, p.window, name+".back")
		if _, ok := p.shell.page.(*manage.Meeting); !ok {
			t.Errorf("shown is %T", p.shell.page)
		}
	}
}

func TestShell_registrationsOfAManagedMeetingAndBack(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), withManaged(screentest.NewManager(), api.RoleParticipant, api.RoleMeetingManager))
	screentest.Settle(p.window)
	p.shell.toMeetings(routeManaged)("C-00016512")
	screentest.Tap(t, p.window, "managed.people")
	if _, ok := p.shell.page.(*manage.Registrations); !ok || p.shell.navID() != "nav.manage" {
		t.Fatalf("shown is %T under %s", p.shell.page, p.shell.navID())
	}
	screentest.Tap(t, p.window, "registrations.back")
	if _, ok := p.shell.page.(*manage.Meeting); !ok {
		t.Errorf("shown is %T", p.shell.page)
	}
}

// typing is a page with something typed in it.
type typing struct{ page }

func (typing) Unsaved() []string { return []string{"a reason"} }

func (typing) Left() {}

// What was typed about one meeting is not shown with another one, and is there when one
// comes back; the settings are one page whichever part is opened.
func TestShell_whatIsTypedBelongsToItsMeeting(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), withManaged(screentest.NewManager(), api.RoleParticipant, api.RoleMeetingManager))
	screentest.Settle(p.window)
	first, second := route{name: routeRegistered, code: "C-00016512"}, route{name: routeRegistered, code: "C-00016513"}
	for _, at := range []route{first, second} {
		p.shell.goTo(at)
		if _, ok := p.shell.page.(*manage.Registrations); !ok {
			t.Fatalf("%v shows %T", at, p.shell.page)
		}
		p.shell.page = typing{p.shell.page}
	}
	p.shell.goTo(route{name: routeHelp})
	if names := p.shell.unsaved(); len(names) != 1 {
		t.Errorf("typed is %q", names)
	}
	for _, at := range []route{second, first} {
		p.shell.goTo(at)
		if _, ok := p.shell.page.(typing); !ok {
			t.Errorf("%v shows %T", at, p.shell.page)
		}
	}
	p.shell.goTo(route{name: routeSettings, code: "profile"})
	settings := typing{p.shell.page}
	p.shell.page = settings
	p.shell.goTo(first)
	p.shell.goTo(route{name: routeSettings, code: "password"})
	if p.shell.page != page(settings) {
		t.Errorf("settings show %T", p.shell.page)
	}
	p.shell.dropTyped()
	if names := p.shell.unsaved(); len(names) != 0 {
		t.Errorf("dropped, typed is %q", names)
	}
}

func TestShell_participantsAndBack(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), withManaged(screentest.NewManager(), api.RoleParticipant))
	screentest.Settle(p.window)
	p.shell.toMeetings(routeParticipants)("C-00016512")
	if _, ok := p.shell.page.(*meetings.Participants); !ok || p.shell.navID() != "nav.meetings" {
		t.Fatalf("shown is %T under %s", p.shell.page, p.shell.navID())
	}
	screentest.Tap(t, p.window, "participants.back")
	if _, ok := p.shell.page.(*meetings.List); !ok {
		t.Errorf("shown is %T", p.shell.page)
	}
}

// What has just been published has its name on its manager's pages before the list of
// meetings has it.
func TestShell_namesWhatWasJustPublished(t *testing.T) {
	service := screentest.NewManager()
	service.Of("C-00016513").Status = api.MeetingPublished
	p := testWindow(t, screentest.NewEnv(t), withManaged(service, api.RoleParticipant, api.RoleMeetingManager))
	screentest.Settle(p.window)
	p.shell.toMeetings(routeManaged)("C-00016513")
	screentest.Tap(t, p.window, "managed.people")
	if _, ok := p.shell.page.(*manage.Registrations); !ok {
		t.Fatalf("shown is %T", p.shell.page)
	}
	screentest.Says(t, screentest.SaidIn(p.shell.page.Content()), "Workshop on forms")
	p.shell.outside()
	if p.shell.lastManaged.Code != "" {
		t.Error("it is known after the log-out")
	}
}
