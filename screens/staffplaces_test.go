package screens

import (
	"context"
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
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
		for _, id := range []parts.ID{navUsers, navManagement, navPolicies, navAudit} {
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
