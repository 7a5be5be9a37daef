package screens

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/screens/account"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

// someWork are the kinds of work that exist on this computer alone.
var someWork = map[string]app.LocalWork{
	"waiting": {Waiting: 2}, "refused": {Refused: 1}, "drafts": {Drafts: 1},
}

func TestShell_logOutAsksAboutEverythingThatIsHereAlone(t *testing.T) {
	for name, work := range someWork {
		for answer, want := range map[string][]app.Unsent{
			"leave.keep": {app.UnsentKeep}, "leave.discard": {app.UnsentDiscard}, "leave.stay": nil,
		} {
			t.Run(name+", "+answer, func(t *testing.T) {
				p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.work, p.session.outlives = work, true })
				p.shell.goTo(route{name: routeSettings})
				screentest.Tap(t, p.window, "settings.logout")
				if len(p.session.left) != 0 {
					t.Fatalf("logged out without asking, with %v", p.session.left)
				}
				screentest.Tap(t, p.window, answer)
				if !slices.Equal(p.session.left, want) {
					t.Errorf("logged out with %v, want %v", p.session.left, want)
				}
				if _, out := p.shell.page.(*account.Login); out != (want != nil) {
					t.Errorf("page is %T", p.shell.page)
				}
			})
		}
	}
}

// Without network the service learns nothing of a log-out, which the person has to know.
func TestShell_logOutSaysThatTheServiceStillListsTheSession(t *testing.T) {
	for _, untold := range []bool{false, true} {
		p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.untold = untold })
		p.shell.logOut()
		if _, out := p.shell.page.(*account.Login); !out {
			t.Fatalf("page is %T", p.shell.page)
		}
		says := ""
		if bar, there := screentest.Find(p.window, "login.bar").(*parts.Bar); there {
			says = bar.String()
		}
		if strings.Contains(says, "still lists this session") != untold {
			t.Errorf("the service was not told: %v, but it says %q", untold, says)
		}
	}
}

func TestShell_logOutSendsFirst(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.work.Waiting = 2 })
	p.shell.logOut()
	screentest.Tap(t, p.window, "leave.send")
	if _, out := p.shell.page.(*account.Login); !out || p.session.sent != 1 || !slices.Equal(p.session.left, []app.Unsent{app.UnsentSend}) {
		t.Errorf("page is %T, sent %d times, logged out with %v", p.shell.page, p.session.sent, p.session.left)
	}
}

// What the service refuses while it is sent was never seen by the person.
func TestShell_logOutAsksAgainAboutWhatWasRefused(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.work = app.LocalWork{Waiting: 1, Refused: 1} })
	p.shell.logOut()
	screentest.Tap(t, p.window, "leave.send")
	if len(p.session.left) != 0 || p.shell.leave.state != leaveAsking || p.shell.leave.work != (app.LocalWork{Refused: 1}) {
		t.Fatalf("logged out with %v, asks about %+v", p.session.left, p.shell.leave.work)
	}
	screentest.Tap(t, p.window, "leave.keep")
	if !slices.Equal(p.session.left, []app.Unsent{app.UnsentKeep}) {
		t.Errorf("logged out with %v", p.session.left)
	}
}

func TestShell_logOutThatCannotSendAsksAgain(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
		p.session.work.Waiting, p.session.sendErr = 1, errors.New("no network")
	})
	p.shell.logOut()
	screentest.Tap(t, p.window, "leave.send")
	if p.session.sent != 1 || p.shell.leave.state != leaveAsking || len(p.session.left) != 0 {
		t.Fatalf("sent %d times, state %d, logged out with %v", p.session.sent, p.shell.leave.state, p.session.left)
	}
	screentest.Tap(t, p.window, "leave.stay")
	if _, ok := p.shell.page.(*meetings.List); !ok {
		t.Errorf("page is %T", p.shell.page)
	}
}

func TestShell_logOutThatFailsLosesNothing(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.logoutErr = app.ErrUnsent })
	p.shell.logOut()
	if _, ok := p.shell.page.(*meetings.List); !ok || p.shell.bar.String() == "" {
		t.Errorf("page is %T, notice %q; want to be still inside, and the reason", p.shell.page, p.shell.bar.String())
	}
}

func TestShell_logOutEverywhereAsksOnce(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.goTo(route{name: routeSettings, code: settings.SectionSessions})
	screentest.Tap(t, p.window, "settings.everywhere")
	p.shell.escape()
	if p.session.everyone != 0 {
		t.Fatal("Escape logged out everywhere")
	}
	screentest.Tap(t, p.window, "settings.everywhere")
	screentest.Tap(t, p.window, "everywhere.yes")
	if _, ok := p.shell.page.(*account.Login); !ok || p.session.everyone != 1 {
		t.Errorf("page is %T after logging out everywhere %d times", p.shell.page, p.session.everyone)
	}
}

