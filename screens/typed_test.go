package screens

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

// typePhone opens one's profile and types a number into it.
func (p *testProgram) typePhone(t *testing.T) {
	t.Helper()
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile})
	screentest.Input(t, p.window, "settings.profile.phone").SetText("+41 22 730 5111")
}

func (p *testProgram) phone(t *testing.T) string {
	t.Helper()
	return screentest.Input(t, p.window, "settings.profile.phone").Text
}

func TestTyped_staysWhileOneLooksElsewhere(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.typePhone(t)
	p.shell.goTo(route{name: routeMine})
	p.shell.goTo(route{name: routeHelp})
	screentest.Tap(t, p.window, "nav.account")
	if p.phone(t) != "+41 22 730 5111" {
		t.Errorf("the phone is %q", p.phone(t))
	}
	screentest.Tap(t, p.window, "settings.profile.save")
	p.shell.goTo(route{name: routeMine})
	if len(p.shell.kept) != 0 {
		t.Error("a page is kept with nothing unsaved in it")
	}
}

// The session ended from outside: whoever logs in again finds what was typed, and nobody
// else does.
func TestTyped_isFoundByThePersonWhoComesBack(t *testing.T) {
	for name, same := range map[string]bool{"the same person": true, "somebody else": false} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t))
			p.typePhone(t)
			p.session.phase = app.Ended
			p.session.tell(app.SessionState{Phase: app.Ended, Account: screentest.Account})
			screentest.Tap(t, p.window, "shell.bar.action")
			comes := screentest.Account
			if !same {
				comes.ID, comes.Username = "0193", "somebody"
			}
			p.shell.enter(comes)
			p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile})
			if there := p.phone(t) == "+41 22 730 5111"; there != same {
				t.Errorf("it is there: %v", there)
			}
		})
	}
}

// Each way out names what is typed before anything else; to stay loses nothing.
func TestTyped_isAskedAboutOnTheWayOut(t *testing.T) {
	for way, name := range map[leaveWay]string{wayLogOut: "log-out", wayQuit: "quit", wayService: "another service"} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t))
			p.typePhone(t)
			p.shell.goTo(route{name: routeMine})
			p.shell.leaveBy(way)
			if said := questionText(p); !strings.Contains(said, "Settings – Profile") {
				t.Fatalf("the question is %q", said)
			}
			screentest.Tap(t, p.window, "leave.stay")
			p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile})
			if p.phone(t) != "+41 22 730 5111" || !p.shell.inside {
				t.Fatalf("the phone is %q", p.phone(t))
			}
			p.shell.leaveBy(way)
			screentest.Tap(t, p.window, "leave.without")
			if p.shell.leave.state != leaveGone && p.shell.inside {
				t.Errorf("state %d, page %T", p.shell.leave.state, p.shell.page)
			}
			if len(p.shell.kept) != 0 {
				t.Error("it is kept after that")
			}
		})
	}
}

func TestTyped_aHalfFilledSignUpIsAskedAboutWhenTheWindowCloses(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.showSignup()
	p.shell.Quit()
	if p.closed != 1 {
		t.Fatal("an empty sign-up keeps the window open")
	}
	p = testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.showSignup()
	screentest.Input(t, p.window, "signup.first").SetText("Elena")
	screentest.Tap(t, p.window, "signup.back")
	p.shell.Quit()
	if said := questionText(p); p.closed != 0 || !strings.Contains(said, "Create") {
		t.Errorf("closed %d times, the question is %q", p.closed, said)
	}
	screentest.Tap(t, p.window, "leave.without")
	if p.closed != 1 {
		t.Errorf("closed %d times", p.closed)
	}
}

func TestTyped_anotherLanguageAsksFirst(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.typePhone(t)
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
	screentest.Tap(t, p.window, "settings.language.fr")
	screentest.Tap(t, p.window, "speak.stay")
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile})
	if p.shell.env.Words.Lang() != "en" || p.phone(t) != "+41 22 730 5111" {
		t.Fatalf("speaks %s, the phone is %q", p.shell.env.Words.Lang(), p.phone(t))
	}
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
	screentest.Tap(t, p.window, "settings.language.fr")
	screentest.Tap(t, p.window, "speak.without")
	if p.shell.env.Words.Lang() != "fr" || screentest.Find(p.window, "settings.language.fr") == nil {
		t.Errorf("speaks %s at %v", p.shell.env.Words.Lang(), p.shell.at)
	}
}

// What staff types stays too, unless the place is no more the person's.
func TestTyped_ofStaffStaysAsLongAsTheRole(t *testing.T) {
	service := screentest.NewManagement()
	p := testWindow(t, screentest.NewEnv(t), withStaff(service, api.RoleParticipant, api.RoleAdministrator))
	p.shell.goTo(route{name: routePolicies})
	screentest.Input(t, p.window, "policies.mails").SetText("7")
	p.shell.goTo(route{name: routeManagement})
	screentest.Input(t, p.window, "mailserver.host").SetText("mail.example.net")
	p.shell.goTo(route{name: routeMeetings})
	if names := p.shell.unsaved(); len(names) != 2 {
		t.Errorf("unsaved: %q", names)
	}
	p.shell.goTo(route{name: routePolicies})
	if typed := screentest.Input(t, p.window, "policies.mails").Text; typed != "7" {
		t.Errorf("the number is %q", typed)
	}
	p.shell.goTo(route{name: routeMeetings})
	without := p.shell.account
	without.Roles = []string{api.RoleParticipant}
	p.session.tell(app.SessionState{Phase: app.LoggedIn, Account: without})
	p.shell.goTo(route{name: routeManagement})
	if screentest.Find(p.window, "mailserver.host") != nil {
		t.Error("a page of staff is shown to somebody who is none")
	}
}

func TestTyped_pictures(t *testing.T) {
	captureWindow(t, "typed", nil, func(p *testProgram) {
		p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile})
	}, func(p *testProgram) {
		screentest.Input(t, p.shell.deps.Window, "settings.profile.phone").SetText("+41 22 730 5111")
		p.shell.leaveBy(wayQuit)
	})
}

// questionText is what a question over the window says.
func questionText(p *testProgram) string {
	var said []string
	if top := p.window.Canvas().Overlays().Top(); top != nil {
		for _, o := range test.LaidOutObjects(top) {
			if text, ok := o.(*parts.Text); ok {
				said = append(said, text.String())
			}
		}
	}
	return strings.Join(said, " ")
}
