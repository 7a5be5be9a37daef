package screens

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/account"
	"plenary/screens/kit"
	"plenary/screens/meetings"
	"plenary/screens/screentest"
)

func TestShell_showsLogInWithoutSession(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	if _, ok := p.shell.page.(*account.Login); !ok {
		t.Fatalf("page is %T, want the log-in screen", p.shell.page)
	}
	if says := screentest.Said(p.window, "login.bar"); says != "" {
		t.Errorf("the first log-in begins with %q", says)
	}
}

func TestShell_saysWhyTheSessionCouldNotBeRestored(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrKeyringLocked })
	if !strings.Contains(screentest.Said(p.window, "login.bar"), "keyring is locked") {
		t.Fatalf("page is %T, want the log-in screen with the reason", p.shell.page)
	}
}

func TestShell_serviceThatDoesNotOpenCanBeTriedAgain(t *testing.T) {
	tries := 0
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, d *WindowDeps) {
		open := d.Open
		d.Open = func(ctx context.Context, address string) (Services, error) {
			if tries++; tries == 1 {
				return Services{}, &api.Problem{Code: api.CodeBusy}
			}
			return open(ctx, address)
		}
	})
	if w, ok := p.shell.page.(*waiting); !ok || w.bar.String() == "" {
		t.Fatalf("page is %T, want the reason", p.shell.page)
	}
	screentest.Tap(t, p.window, "opening.bar.action")
	if _, ok := p.shell.page.(*meetings.List); !ok {
		t.Errorf("page is %T after the second try, want the meetings", p.shell.page)
	}
}

func TestShell_firstStartLeadsToTheService(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		d.Address = ""
		p.session.restore = app.ErrNoSession
	})
	if _, ok := p.shell.page.(*account.FirstStart); !ok {
		t.Fatalf("page is %T, want the first start", p.shell.page)
	}
	test.Type(screentest.Widget(t, p.window, "firststart.address").(fyne.Focusable), "plenary.example.int")
	screentest.Tap(t, p.window, "firststart.connect")
	if _, ok := p.shell.page.(*account.Login); !ok {
		t.Errorf("page is %T, want the log-in screen", p.shell.page)
	}
}

func TestShell_otherServiceAndBack(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	screentest.Tap(t, p.window, "login.service")
	if _, ok := p.shell.page.(*account.FirstStart); !ok || p.closed != 1 {
		t.Fatalf("page is %T, services closed %d times", p.shell.page, p.closed)
	}
	screentest.Tap(t, p.window, "firststart.back")
	if _, ok := p.shell.page.(*account.Login); !ok {
		t.Errorf("page is %T, want the log-in screen of the service as before", p.shell.page)
	}
}

func TestFinder_closesWhatNobodyWaitsFor(t *testing.T) {
	closed := 0
	ctx, cancel := context.WithCancel(t.Context())
	f := &finder{open: func(context.Context, string) (Services, error) {
		cancel()
		return Services{
			Info:  func(context.Context) (api.ServiceInfo, error) { return api.ServiceInfo{}, nil },
			Close: func() error { closed++; return nil },
		}, nil
	}}
	if _, err := f.Try(ctx, "plenary.example.int"); !errors.Is(err, context.Canceled) || closed != 1 {
		t.Errorf("error %v, closed %d times", err, closed)
	}
	if _, _, ok := f.take(); ok {
		t.Error("it can still be taken")
	}
}

func TestShell_learnsWhatTheServiceSaysOfItself(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	for _, desk := range []string{"", "help@renamed.example.int", ""} {
		p.learn(api.ServiceInfo{ServiceID: "s1", ServiceDesk: desk})
		p.shell.goTo(route{name: routeMeetings})
		p.shell.goTo(route{name: routeHelp})
		if shown := screentest.Find(p.window, "help.desk") != nil; shown != (desk != "") {
			t.Errorf("the service desk is %q, and shown: %v", desk, shown)
		}
	}
}

func TestShell_closedServicesHaveNoSay(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	screentest.Tap(t, p.window, "login.service")
	p.sync.tell(app.Status{Online: true})
	p.session.tell(app.SessionState{Phase: app.Ended})
	if _, ok := p.shell.page.(*account.FirstStart); !ok || p.shell.env.Info.ServiceID != "" {
		t.Errorf("page is %T, the service %q", p.shell.page, p.shell.env.Info.ServiceID)
	}
}

func TestShell_demonstrationOpensItsMailbox(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		p.session.restore = app.ErrNoSession
		open := d.Open
		d.StartDemo, d.Demo = true, func(ctx context.Context) (Services, error) {
			s, err := open(ctx, "")
			s.Demo = quietDemo{}
			return s, err
		}
	})
	if p.shell.mailbox == nil {
		t.Fatal("there is no mailbox")
	}
	p.shell.mailbox.Close()
	screentest.Tap(t, p.window, "shell.mailbox")
	if p.shell.mailbox == nil {
		t.Error("the log-in screen does not lead to the mailbox")
	}
}

// A demonstration that an early version has made can be begun anew, and nothing of
// it is removed before the person has said so.
func TestShell_offersToBeginAnOldDemonstrationAnew(t *testing.T) {
	old := &api.Problem{Code: kindDemonstrationOld} // explained as main does
	anew := 0
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		p.session.restore = app.ErrNoSession
		open := d.Open
		d.StartDemo, d.Demo = true, func(context.Context) (Services, error) { return Services{}, old }
		d.DemoAnew = func(ctx context.Context) (Services, error) {
			anew++
			return open(ctx, "")
		}
	})
	w, ok := p.shell.page.(*waiting)
	if !ok || !strings.Contains(w.bar.String(), "early version") || anew != 0 {
		t.Fatalf("page is %T, begun anew %d times", p.shell.page, anew)
	}
	screentest.Tap(t, p.window, "opening.bar.action")
	if _, ok := p.shell.page.(*account.Login); !ok || anew != 1 {
		t.Errorf("page is %T, begun anew %d times", p.shell.page, anew)
	}
}

// Before there is a window the service is opened and the session restored, so that no
// waiting page is shown first; nothing that the first screen asks for is waited for.
func TestShell_firstPictureIsTheFirstScreen(t *testing.T) {
	for name, restore := range map[string]error{"*meetings.List": nil, "*account.Login": app.ErrNoSession} {
		t.Run(name, func(t *testing.T) {
			e, steps := screentest.NewEnv(t), &screentest.Stepped{}
			e.Run = steps
			p := testWindow(t, e, func(p *testProgram, d *WindowDeps) {
				p.session.restore, d.Ahead = restore, time.Hour
			})
			if got := fmt.Sprintf("%T", p.shell.page); got != name {
				t.Errorf("the first picture is of %s", got)
			}
			if p.shell.env.Run != kit.Executor(steps) {
				t.Error("what comes then is still waited for")
			}
		})
	}
}
