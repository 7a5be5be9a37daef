package screens

import (
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/screens/screentest"
)

// TestShell_picturesMirrored: screens as they are in a language that is written from the right.
func TestShell_picturesMirrored(t *testing.T) {
	loggedOut := func(p *testProgram) { p.session.restore = app.ErrNoSession }
	for _, c := range []struct {
		name         string
		prepare, act func(*testProgram)
	}{
		{"login", loggedOut, func(p *testProgram) {}},
		{"signup", loggedOut, func(p *testProgram) { p.shell.showSignup() }},
		{"meetings", nil, func(p *testProgram) { p.shell.goTo(route{name: routeMeetings, code: "C-00016512"}) }},
		{"settings", nil, func(p *testProgram) { p.shell.goTo(route{name: routeSettings}) }},
		{"users", nil, func(p *testProgram) {
			p.shell.services.Staff, p.shell.services.Self = screentest.NewManagement(), &app.Service{}
			p.shell.services.Directory = &screentest.Directory{List: screentest.Organizations()}
			p.session.account.Roles = []string{api.RoleParticipant, api.RoleAdministrator}
			p.shell.enter(p.session.account)
			p.shell.goTo(route{name: routeUsers})
		}},
	} {
		t.Run(c.name, func(t *testing.T) { captureWindowIn(t, screentest.Mirrored, "window-"+c.name, c.prepare, c.act) })
	}
}
