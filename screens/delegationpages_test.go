package screens

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/screens/delegation"
	"plenary/screens/meetings"
	"plenary/screens/parts"
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
	family := func() string {
		return screentest.Widget(t, p.window, "delegation.register.family-name").(*parts.Entry).Text
	}
	for name, c := range map[string]struct {
		instead string
		draft   string // the name in one
		want    string
	}{
		"somebody else":               {"", "", ""},
		"who was begun":               {"", "Li", "Li"},
		"what was refused":            {"op-1", "", "Ng"},
		"what was begun to correct":   {"op-1", "Nguyen", "Nguyen"},
		"what is over":                {"op-8", "", ""},
		"what is over, and was typed": {"op-8", "Sy", "Sy"},
	} {
		service.Drafts = map[string]api.RegisterFor{"C-00016512other": {FamilyName: "another"}}
		if c.draft != "" {
			service.Drafts["C-00016512"+c.instead] = api.RegisterFor{Register: api.Register{Meeting: "C-00016512"}, FamilyName: c.draft}
		}
		p.shell.goTo(route{name: routeRegisterFor, code: "C-00016512", instead: c.instead})
		if got := family(); got != c.want {
			t.Errorf("%s: the form has %q, want %q", name, got, c.want)
		}
		p.shell.back()
	}
}

// What is typed of somebody is on the disk before the window is locked or closed, and there
// again after it.
func TestShell_keepsWhoIsRegistered(t *testing.T) {
	service := screentest.NewDelegation()
	p := testWindow(t, screentest.NewEnv(t), func(tp *testProgram, deps *WindowDeps) {
		tp.session.account.Appointed = api.FocalPoint
		tp.session.lock = screentest.NewLock()
		open := deps.Open
		deps.Open = func(ctx context.Context, address string) (Services, error) {
			services, err := open(ctx, address)
			services.Delegation = service
			return services, err
		}
	})
	at := route{name: routeRegisterFor, code: "C-00016512", instead: "op-1"}
	p.shell.goTo(at)
	form := p.shell.page
	test.Type(screentest.Widget(t, p.window, "delegation.register.family-name").(fyne.Focusable), "uyen")
	if names := p.shell.unsaved(); len(names) != 0 {
		t.Errorf("asks about %q", names)
	}
	p.shell.lockNow()
	if in := service.Drafts["C-00016512op-1"]; !strings.Contains(in.FamilyName, "uyen") || service.Flushed == 0 {
		t.Fatalf("kept %+v, written %d times", in, service.Flushed)
	}
	p.shell.unlocked(p.session.account)
	if got := screentest.Widget(t, p.window, "delegation.register.family-name").(*parts.Entry).Text; p.shell.page == form || !strings.Contains(got, "uyen") {
		t.Errorf("after the lock %q", got)
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
