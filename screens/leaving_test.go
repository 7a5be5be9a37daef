package screens

import (
	"slices"
	"strings"
	"testing"

	"plenary/app"
)

func TestShell_logOutAsksAboutUnsentWork(t *testing.T) {
	for _, c := range []struct {
		answer string
		want   []app.Unsent
	}{
		{"logout.send", []app.Unsent{app.UnsentSend}},
		{"logout.keep", []app.Unsent{app.UnsentKeep}},
		{"logout.discard", []app.Unsent{app.UnsentDiscard}},
		{"logout.stay", nil},
	} {
		t.Run(c.answer, func(t *testing.T) {
			p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.unsent = 2 })
			p.shell.goTo(route{name: routeSettings})
			tap(t, p.window, "settings.logout")
			tap(t, p.window, c.answer)
			if !slices.Equal(p.session.left, c.want) {
				t.Errorf("logged out with %v, want %v", p.session.left, c.want)
			}
			if _, out := p.shell.page.(*Login); out != (c.want != nil) {
				t.Errorf("page is %T", p.shell.page)
			}
		})
	}
}

func TestShell_logOutThatFailsLosesNothing(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.logoutErr = app.ErrUnsent })
	p.shell.logOut()
	if _, ok := p.shell.page.(*Meetings); !ok || p.shell.bar.String() == "" {
		t.Errorf("page is %T, notice %q; want to be still inside, and the reason", p.shell.page, p.shell.bar.String())
	}
}

func TestShell_logOutEverywhereAsksOnce(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.shell.goTo(route{name: routeSettings, code: sectionSessions})
	tap(t, p.window, "settings.everywhere")
	p.shell.escape()
	if p.session.everyone != 0 {
		t.Fatal("Escape logged out everywhere")
	}
	tap(t, p.window, "settings.everywhere")
	tap(t, p.window, "everywhere.yes")
	if _, ok := p.shell.page.(*Login); !ok || p.session.everyone != 1 {
		t.Errorf("page is %T after logging out everywhere %d times", p.shell.page, p.session.everyone)
	}
}

func TestShell_quitAsksAboutUnsentWork(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.unsent = 1 })
	p.shell.Quit()
	if p.closed != 0 {
		t.Fatal("ended without asking")
	}
	tap(t, p.window, "quit.stay")
	if p.closed != 0 {
		t.Fatal("ended although the person stays")
	}
	p.shell.Quit()
	tap(t, p.window, "quit.leave")
	if p.closed != 1 {
		t.Errorf("services closed %d times, want once", p.closed)
	}
}

func TestShell_quitKeepsTheDraftFirst(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.shell.goTo(route{name: routeRegister, code: "C-00016512"})
	form := p.shell.page.(*Register)
	steps := &Stepped{}
	p.shell.env.Run, form.env.Run = steps, steps
	form.jobEntry.SetText("Engineer")
	p.shell.Quit()
	for p.mine.flushed == 0 && p.closed == 0 && steps.Step() {
	}
	if p.mine.flushed != 1 || p.closed != 0 || p.mine.drafts["C-00016512"].JobTitle != "Engineer" {
		t.Errorf("flushed %d times, closed %d times, draft %+v", p.mine.flushed, p.closed, p.mine.drafts)
	}
}

func TestShell_quitAfterSending(t *testing.T) {
	e := testEnv(t)
	p := testWindow(t, e, func(p *testProgram, _ *WindowDeps) { p.session.unsent = 1 })
	steps := &Stepped{} // from now on time is the test's
	p.shell.env.Run = steps
	p.shell.Quit()
	steps.All()
	tap(t, p.window, "quit.send")
	if p.sync.asked != 1 || p.closed != 0 {
		t.Fatalf("asked the service %d times, closed %d times", p.sync.asked, p.closed)
	}
	p.session.unsent = 0
	p.shell.statusChanged(app.Status{Online: true})
	steps.All()
	if p.closed != 1 {
		t.Error("did not end once everything was sent")
	}
}

func TestShell_quitThatCannotSendSaysSo(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) {
		p.session.unsent = 1
		p.sync.status = app.Status{Kind: app.KindUnreachable}
	})
	p.shell.Quit()
	tap(t, p.window, "quit.send")
	if p.closed != 0 || !strings.Contains(p.shell.bar.String(), "cannot be reached") {
		t.Errorf("closed %d times, notice %q", p.closed, p.shell.bar.String())
	}
}
