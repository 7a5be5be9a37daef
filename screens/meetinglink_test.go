package screens

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

func TestShell_linkLeadsToTheFormAfterTheLogIn(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.Open("https://service.example.int/m/C-00016512")
	if says := screentest.Said(p.window, "login.bar"); !strings.Contains(says, "Sixth X.509 Day") {
		t.Errorf("the log-in screen says %q, want the meeting's name", says)
	}
	p.shell.enter(screentest.Account)
	if !p.registering("C-00016512") {
		t.Fatalf("page is %T, want the form", p.shell.page)
	}
	p.shell.escape()
	if _, ok := p.shell.page.(*meetings.List); !ok {
		t.Errorf("Escape leads to %T, want the meetings", p.shell.page)
	}
}

// At the first start the meetings come after the log-in screen.
func TestShell_linkGetsTheMeetingsName(t *testing.T) {
	for name, c := range map[string]struct {
		before func(p *testProgram)
		says   string
	}{
		"as soon as that is known": {func(*testProgram) {}, "Sixth X.509 Day"},
		"but not in place of something else": {func(p *testProgram) {
			p.shell.page.(noticed).SetNotice(parts.Notice{Words: []parts.Span{{Text: "Wrong."}}})
		}, "Wrong."},
		"but not after it was dropped": {func(p *testProgram) { screentest.Find(p.window, "login.bar").(*parts.Bar).Action().Tapped(nil) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			all := screentest.Meetings()
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
				p.session.restore, p.meetings.All = app.ErrNoSession, nil
			})
			p.shell.Open("https://service.example.int/m/C-00016512")
			if says := screentest.Said(p.window, "login.bar"); !strings.Contains(says, "C-00016512") {
				t.Fatalf("the log-in screen says %q, want the meeting's code", says)
			}
			c.before(p)
			p.meetings.All = all
			p.meetings.Tell()
			if says := screentest.Said(p.window, "login.bar"); !strings.Contains(says, c.says) || strings.Contains(says, "C-00016512") || c.says == "" && says != "" {
				t.Errorf("the log-in screen says %q, want %q", says, c.says)
			}
		})
	}
}

func TestShell_linkLeadsWhereOneStands(t *testing.T) {
	for _, c := range []struct {
		name, code string
		want       string
	}{
		{"registered", "C-00016342", "*meetings.Registration"},
		{"a draft", "C-00016512", "*meetings.Register"},
		{"over", "C-00016105", "*meetings.List"},
		{"known to the service only", "C-00019999", "*meetings.Register"},
		{"unknown", "C-00018888", "*meetings.List"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
				other := screentest.Meetings()[1]
				other.Code = "C-00019999"
				p.meetings.Elsewhere = []api.Meeting{other}
				p.mine.Drafts = map[string]api.Register{"C-00016512": {Meeting: "C-00016512", BadgeName: "Elena"}}
			})
			p.shell.Open(c.code)
			if got := fmt.Sprintf("%T", p.shell.page); got != c.want {
				t.Errorf("leads to %s, want %s", got, c.want)
			}
		})
	}
}

func TestShell_wrongLinkIsSaid(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.Open("https://example.int/elsewhere")
	if !strings.Contains(p.shell.bar.String(), "No meeting can be found") {
		t.Errorf("the notice is %q", p.shell.bar.String())
	}
}

