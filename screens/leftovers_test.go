package screens

import (
	"context"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/localdb"
	"plenary/screens/meetings"
	"plenary/screens/screentest"
)

// left are registrations for the service of before: for meetings that are here, and one
// that is not.
func left() []app.Leftover {
	return []app.Leftover{
		{State: app.StateDraft, Form: api.Register{Meeting: "C-00016512"}},
		{State: app.StateWaitingToSend, Form: api.Register{Meeting: "C-00099999"}},
		{State: app.StateNeedsAttention, Form: api.Register{Meeting: "C-00016390"}},
	}
}

func TestLeftovers_areOfferedOneByOne(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.leftovers = left() })
	if said := p.shell.bar.String(); !strings.Contains(said, "3 registrations") {
		t.Fatalf("it says %q", said)
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	screentest.Tap(t, p.window, "leftovers.take")
	if screentest.Find(p.window, "leftovers.take") != nil {
		t.Error("a registration for a meeting that is not here can be taken over")
	}
	screentest.Tap(t, p.window, "leftovers.drop")
	screentest.Tap(t, p.window, "leftovers.take")
	if !slices.Equal(p.session.takenOver, []string{"C-00016512", "C-00016390"}) || !slices.Equal(p.session.dropped, []string{"C-00099999"}) {
		t.Errorf("taken over %q, dropped %q", p.session.takenOver, p.session.dropped)
	}
	if _, ok := p.shell.page.(*meetings.Mine); !ok || p.shell.bar.String() != "" {
		t.Errorf("page is %T, it says %q", p.shell.page, p.shell.bar.String())
	}
}

func TestLeftovers_areLeftWhereTheyAre(t *testing.T) {
	for name, trouble := range map[string]error{"for later": nil, "by a full disk": localdb.ErrDiskFull} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.leftovers, p.session.leftErr = left(), trouble })
			screentest.Tap(t, p.window, "shell.bar.action")
			if trouble == nil {
				screentest.Tap(t, p.window, "leftovers.later")
			} else {
				screentest.Tap(t, p.window, "leftovers.take")
				if said := p.shell.bar.String(); !strings.Contains(said, "disk") {
					t.Errorf("it says %q", said)
				}
			}
			if len(p.window.Canvas().Overlays().List()) != 0 || len(p.session.dropped) > 0 {
				t.Errorf("dropped %q, or asks still", p.session.dropped)
			}
		})
	}
}

// Somebody else is named, and taken over by whoever is appointed here.
func TestLeftovers_ofOthers(t *testing.T) {
	for name, c := range map[string]struct {
		person    api.RegisterFor
		guest     bool
		appointed string // or manager
		draft     bool   // for the meeting, here
		want      []string
		at        string // where it leads when it is taken over; empty where it cannot be
	}{
		"by somebody who is appointed": {api.RegisterFor{FirstName: "Zoë", FamilyName: "Ng"}, false, api.FocalPoint, false, []string{"Zoë Ng"}, routeDelegation},
		"where one is begun":           {api.RegisterFor{FirstName: "Zoë"}, false, api.FocalPoint, true, []string{"Zoë", "take the place"}, routeDelegation},
		"by somebody who is not":       {api.RegisterFor{}, false, "", false, []string{"somebody", "may not register others"}, ""},
		"a guest, by a manager":        {api.RegisterFor{FirstName: "Zoë"}, true, "manager", false, []string{"Zoë"}, routeManage},
		"where a guest is begun":       {api.RegisterFor{FirstName: "Zoë"}, true, "manager", true, []string{"Zoë", "take the place"}, routeManage},
		"a guest, by a focal point":    {api.RegisterFor{FirstName: "Zoë"}, true, api.FocalPoint, false, []string{"may not register others"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			service, guests := screentest.NewDelegation(), screentest.NewGuests()
			if c.draft {
				service.Drafts = map[string]api.RegisterFor{"C-00016512": {}}
				guests.Typed = map[string]app.Guest{"C-00016512": {}}
			}
			of := app.Leftover{State: app.StateDraft, Form: api.Register{Meeting: "C-00016512"}, Person: &api.ImportedPerson{RegisterFor: c.person}, Guest: c.guest}
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, deps *WindowDeps) {
				if c.appointed == "manager" {
					withManaged(screentest.NewManager(), api.RoleMeetingManager)(p, deps)
				} else {
					p.session.account.Appointed = c.appointed
				}
				p.session.leftovers = []app.Leftover{of}
				open := deps.Open
				deps.Open = func(ctx context.Context, address string) (Services, error) {
					services, err := open(ctx, address)
					services.Delegation, services.Guests = service, guests
					return services, err
				}
			})
			screentest.Tap(t, p.window, "shell.bar.action")
			screentest.Says(t, screentest.SaidIn(p.window.Canvas().Overlays().Top()), c.want...)
			if c.at == "" {
				if screentest.Find(p.window, "leftovers.take") != nil {
					t.Error("it can be taken over")
				}
				return
			}
			screentest.Tap(t, p.window, "leftovers.take")
			if len(p.session.takenOver) != 1 || p.shell.at.name != c.at {
				t.Errorf("taken over %q, at %s", p.session.takenOver, p.shell.at.name)
			}
		})
	}
}

func TestLeftovers_pictures(t *testing.T) {
	captureWindow(t, "leftovers", func(p *testProgram) { p.session.leftovers = left() }, func(*testProgram) {}, func(p *testProgram) {
		p.shell.askLeftover(left())
	})
}
