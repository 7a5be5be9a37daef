package screens

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/screens/account"
	"plenary/screens/screentest"
)

func TestShell_tellsThatTheServiceHasMoved(t *testing.T) {
	for name, restore := range map[string]error{"with a session": nil, "at the log-in": app.ErrNoSession} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
				p.session.restore, p.moved = restore, "https://old.example.int"
			})
			bar := "shell.bar"
			if restore != nil {
				bar = "login.bar"
			}
			if said := screentest.Said(p.window, bar); !strings.Contains(said, "old.example.int to plenary.example.int") {
				t.Errorf("it says %q", said)
			}
			p.shell.say(p.shell.env.Problem(fmt.Errorf("something else")))
			p.learn(api.ServiceInfo{ServiceID: "s1"})
			if said := screentest.Said(p.window, bar); strings.Contains(said, "old.example.int") {
				t.Error("it says so again")
			}
		})
	}
}

func TestShell_tellsThatTheOrganizationHasAnotherName(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	old := p.shell.env.Info.Organization
	p.learn(api.ServiceInfo{ServiceID: "s1", Organization: old, ServiceDesk: "other@example.int"})
	if said := p.shell.bar.String(); said != "" {
		t.Errorf("of the same name it says %q", said)
	}
	p.learn(api.ServiceInfo{ServiceID: "s1", Organization: "new.example.int"})
	if said := p.shell.bar.String(); !strings.Contains(said, "new.example.int") || !strings.Contains(said, old) {
		t.Errorf("it says %q", said)
	}
}

func TestShell_tellsThatTheServiceWasRestored(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.sync.tell(app.Status{Online: true, Again: 2})
	if said := p.shell.bar.String(); !strings.Contains(said, "2 registrations and withdrawals") {
		t.Errorf("it says %q", said)
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	p.sync.tell(app.Status{Online: true, Again: 2})
	if said := p.shell.bar.String(); said != "" {
		t.Errorf("it says again %q", said)
	}
}

// A service that was set up anew is used only by a choice, within a session and at the
// log-in; the one of before is closed then, and the new one opened.
func TestShell_usesTheServiceThatAnswersNowByChoice(t *testing.T) {
	for name, inside := range map[string]bool{"with a session": true, "at the log-in": false} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
				if !inside {
					p.session.restore = app.ErrNoSession
				}
			})
			action := "login.bar.action"
			if inside {
				action = "shell.bar.action"
				p.sync.tell(app.Status{Kind: app.KindOtherService})
			} else {
				p.shell.page.(*account.Login).Failed(app.ErrOtherService)
			}
			screentest.Tap(t, p.window, action)
			screentest.Tap(t, p.window, "replace.no")
			if p.replaced != 0 || p.closed != 0 {
				t.Fatal("replaced without a yes")
			}
			screentest.Tap(t, p.window, action)
			p.session.restore = app.ErrNoSession
			screentest.Tap(t, p.window, "replace.yes")
			if p.replaced != 1 || p.closed != 1 {
				t.Errorf("replaced %d times, closed %d times", p.replaced, p.closed)
			}
			if _, ok := p.shell.page.(*account.Login); !ok || !p.shell.opened || p.shell.inside {
				t.Errorf("page is %T, opened %v, inside %v", p.shell.page, p.shell.opened, p.shell.inside)
			}
		})
	}
}

func TestServiceIdentity_pictures(t *testing.T) {
	captureWindow(t, "service-replace", func(p *testProgram) { p.session.restore = app.ErrNoSession }, func(p *testProgram) {
		p.shell.page.(*account.Login).Failed(app.ErrOtherService)
	}, func(p *testProgram) { p.shell.askReplace() })
	captureWindow(t, "service-other", nil, func(p *testProgram) { p.sync.tell(app.Status{Kind: app.KindOtherService, Since: screentest.Now}) })
	captureWindow(t, "service-moved", func(p *testProgram) { p.moved = "https://old.example.int" }, func(p *testProgram) {
		p.sync.tell(app.Status{Online: true, Refreshed: screentest.Now, Waiting: 2, Offset: -12 * time.Minute})
	})
}
