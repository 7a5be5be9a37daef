package screens

import (
	"context"
	"testing"

	"plenary/api"
	"plenary/screens/meetings"
	"plenary/screens/screentest"
)

// The role visa alone has the cases, and how many wait; neither a manager nor an
// administrator has.
func TestShell_visaOfficersHaveTheirPlace(t *testing.T) {
	for _, c := range []struct {
		roles []string
		want  bool
	}{
		{[]string{api.RoleParticipant}, false},
		{[]string{api.RoleParticipant, api.RoleMeetingManager, api.RoleAdministrator}, false},
		{[]string{api.RoleParticipant, api.RoleVisa}, true},
	} {
		p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, deps *WindowDeps) {
			p.session.account.Roles = c.roles
			open := deps.Open
			deps.Open = func(ctx context.Context, address string) (Services, error) {
				services, err := open(ctx, address)
				services.Visas = screentest.NewVisas()
				return services, err
			}
		})
		screentest.Settle(p.window)
		if got := screentest.Find(p.window, "nav.visas") != nil; got != c.want {
			t.Errorf("%v: in the navigation: %v, want %v", c.roles, got, c.want)
		}
		p.shell.goTo(route{name: routeVisas})
		if _, elsewhere := p.shell.page.(*meetings.List); elsewhere == c.want {
			t.Errorf("%v: it leads to %T", c.roles, p.shell.page)
		}
	}
}