// Nothing comes in while the log-out goes on, and a second one changes nothing.
func TestShell_logOutTakesNothingWhileItGoesOn(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	steps := &screentest.Stepped{}
	p.shell.env.Run = steps
	p.shell.logOut()
	for p.shell.leave.state != leaveEnding && steps.Step() {
	}
	if p.shell.leave.state != leaveEnding || len(p.window.Canvas().Overlays().List()) == 0 {
		t.Fatalf("state is %d, %d overlays", p.shell.leave.state, len(p.window.Canvas().Overlays().List()))
	}
	p.shell.Quit()
	p.shell.logOut()
	p.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	typeShortcut(p.window, fyne.KeyQ)
	steps.All()
	if p.closed != 0 || len(p.session.left) != 1 || len(p.window.Canvas().Overlays().List()) != 0 {
		t.Errorf("closed %d times, logged out %v, %d overlays", p.closed, p.session.left, len(p.window.Canvas().Overlays().List()))
	}
}

func TestShell_quit(t *testing.T) {
	for name, c := range map[string]struct {
		work     app.LocalWork
		outlives bool
		answer   string // none: nothing is asked
		closed   int
		left     []app.Unsent
		kept     int
	}{
		"nothing here alone":                   {answer: "", closed: 1},
		"drafts of a kept session stay":        {work: app.LocalWork{Drafts: 1}, outlives: true, closed: 1, kept: 1},
		"a refusal of a kept session stays":    {work: app.LocalWork{Refused: 1}, outlives: true, closed: 1, kept: 1},
		"what waits stays by choice":           {work: app.LocalWork{Waiting: 1}, outlives: true, answer: "leave.keep", closed: 1, kept: 1},
		"what waits is sent":                   {work: app.LocalWork{Waiting: 1}, outlives: true, answer: "leave.send", closed: 1},
		"what waits, and the person stays":     {work: app.LocalWork{Waiting: 1}, outlives: true, answer: "leave.stay"},
		"drafts of a session that is not kept": {work: app.LocalWork{Drafts: 1}, answer: "leave.keep", closed: 1, kept: 1},
		"... that are discarded":               {work: app.LocalWork{Drafts: 1}, answer: "leave.discard", closed: 1, left: []app.Unsent{app.UnsentDiscard}},
		"... and the person stays":             {work: app.LocalWork{Drafts: 1}, answer: "leave.stay"},
	} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.work, p.session.outlives = c.work, c.outlives })
			p.shell.Quit()
			if c.answer != "" {
				if p.closed != 0 {
					t.Fatal("ended without asking")
				}
				screentest.Tap(t, p.window, c.answer)
			}
			if p.closed != c.closed || !slices.Equal(p.session.left, c.left) || p.session.keptWork != c.kept {
				t.Errorf("closed %d times, logged out with %v, kept %d times; want %+v", p.closed, p.session.left, p.session.keptWork, c)
			}
		})
	}
}

// The session has ended by itself, and the log-in screen is there: what waits is asked
// about all the same.
func TestShell_quitAsksAfterTheSessionHasEnded(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.work.Waiting = 1 })
	p.shell.sessionChanged(app.SessionState{Phase: app.Ended})
	p.shell.logInAgain()
	p.shell.Quit()
	if p.closed != 0 || p.shell.leave.state != leaveAsking {
		t.Fatalf("closed %d times, state %d", p.closed, p.shell.leave.state)
	}
	screentest.Tap(t, p.window, "leave.stay")
	p.shell.otherService()
	if p.closed != 0 || p.shell.leave.state != leaveAsking {
		t.Fatalf("another service: closed %d times, state %d", p.closed, p.shell.leave.state)
	}
	screentest.Tap(t, p.window, "leave.keep")
	if _, ok := p.shell.page.(*account.FirstStart); !ok || p.closed != 1 || p.session.keptWork != 1 {
		t.Errorf("page is %T, closed %d times, kept %d times", p.shell.page, p.closed, p.session.keptWork)
	}
}