// A link of another service opens nothing of one's own, whenever it comes.
func TestShell_anotherServicesLinkIsSaid(t *testing.T) {
	const link = "https://meetings.example.net/m/C-00016512"
	want := "another service, meetings.example.net. Here you use service.example.int"
	t.Run("logged in", func(t *testing.T) {
		p := testWindow(t, screentest.NewEnv(t))
		p.shell.Open(link)
		if _, ok := p.shell.page.(*meetings.List); !ok || !strings.Contains(p.shell.bar.String(), want) {
			t.Errorf("page is %T, the notice %q", p.shell.page, p.shell.bar.String())
		}
	})
	t.Run("logged out", func(t *testing.T) {
		p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
		p.shell.Open(link)
		if said := screentest.Said(p.window, "login.bar"); !strings.Contains(said, want) {
			t.Errorf("the log-in screen says %q", said)
		}
		p.shell.enter(screentest.Account)
		if _, ok := p.shell.page.(*meetings.List); !ok {
			t.Errorf("page is %T after the log-in", p.shell.page)
		}
	})
	t.Run("starting", func(t *testing.T) {
		e, steps := screentest.NewEnv(t), &screentest.Stepped{}
		e.Run = steps
		p := testWindow(t, e)
		p.shell.Open(link)
		steps.All()
		if _, ok := p.shell.page.(*meetings.List); !ok || !strings.Contains(p.shell.bar.String(), want) {
			t.Errorf("page is %T, the notice %q", p.shell.page, p.shell.bar.String())
		}
	})
	t.Run("starting, by a link that names no meeting", func(t *testing.T) {
		for name, restore := range map[string]error{"logged in": nil, "logged out": app.ErrNoSession} {
			e, steps := screentest.NewEnv(t), &screentest.Stepped{}
			e.Run = steps
			p := testWindow(t, e, func(p *testProgram, _ *WindowDeps) { p.session.restore = restore })
			p.shell.Open("plenary://meetings.example.net")
			steps.All()
			said := screentest.Said(p.window, "shell.bar") + screentest.Said(p.window, "login.bar")
			if !strings.Contains(said, want) {
				t.Errorf("%s: page is %T, the notice %q", name, p.shell.page, said)
			}
		}
	})
	t.Run("in the search of the meetings", func(t *testing.T) {
		p := testWindow(t, screentest.NewEnv(t))
		screentest.Input(t, p.window, "meetings.search").SetText(link)
		if shown := test.RenderToMarkup(p.window.Canvas()); !strings.Contains(shown, "another service") {
			t.Errorf("the window shows %s", shown)
		}
		screentest.Input(t, p.window, "meetings.search").SetText("https://service.example.int/m/C-00016512")
		screentest.Settle(p.window)
		for _, m := range screentest.Meetings() {
			if shown := screentest.Find(p.window, "meetings.row."+m.Code) != nil; shown != (m.Code == "C-00016512") {
				t.Errorf("%s is shown by the link of another meeting: %v", m.Code, shown)
			}
		}
	})
}

// However early a link comes, it is followed once, and the later one counts.
func TestShell_linkWhileStarting(t *testing.T) {
	for steps := range 6 {
		e, stepped := screentest.NewEnv(t), &screentest.Stepped{}
		e.Run = stepped
		p := testWindow(t, e)
		for range min(steps, stepped.Len()) {
			stepped.Step()
		}
		p.shell.Open("nonsense")
		p.shell.Open("plenary://service.example.int/m/C-00016342")
		p.shell.Open("plenary://service.example.int/m/C-00016512")
		stepped.All()
		if !p.registering("C-00016512") || p.shell.link.Code != "" {
			t.Errorf("after %d steps the page is %T", steps, p.shell.page)
		}
	}
}

func TestShell_linkAtTheFirstStartOnlyProposesTheService(t *testing.T) {
	var opened []string
	start := func(t *testing.T) *testProgram {
		opened = nil
		return testWindow(t, screentest.NewEnv(t), func(p *testProgram, deps *WindowDeps) {
			p.session.restore = app.ErrNoSession
			deps.Address = ""
			open := deps.Open
			deps.Open = func(ctx context.Context, address string) (Services, error) {
				opened = append(opened, address)
				return open(ctx, address)
			}
		})
	}
	logIn := func(t *testing.T, p *testProgram) {
		t.Helper()
		if !strings.Contains(screentest.Said(p.window, "login.bar"), "Sixth X.509 Day") {
			t.Fatalf("page is %T, opened %q", p.shell.page, opened)
		}
		p.shell.enter(screentest.Account)
		if !p.registering("C-00016512") {
			t.Errorf("page is %T after the log-in", p.shell.page)
		}
	}
	t.Run("followed", func(t *testing.T) {
		p := start(t)
		p.shell.Open("plenary://service.example.int/m/C-00016512")
		proposed, says := screentest.Input(t, p.window, "firststart.address").Text, screentest.Said(p.window, "firststart.bar")
		if proposed != "https://service.example.int" || !strings.Contains(says, "service.example.int") || len(opened) != 0 {
			t.Fatalf("proposes %q, says %q, has opened %q", proposed, says, opened)
		}
		screentest.Tap(t, p.window, "firststart.connect")
		logIn(t, p)
	})
	t.Run("pasted in place of the address", func(t *testing.T) {
		p := start(t)
		screentest.Input(t, p.window, "firststart.address").SetText("https://urldefense.com/v3/__https://service.example.int/m/C-00016512__;!!A!B$")
		screentest.Tap(t, p.window, "firststart.connect")
		if len(opened) != 1 || opened[0] != "https://service.example.int" {
			t.Fatalf("opened %q", opened)
		}
		logIn(t, p)
	})
	t.Run("what is being typed stays", func(t *testing.T) {
		p := start(t)
		screentest.Input(t, p.window, "firststart.address").SetText("plenary.exam")
		p.shell.Open("plenary://service.example.int/m/C-00016512")
		if address := screentest.Input(t, p.window, "firststart.address").Text; address != "plenary.exam" {
			t.Errorf("the address is %q", address)
		}
	})
	t.Run("another service was chosen", func(t *testing.T) {
		p := start(t)
		p.shell.Open("plenary://meetings.example.net/m/C-00016512")
		screentest.Input(t, p.window, "firststart.address").SetText("service.example.int")
		screentest.Tap(t, p.window, "firststart.connect")
		if said := screentest.Said(p.window, "login.bar"); !strings.Contains(said, "another service, meetings.example.net") {
			t.Errorf("the log-in screen says %q", said)
		}
	})
}

