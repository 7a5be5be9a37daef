package screens

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

func TestShell_administratorsHaveTheirPlaces(t *testing.T) {
	for _, c := range []struct {
		roles []string
		want  bool
	}{
		{[]string{api.RoleParticipant}, false},
		{[]string{api.RoleParticipant, api.RoleMeetingManager}, false},
		{[]string{api.RoleParticipant, api.RoleAdministrator}, true},
	} {
		service := screentest.NewManagement()
		p := testWindow(t, screentest.NewEnv(t), withStaff(service, c.roles...))
		screentest.Settle(p.window)
		for _, id := range []parts.ID{"nav.users", "nav.management", "nav.policies", "nav.audit"} {
			if got := screentest.Find(p.window, string(id)) != nil; got != c.want {
				t.Errorf("%v: %s in the navigation: %v, want %v", c.roles, id, got, c.want)
			}
		}
		for _, name := range []string{routeUsers, routeManagement, routePolicies, routeAudit} {
			p.shell.goTo(route{name: name})
			if _, meetings := p.shell.page.(*meetings.List); meetings == c.want {
				t.Errorf("%v: %s leads to %T", c.roles, name, p.shell.page)
			}
		}
	}
}

// withStaff gives a window's services those of administrators, and its person roles.
func withStaff(service *screentest.Management, roles ...string) func(*testProgram, *WindowDeps) {
	return func(p *testProgram, deps *WindowDeps) {
		p.session.account.Roles = roles
		open := deps.Open
		deps.Open = func(ctx context.Context, address string) (Services, error) {
			services, err := open(ctx, address)
			services.Staff, services.Directory = service, &screentest.Directory{List: screentest.Organizations()}
			if services.Self == nil {
				services.Self = &app.Service{}
			}
			return services, err
		}
	}
}

func TestShell_aKeyLeadsToEachPlaceOfTheNavigation(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), withStaff(screentest.NewManagement(), api.RoleParticipant, api.RoleAdministrator))
	screentest.Settle(p.window)
	places := p.shell.navigation()
	if len(places) != 9 {
		t.Fatalf("%d places", len(places))
	}
	keys := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8}
	for i, key := range keys {
		typeShortcut(p.window, key)
		if p.shell.navID() != places[i].ID {
			t.Errorf("Ctrl+%s leads to %s, want %s", key, p.shell.navID(), places[i].ID)
		}
	}
	typeShortcut(p.window, fyne.Key9)
	if p.shell.at != (route{name: routeSettings, code: settings.SectionProfile}) {
		t.Errorf("Ctrl+9 leads to %v, want to the person", p.shell.at)
	}
}

// Whoever adds a place names where in the navigation it is.
func TestTable_eachPlaceIsUnderAWordOfTheNavigation(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	own := map[string]bool{}
	for _, place := range p.shell.table() {
		own[place.name] = place.under == ""
	}
	for _, place := range p.shell.table() {
		switch {
		case place.under == "" && (place.icon == nil || !p.shell.env.Words.Has("nav."+place.name)):
			t.Errorf("%s has no icon or no word", place.name)
		case place.under != "" && !own[place.under]:
			t.Errorf("%s is under %q, which has no word", place.name, place.under)
		}
	}
}