// A service that has moved is found again from within its session, which goes on there.
func TestShell_settingsLeadToAnotherService(t *testing.T) {
	for name, work := range map[string]app.LocalWork{"with nothing": {}, "with work": {Waiting: 1}} {
		t.Run(name, func(t *testing.T) {
			var found []string
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
				p.session.work, p.session.outlives = work, true
				open := d.Open
				d.Open = func(ctx context.Context, address string) (Services, error) {
					found = append(found, address)
					return open(ctx, address)
				}
			})
			p.shell.openSettings(settings.SectionProgram)()
			screentest.Tap(t, p.window, "settings.service.other")
			if work.Any() {
				screentest.Tap(t, p.window, "leave.keep")
			}
			if _, ok := p.shell.page.(*account.FirstStart); !ok || p.closed != 1 || p.shell.inside {
				t.Fatalf("page is %T, closed %d times, inside %v", p.shell.page, p.closed, p.shell.inside)
			}
			p.moved = "https://old.example.int"
			screentest.Input(t, p.window, "firststart.address").SetText("https://new.example.int")
			screentest.Tap(t, p.window, "firststart.connect")
			if said := p.shell.bar.String(); !strings.Contains(said, "old.example.int") {
				t.Errorf("it does not say that the service has moved: %q", said)
			}
			if !p.shell.inside || found[len(found)-1] != "https://new.example.int" || len(p.session.left) > 0 {
				t.Errorf("inside %v, opened %q, logged out %v", p.shell.inside, found, p.session.left)
			}
		})
	}
}

func TestShell_settingsLeadNowhereElseWhereTheServiceIsSet(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, d *WindowDeps) { d.Managed.ServiceLocked = true })
	p.shell.openSettings(settings.SectionProgram)()
	if screentest.Find(p.window, "settings.service") == nil || screentest.Find(p.window, "settings.service.other") != nil {
		t.Error("the service is not to be seen, or another one can be chosen")
	}
}

func TestShell_quitKeepsTheDraftFirst(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	p := testWindow(t, e)
	steps.All()
	p.shell.goTo(route{name: routeRegister, code: "C-00016512"})
	steps.All()
	screentest.Input(t, p.window, "register.job").SetText("Engineer")
	p.shell.Quit()
	for p.closed == 0 && p.mine.Drafts["C-00016512"].JobTitle != "Engineer" && steps.Step() {
	}
	if p.closed != 0 || p.mine.Drafts["C-00016512"].JobTitle != "Engineer" {
		t.Errorf("closed %d times, draft %+v", p.closed, p.mine.Drafts)
	}
}

// What was copied of a secret does not outlive the program.
func TestShell_quitForgetsTheSecretThatWasCopied(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	p := testWindow(t, e)
	steps.All()
	p.shell.env.CopySecret("7F3K9-2QD4X")
	steps.Pieces = nil // the minute does not pass
	p.shell.Quit()
	steps.All()
	if p.closed != 1 || e.Clipboard.Content() != "" {
		t.Errorf("closed %d times, %q is in the clipboard", p.closed, e.Clipboard.Content())
	}
}

// The window is closed again and again while the program ends: it ends once.
func TestShell_quitTwiceEndsOnce(t *testing.T) {
	quit := 0
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, d *WindowDeps) { d.Quit = func() { quit++ } })
	steps := &screentest.Stepped{}
	p.shell.env.Run = steps
	p.shell.Quit()
	steps.Step()
	p.shell.Quit()
	steps.Step()
	p.shell.Quit()
	if quit != 0 {
		t.Fatal("ended in the middle of what is written")
	}
	steps.All()
	if p.closed != 1 || quit != 1 {
		t.Errorf("closed %d times, ended %d times", p.closed, quit)
	}
}

// A disk or a keyring that does not answer holds nobody: the window says so, takes input
// again, and ends where nothing is lost by it.
func TestShell_nothingThatHangsHoldsAnybody(t *testing.T) {
	for name, c := range map[string]struct {
		way      leaveWay
		outlives bool
		answers  []string
		closed   int
	}{
		"quit, kept":                    {wayQuit, true, []string{"leave.without"}, 1},
		"quit, not kept, discarded":     {wayQuit, false, []string{"leave.discard"}, 1},
		"quit, not kept, to be kept":    {wayQuit, false, []string{"leave.without"}, 0},
		"another service, kept":         {wayService, true, []string{"leave.without"}, 1},
		"log-out":                       {wayLogOut, true, []string{"leave.discard"}, 0},
		"everywhere, and again in vain": {wayEverywhere, true, []string{"leave.again", "leave.discard"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
				p.session.outlives, p.session.hangs = c.outlives, true
			})
			hung := &hungRun{&screentest.Stepped{}, p.session}
			p.shell.env.Run = hung
			p.shell.leaveBy(c.way)
			hung.All()
			for _, answer := range c.answers {
				if p.closed != 0 || p.shell.leave.state != leaveStuck {
					t.Fatalf("before %s: closed %d times, state %d", answer, p.closed, p.shell.leave.state)
				}
				screentest.Tap(t, p.window, answer)
				hung.All()
			}
			if overlays := len(p.window.Canvas().Overlays().List()); p.closed != c.closed || overlays != 0 && !p.shell.ending {
				t.Errorf("closed %d times, %d overlays", p.closed, overlays)
			}
			discards := 0 // where nobody can go on working, and only there
			if c.closed == 1 && c.answers[0] == "leave.discard" {
				discards = 1
			}
			if p.session.discards != discards {
				t.Errorf("marked to be lost %d times", p.session.discards)
			}
			if c.closed == 0 && p.shell.leave.state != leaveNone {
				t.Errorf("state is %d: nobody can leave any more", p.shell.leave.state)
			}
		})
	}
}