// The service's pages for activation and for a new password lead to the log-in,
// with a link that names no meeting.
func TestShell_linkOfTheServiceAlone(t *testing.T) {
	t.Run("this one's says nothing", func(t *testing.T) {
		p := testWindow(t, screentest.NewEnv(t))
		before := p.shell.page
		p.shell.Open("plenary://service.example.int")
		if said := p.shell.bar.String(); said != "" || p.shell.page != before {
			t.Errorf("page is %T, the notice %q", p.shell.page, said)
		}
	})
	t.Run("another one's says so", func(t *testing.T) {
		p := testWindow(t, screentest.NewEnv(t))
		p.shell.Open("plenary://meetings.example.net/")
		if said := p.shell.bar.String(); !strings.Contains(said, "another service, meetings.example.net") || strings.Contains(said, "code") {
			t.Errorf("the notice is %q", said)
		}
	})
	t.Run("the meeting that somebody came for stays", func(t *testing.T) {
		p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
		p.shell.Open("C-00016512")
		p.shell.Open("plenary://service.example.int")
		if p.shell.link.Code != "C-00016512" {
			t.Errorf("kept is %+v", p.shell.link)
		}
	})
	t.Run("at the first start it is only proposed", func(t *testing.T) {
		p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, deps *WindowDeps) { deps.Address = "" })
		p.shell.Open("plenary://service.example.int")
		proposed, says := screentest.Input(t, p.window, "firststart.address").Text, screentest.Said(p.window, "firststart.bar")
		if proposed != "https://service.example.int" || strings.Contains(says, "meeting") {
			t.Errorf("proposed is %q, the notice %q", proposed, says)
		}
	})
}

// What was typed and is not saved is there when one comes back from where a link led.
func TestShell_linkLeavesWhatWasTyped(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile})
	screentest.TabTo(t, p.window, "settings.profile.phone")
	screentest.Write(t, p.window, "1")
	typed := screentest.Input(t, p.window, "settings.profile.phone").Text
	p.shell.Open("plenary://service.example.int/m/C-00016512")
	if !p.registering("C-00016512") {
		t.Fatalf("page is %T", p.shell.page)
	}
	p.shell.back()
	if now := screentest.Input(t, p.window, "settings.profile.phone").Text; now != typed {
		t.Errorf("%q was typed, %q is there", typed, now)
	}
}

// A form that is open stays as it is: its draft may still be on its way.
func TestShell_linkToTheOpenFormLeavesIt(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.Open("C-00016512")
	form := p.shell.page.(*meetings.Register)
	for range 100 {
		p.shell.Open("C-00016512")
	}
	if p.shell.page != page(form) || len(p.shell.history) != 1 {
		t.Errorf("page is %T, %d places back", p.shell.page, len(p.shell.history))
	}
}

func TestShell_linkClosesAQuestionWithoutAnswer(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.work.Waiting = 1 })
	p.shell.logOut()
	p.shell.Open("C-00016512")
	if _, ok := p.shell.page.(*meetings.Register); !ok || len(p.window.Canvas().Overlays().List()) != 0 || len(p.session.left) != 0 {
		t.Errorf("page is %T, %d questions, logged out %v", p.shell.page, len(p.window.Canvas().Overlays().List()), p.session.left)
	}
}

