package screens

import (
	"context"
	"testing"

	"plenary/api"
	"plenary/screens/delegation"
	"plenary/screens/meetings"
	"plenary/screens/screentest"
)

// Who is appointed has "My delegation", the secretariat has "Focal points", and nobody
// else has either; an appointment that comes or ends while the program runs changes that.
func TestShell_delegationsHaveTheirPlaces(t *testing.T) {
	service := screentest.NewDelegation()
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, deps *WindowDeps) {
		open := deps.Open
		deps.Open = func(ctx context.Context, address string) (Services, error) {
			services, err := open(ctx, address)
			services.Delegation, services.Appoints = service, screentest.NewAppoints()
			return services, err
		}
	})
	for _, c := range []struct {
		name, appointed   string
		roles             []string
		delegation, focal bool
	}{
		{"a participant", "", nil, false, false},
		{"an assistant", api.Assistant, nil, true, false},
		{"a manager", "", []string{api.RoleMeetingManager}, false, true},
		{"nobody any more", "", nil, false, false},
	} {
		account := p.shell.account
		account.Appointed, account.Roles = c.appointed, append([]string{api.RoleParticipant}, c.roles...)
		p.shell.accountChanged(account)
		screentest.Settle(p.window)
		for id, want := range map[string]bool{"nav.delegation": c.delegation, "nav.focal-points": c.focal} {
			if got := screentest.Find(p.window, id) != nil; got != want {
				t.Errorf("%s: %s in the navigation: %v", c.name, id, got)
			}
		}
		for name, want := range map[string]bool{routeDelegation: c.delegation, routeRegisterFor: c.delegation, routeBadges: c.delegation} {
			p.shell.goTo(route{name: name})
			if _, elsewhere := p.shell.page.(*meetings.List); elsewhere == want {
				t.Errorf("%s: %s leads to %T", c.name, name, p.shell.page)
			}
		}
	}
}

// ofFocalPoint is the window of a focal point.
func ofFocalPoint(t *testing.T, service *screentest.Delegation) *testProgram {
	t.Helper()
	return testWindow(t, screentest.NewEnv(t), func(tp *testProgram, deps *WindowDeps) {
		tp.session.account.Appointed = api.FocalPoint
		open := deps.Open
		deps.Open = func(ctx context.Context, address string) (Services, error) {
			services, err := open(ctx, address)
			services.Delegation = service
			return services, err
		}
	})
}

// "Register somebody" leads to the meetings, and from one of them to its form; what the
// service refused leads to the form as it was.
func TestShell_registerSomebody(t *testing.T) {
	service := screentest.NewDelegation()
	p := ofFocalPoint(t, service)
	p.shell.goTo(route{name: routeDelegation})
	screentest.Tap(t, p.window, "delegation.register")
	if _, ok := p.shell.page.(*delegation.Meetings); !ok {
		t.Fatalf("at %T", p.shell.page)
	}
	p.shell.goTo(route{name: routeRegisterFor, code: "C-00016512"})
	if _, ok := p.shell.page.(*delegation.Register); !ok {
		t.Fatalf("at %T", p.shell.page)
	}
	p.shell.back()
	p.shell.refused = &service.Delegates[0]
	p.shell.goTo(route{name: routeRegisterFor, code: "C-00016512"})
	if form, ok := p.shell.page.(*delegation.Register); !ok || len(form.Unsaved()) != 1 {
		t.Errorf("at %T, with nothing in it", p.shell.page)
	}
}

// "Collect badges" leads to the meetings, and back to My delegation.
func TestShell_collectBadges(t *testing.T) {
	p := ofFocalPoint(t, screentest.NewDelegation())
	p.shell.goTo(route{name: routeDelegation})
	screentest.Tap(t, p.window, "delegation.badges")
	if _, ok := p.shell.page.(*delegation.Badges); !ok {
		t.Fatalf("at %T", p.shell.page)
	}
	p.shell.back()
	if _, ok := p.shell.page.(*delegation.Delegation); !ok {
		t.Errorf("back at %T", p.shell.page)
	}
}