// hungRun is an executor on which what the session hangs in never ends.
type hungRun struct {
	*screentest.Stepped
	session *knownSession
}

func (h *hungRun) Run(ctx context.Context, work func(context.Context), then func()) {
	h.Pieces = append(h.Pieces, func() {
		if ctx.Err() != nil {
			return
		}
		h.session.hung = false
		if work(ctx); h.session.hung {
			return
		}
		h.Post(ctx, then)
	})
}

func TestShell_questionsOfTheWayOutNameWhatIsAtStake(t *testing.T) {
	e := screentest.NewEnv(t)
	work := app.LocalWork{Waiting: 2, Refused: 1, Drafts: 3}
	p := testWindow(t, e, func(p *testProgram, _ *WindowDeps) { p.session.work = work })
	p.shell.logOut()
	said := questionText(p)
	for _, want := range []string{
		e.Words.N("shell.work.waiting", 2), e.Words.N("shell.work.refused", 1), e.Words.N("shell.work.drafts", 3),
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %q", want, said)
		}
	}
}

// The window does not end before what was decided is done. If it fails, the person stays
// and is told; if it takes long, a log-out goes on, and the end of the program asks.
func TestShell_waitsForWhatWasDecided(t *testing.T) {
	for name, c := range map[string]struct {
		way    leaveWay
		slow   bool
		fails  bool
		answer string // where it is asked
		left   bool
	}{
		"quit":                           {way: wayQuit, left: true},
		"log-out":                        {way: wayLogOut, left: true},
		"quit, and it fails":             {way: wayQuit, fails: true},
		"log-out, and it fails":          {way: wayLogOut, fails: true},
		"slow, quit, waiting":            {way: wayQuit, slow: true, answer: "leave.again", left: true},
		"slow, quit, waiting for a fail": {way: wayQuit, slow: true, fails: true, answer: "leave.again"},
		"slow, quit, anyway":             {way: wayQuit, slow: true, fails: true, answer: "leave.without", left: true},
		"slow, quit, to stay":            {way: wayQuit, slow: true, fails: true, answer: "leave.stay"},
		"slow, log-out":                  {way: wayLogOut, slow: true, fails: true, left: true},
		"slow, everywhere":               {way: wayEverywhere, slow: true, fails: true, left: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.outlives = true })
			steps := &screentest.Stepped{}
			p.shell.env.Run = steps
			page, leave := context.WithCancel(t.Context())
			p.shell.env.Commit(page, parts.NewBusy("test.busy"), "Working …", func(context.Context) error {
				if c.fails {
					return errors.New("it was refused")
				}
				return nil
			}, func(error) { t.Error("the page was left") })
			leave()
			p.shell.leaveBy(c.way)
			if p.shell.leave.state != leaveCounting || len(p.session.left)+p.closed > 0 {
				t.Fatalf("state %d: it did not wait", p.shell.leave.state)
			}
			if c.slow {
				for steps.StepAt(1) { // all but what was decided
				}
			}
			if asked := p.shell.leave.state == leaveStuck; asked != (c.answer != "") {
				t.Fatalf("state %d", p.shell.leave.state)
			}
			if c.answer != "" {
				screentest.Tap(t, p.window, c.answer)
			}
			steps.All()
			if left := len(p.session.left)+p.closed > 0; left != c.left {
				t.Errorf("left: %v", left)
			}
			says := screentest.Said(p.window, "login.bar") + screentest.Said(p.window, "shell.bar")
			if told := strings.Contains(says, p.shell.env.T("shell.late")); told != c.fails && p.shell.page != nil {
				t.Errorf("it says %q on %T", says, p.shell.page)
			}
		})
	}
}

func TestShell_logInAgainGoesOnWithThePassword(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.sessionChanged(app.SessionState{Phase: app.Ended})
	p.shell.logInAgain()
	if got := screentest.FocusedID(p.window); got != "login.password" {
		t.Errorf("%s has the keyboard", got)
	}
}