func TestShell_linkThatIsKeptCanBeDropped(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.Open("C-00016512")
	screentest.TabTo(t, p.window, "display.fr")
	screentest.Press(t, p.window, fyne.KeyReturn)
	if said := screentest.Said(p.window, "login.bar"); !strings.Contains(said, "inscrire") {
		t.Errorf("in French the screen says %q", said)
	}
	screentest.TabTo(t, p.window, "login.bar.action")
	screentest.Press(t, p.window, fyne.KeyReturn)
	if said := screentest.Said(p.window, "login.bar"); said != "" || screentest.FocusedID(p.window) != "login.identifier" {
		t.Errorf("the screen says %q, the keyboard is on %q", said, screentest.FocusedID(p.window))
	}
	p.shell.enter(screentest.Account)
	if _, ok := p.shell.page.(*meetings.List); !ok {
		t.Errorf("page is %T after the log-in", p.shell.page)
	}
}

func TestShell_linkWhileSigningUpIsKept(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.showSignup()
	p.shell.Open("C-00016512")
	if said := screentest.Said(p.window, "signup.bar"); !strings.Contains(said, "Sixth X.509 Day") {
		t.Errorf("the screen says %q", said)
	}
	p.shell.enter(screentest.Account)
	if _, ok := p.shell.page.(*meetings.Register); !ok {
		t.Errorf("page is %T after the log-in", p.shell.page)
	}
}

// Once the window closes, nothing is asked of services that are closed.
func TestShell_linkAtTheEndIsNothing(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.end()
	p.shell.Open("C-00016512")
	if p.shell.page != nil {
		t.Errorf("page is %T", p.shell.page)
	}
}

// What was said about a link is over once another one is followed, or it is
// closed; what it hid is said again.
func TestShell_whatIsSaidOfALinkEnds(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	follow := map[string]func(){
		"unknown": func() { p.shell.Open("nonsense") },
		"foreign": func() { p.shell.Open("https://meetings.example.net/m/C-00016512") },
	}
	for name, open := range follow {
		open()
		if p.shell.bar.String() == "" {
			t.Fatalf("%s: nothing is said", name)
		}
		p.shell.link = rules.MeetingRef{Code: "C-00016512"}
		p.shell.goToLink()
		if said := p.shell.bar.String(); said != "" {
			t.Errorf("%s: after the next link it still says %q", name, said)
		}
	}
	p.sync.status = app.Status{Kind: app.KindProxy}
	p.sync.tell(p.sync.status)
	trouble := p.shell.bar.String()
	follow["unknown"]()
	screentest.Tap(t, p.window, "shell.bar.action")
	if p.shell.bar.String() != trouble || trouble == "" {
		t.Errorf("closed, it says %q, want %q", p.shell.bar.String(), trouble)
	}
}

func TestShell_saysOfAWrongLinkOnlyItsBeginning(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.Open("plenary://x\u202e\n\u2028" + strings.Repeat("your session has expired, call us ", 50))
	said := p.shell.bar.String()
	if strings.ContainsAny(said, "\u202e\n\u2028") || len(said) > 250 || !strings.Contains(said, "plenary://xyour session") {
		t.Errorf("the notice is %q", said)
	}
}

// The link of a personal invitation leads to the form, also of a meeting for which
// registration is closed, and is kept until the person registers.
func TestShell_invitationIsKeptForTheForm(t *testing.T) {
	token := strings.Repeat("a", 43)
	for _, code := range []string{"C-00016512", "C-00016105", "C-00019999"} { // open, over, known to the service only
		p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
			other := screentest.Meetings()[1]
			other.Code = "C-00019999"
			p.meetings.Elsewhere = []api.Meeting{other}
		})
		p.shell.Open("plenary://service.example.int/m/" + code + "#" + token)
		if !p.registering(code) {
			t.Fatalf("%s: page is %T, want the form", code, p.shell.page)
		}
		if got := p.mine.Drafts[code]; got.Invitation != token || got.Meeting != code {
			t.Errorf("%s: kept is %+v", code, got)
		}
		another := strings.Repeat("b", 43)
		p.shell.Open("https://service.example.int/m/" + code + "?lang=fr#" + another)
		if got := p.mine.Drafts[code]; !p.registering(code) || got.Invitation != another {
			t.Errorf("%s: another one is kept as %+v", code, got)
		}
	}
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.Open("plenary://service.example.int/m/C-00016342#" + token)
	if _, ok := p.shell.page.(*meetings.Registration); !ok {
		t.Errorf("whoever is registered is led to %T", p.shell.page)
	}
	p = testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.Open("https://service.example.int/m/C-00016512#" + token)
	p.shell.enter(screentest.Account)
	if got := p.mine.Drafts["C-00016512"]; !p.registering("C-00016512") || got.Invitation != token {
		t.Errorf("after the log-in kept is %+v", got)
	}
}
