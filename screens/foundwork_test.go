package screens

import (
	"context"
	"strings"
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/screens/meetings"
	"plenary/screens/screentest"
)

// Work of an earlier run that the system has ended, or that crashed, is told of until it was
// read, or nothing is left of it; also after trouble that stood in front of it.
func TestFoundWork_isToldOfAtTheNextStart(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
		p.session.found = app.LocalWork{Waiting: 1, Drafts: 2}
	})
	w := p.shell.env.Words
	said := p.shell.bar.String()
	for _, want := range []string{w.T("shell.found"), w.N("shell.work.waiting", 1), w.N("shell.work.drafts", 2)} {
		if !strings.Contains(said, want) {
			t.Errorf("it says %q, without %q", said, want)
		}
	}
	p.sync.tell(app.Status{Waiting: 1, Kind: app.KindDiskFull})
	if now := p.shell.bar.String(); !strings.Contains(now, "disk") {
		t.Errorf("it says %q", now)
	}
	p.sync.tell(app.Status{Waiting: 1})
	if now := p.shell.bar.String(); now != said {
		t.Errorf("after trouble it says %q, want %q", now, said)
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	if _, ok := p.shell.page.(*meetings.Mine); !ok {
		t.Errorf("page is %T", p.shell.page)
	}
	if said := p.shell.bar.String(); said != "" {
		t.Errorf("it says %q", said)
	}
}

// It leads to where it is.
func TestFoundWork_leadsToIt(t *testing.T) {
	for name, c := range map[string]struct {
		found     app.LocalWork
		appointed string
		want      route
	}{
		"of others":                            {app.LocalWork{Delegates: 1}, api.FocalPoint, route{name: routeDelegation}},
		"one's own too":                        {app.LocalWork{Delegates: 1, Drafts: 1}, api.FocalPoint, route{name: routeMine}},
		"of others, by somebody not appointed": {app.LocalWork{Delegates: 1}, "", route{name: routeMine}},
		"a guest":                              {app.LocalWork{Guests: 1}, "", route{name: routeGuest, code: "C-00016512"}},
		"guests and others":                    {app.LocalWork{Guests: 1, Delegates: 1}, api.FocalPoint, route{name: routeMine}},
	} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, deps *WindowDeps) {
				withManaged(screentest.NewManager(), api.RoleMeetingManager)(p, deps)
				p.session.found, p.session.account.Appointed = c.found, c.appointed
				open := deps.Open
				deps.Open = func(ctx context.Context, address string) (Services, error) {
					services, err := open(ctx, address)
					guests := screentest.NewGuests()
					guests.Typed = map[string]app.Guest{"C-00016512": {}}
					services.Delegation, services.Guests = screentest.NewDelegation(), guests
					return services, err
				}
			})
			for key, n := range map[string]int{"shell.work.delegates": c.found.Delegates, "shell.work.guests": c.found.Guests} {
				if said := p.shell.bar.String(); strings.Contains(said, p.shell.env.Words.N(key, 1)) != (n == 1) {
					t.Errorf("it says %q", said)
				}
			}
			screentest.Tap(t, p.window, "shell.bar.action")
			if p.shell.at != c.want {
				t.Errorf("it leads to %+v", p.shell.at)
			}
		})
	}
}

func TestFoundWork_thatWasSentIsNotToldOfAnyMore(t *testing.T) {
	for name, c := range map[string]struct {
		found  app.LocalWork
		stands bool
	}{
		"all of it":             {app.LocalWork{Waiting: 2}, false},
		"but there is a draft":  {app.LocalWork{Waiting: 2, Drafts: 1}, true},
		"and nothing was there": {app.LocalWork{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.found = c.found })
			if said := p.shell.bar.String(); (said != "") != c.found.Any() {
				t.Fatalf("it says %q", said)
			}
			p.sync.tell(app.Status{Online: true, Since: screentest.Now})
			said := p.shell.bar.String()
			if waits := strings.Contains(said, p.shell.env.Words.N("shell.work.waiting", 2)); waits || (said != "") != c.stands {
				t.Errorf("it says %q", said)
			}
		})
	}
}

func TestFoundWork_comesAfterWhatAnotherServiceHasLeft(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
		p.session.found, p.session.leftovers = app.LocalWork{Drafts: 1}, left()
	})
	if said := p.shell.bar.String(); !strings.Contains(said, "3 registrations") {
		t.Errorf("it says %q", said)
	}
}

func TestFoundWork_pictures(t *testing.T) {
	captureWindow(t, "found-work", func(p *testProgram) {
		p.session.found = app.LocalWork{Waiting: 1, Refused: 1, Drafts: 2, Delegates: 1, Guests: 1}
	}, func(*testProgram) {})
}
