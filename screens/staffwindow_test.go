package screens

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/screentest"
)

func TestShell_picturesOfStaff(t *testing.T) {
	staff := func(p *testProgram, service *screentest.Management) {
		p.shell.services.Staff, p.shell.services.Self = service, &app.Service{}
		p.shell.services.Directory = &screentest.Directory{List: screentest.Organizations()}
		p.session.account.Roles = []string{api.RoleParticipant, api.RoleAdministrator}
		p.shell.enter(p.session.account)
	}
	captureWindow(t, "window-users", nil, func(p *testProgram) {
		staff(p, screentest.NewManagement())
		p.shell.goTo(route{name: routeUsers})
	})
	captureWindow(t, "window-mailserver", nil, func(p *testProgram) {
		service := screentest.NewManagement()
		service.Test = screentest.DeadServer()
		staff(p, service)
		p.shell.goTo(route{name: routeManagement})
		screentest.Tap(t, p.window, "mailserver.test")
	})
}

func TestShell_countsTheApprovalsThatWait(t *testing.T) {
	service := screentest.NewManagement()
	p := testWindow(t, screentest.NewEnv(t), withStaff(service, api.RoleParticipant, api.RoleAdministrator))
	if !slices.Contains(textsOf(screentest.Widget(t, p.window, string(navUsers))), "1") {
		t.Error("the navigation does not say that one waits, that of another administrator")
	}
	service.Requests = nil
	p.shell.goTo(route{name: routeUsers})
	if slices.Contains(textsOf(screentest.Widget(t, p.window, string(navUsers))), "1") {
		t.Error("the navigation says that one waits, after it was decided")
	}
}

// textsOf are the visible texts that a widget draws.
func textsOf(o fyne.CanvasObject) []string {
	var texts []string
	for _, child := range test.WidgetRenderer(o.(fyne.Widget)).Objects() {
		if text, ok := child.(*canvas.Text); ok && text.Visible() {
			texts = append(texts, text.Text)
		}
	}
	return texts
}
