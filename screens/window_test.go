package screens

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/app"
	"plenary/localdb"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

func TestShell_wrongAddressOfASignUpIsCorrected(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.showSignup()
	screentest.TabTo(t, p.window, "signup.email")
	screentest.Write(t, p.window, "elena@exmaple.org")
	p.shell.showActivate(api.Flow{Token: "flow"}, "elena@exmaple.org", "Kelp-84-orbit?tin")
	screentest.TabTo(t, p.window, "activate.correct")
	screentest.Press(t, p.window, fyne.KeyReturn)
	if screentest.FocusedID(p.window) != "signup.email" {
		t.Fatalf("the keyboard is on %q", screentest.FocusedID(p.window))
	}
	if entry := screentest.Find(p.window, "signup.email").(*parts.Entry); entry.Text != "elena@exmaple.org" {
		t.Errorf("there stands %q", entry.Text)
	}
}

func TestShell_pictures(t *testing.T) {
	captureWindow(t, "window-meetings", nil, func(p *testProgram) {
		p.sync.status.Attention = 2
		p.shell.statusChanged(p.sync.status)
		p.shell.goTo(route{name: routeMeetings, code: "C-00016512"})
	})
	captureWindow(t, "window-registration", func(p *testProgram) { p.mine.Mine[0] = screentest.ConfirmedRemote() }, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016342"})
	})
	captureWindow(t, "window-onsite", func(p *testProgram) {
		p.mine.Mine[0] = screentest.ConfirmedRemote()
		p.mine.Mine[0].Participation = api.OnSite
	}, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016342"})
	})
	captureWindow(t, "window-mine", func(p *testProgram) { p.mine.Mine = screentest.ManyStates() }, func(p *testProgram) {
		p.sync.status = app.Status{Online: false, Since: screentest.Now.Add(-2 * time.Minute), Waiting: 1, Attention: 1, Refreshed: screentest.Now.Add(-3 * time.Minute), Kind: app.KindUnreachable}
		p.shell.statusChanged(p.sync.status)
		p.shell.goTo(route{name: routeMine})
	})
	captureWindow(t, "window-settings", nil, func(p *testProgram) { p.shell.goTo(route{name: routeSettings}) })
	captureWindow(t, "window-account", func(p *testProgram) {
		p.session.account.NeedsSecondFactor = []string{api.RoleMeetingManager, api.RoleAdministrator}
		p.session.account.Deletion = screentest.Now.AddDate(0, 0, 14)
	}, func(p *testProgram) { p.shell.goTo(route{name: routeMine}) })
	captureWindow(t, "window-link-kept", func(p *testProgram) { p.session.restore = app.ErrNoSession }, func(p *testProgram) {
		p.shell.Open("C-00016512")
	})
	captureWindow(t, "window-help", nil, func(p *testProgram) { p.shell.goTo(route{name: routeHelp}) })
	captureWindow(t, "window-ended", nil, func(p *testProgram) {
		p.session.phase = app.Ended
		p.session.tell(app.SessionState{Phase: app.Ended, Account: screentest.Account})
	})
	captureWindow(t, "window-refused", func(p *testProgram) { p.mine.Mine = screentest.ManyStates() }, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016512"})
	})
	captureWindow(t, "window-form", nil, func(p *testProgram) { p.shell.goTo(route{name: routeRegister, code: "C-00016512"}) })
	captureWindow(t, "window-empty", func(p *testProgram) { p.mine.Mine = nil }, func(p *testProgram) { p.shell.goTo(route{name: routeMine}) })
}

// TestShell_makesItsWindowsFitTheScreen: the first window, and the mailbox.
func TestShell_makesItsWindowsFitTheScreen(t *testing.T) {
	var asked []fyne.Size
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, deps *WindowDeps) {
		deps.Fit = func(size fyne.Size) fyne.Size {
			asked = append(asked, size)
			return fyne.NewSize(size.Width, min(size.Height, 656))
		}
	})
	if got := p.window.Canvas().Size(); got != fyne.NewSize(1100, 656) {
		t.Errorf("the window is %v", got)
	}
	p.shell.services.Demo = quietDemo{}
	p.shell.openMailbox()
	defer p.shell.mailbox.Close()
	if want := []fyne.Size{{Width: 1100, Height: 740}, {Width: 820, Height: 560}}; !cmp.Equal(asked, want) {
		t.Errorf("asked for room for %v, want %v", asked, want)
	}
}

func TestShell_picturesOfLongAndOtherNames(t *testing.T) {
	foreign := func(p *testProgram) {
		p.session.account.FirstName, p.session.account.FamilyName = "ليلى", "غارسيا الأندلسي"
		p.session.account.Organization.Name = screentest.LongName
		p.meetings.All[0].Title = api.Text{"en": screentest.LongName, "fr": screentest.LongName}
		p.meetings.All[1].Title = api.Text{"en": "后量子密码学与公钥基础设施国际研讨会：电信、卫生与车辆领域的证书管理与迁移实践", "fr": "المنتدى الإقليمي للدول العربية حول البنية التحتية للمفاتيح العمومية"}
		p.meetings.All[2].Title = api.Text{"en": "المنتدى الإقليمي للدول العربية حول البنية التحتية للمفاتيح العمومية"}
		p.mine.Mine[0] = screentest.ConfirmedRemote()
		p.mine.Mine[0].Organization, p.mine.Mine[0].BadgeName = screentest.LongName, "غارسيا الأندلسي، ليلى"
		p.mine.Mine[0].Companions = []api.Companion{{Name: "李娜"}, {Name: "Иван Гарцев"}}
	}
	captureWindow(t, "names-meetings", foreign, func(p *testProgram) {
		p.shell.goTo(route{name: routeMeetings, code: "C-00016342"})
	})
	captureWindow(t, "names-registration", foreign, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016342"})
	})
	captureWindow(t, "names-form", foreign, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegister, code: "C-00016512"})
	})
	captureWindow(t, "names-settings", foreign, func(p *testProgram) { p.shell.goTo(route{name: routeSettings, code: settings.SectionProfile}) })
	captureWindow(t, "question", foreign, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016342"})
	}, func(p *testProgram) { screentest.Tap(t, p.window, "registration.withdraw") })
	leaving := func(name string, way leaveWay, prepare func(*testProgram)) {
		captureWindow(t, name, prepare, func(*testProgram) {}, func(p *testProgram) { p.shell.leaveBy(way) })
	}
	leaving("quit", wayQuit, func(p *testProgram) { p.session.work.Waiting, p.session.outlives = 2, true })
	leaving("logout", wayLogOut, func(p *testProgram) { p.session.work = app.LocalWork{Waiting: 1, Refused: 2, Drafts: 1} })
	leaving("quit-not-kept", wayQuit, func(p *testProgram) { p.session.work = app.LocalWork{Drafts: 2} })
	leaving("quit-disk-full", wayQuit, func(p *testProgram) { p.session.workErr = localdb.ErrDiskFull })
}

func TestShell_draftLeadsToItsForm(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) {
		p.mine.Drafts = map[string]api.Register{"C-00016512": {Meeting: "C-00016512", BadgeName: "Elena"}}
	})
	screentest.Tap(t, p.window, "meetings.row.C-00016512")
	screentest.Tap(t, p.window, "meetings.register")
	if got := fmt.Sprintf("%T", p.shell.page); got != "*meetings.Register" {
		t.Errorf("leads to %s", got)
	}
	p.shell.goTo(route{name: routeRegistration, code: "C-00016512"})
	if got := fmt.Sprintf("%T", p.shell.page); got != "*meetings.Register" || p.shell.at.name != routeRegister {
		t.Errorf("a registration that is a draft leads to %s, %v", got, p.shell.at)
	}
}

func TestShell_keysLeadEverywhere(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.Key2, "*meetings.Mine"},
		{fyne.Key3, "*settings.Page"},
		{fyne.Key4, "*help.Help"},
		{fyne.Key1, "*meetings.List"},
		{fyne.KeyF, "*meetings.List"},
	} {
		typeShortcut(p.window, c.key)
		if got := fmt.Sprintf("%T", p.shell.page); got != c.want {
			t.Errorf("Ctrl+%s leads to %s, want %s", c.key, got, c.want)
		}
	}
	if screentest.FocusedID(p.window) != "meetings.search" {
		t.Errorf("Ctrl+F leads to %q, want the search", screentest.FocusedID(p.window))
	}
	// The search has the keyboard now: the window must hear its keys all the same.
	typeShortcut(p.window, fyne.Key2)
	if _, ok := p.shell.page.(*meetings.Mine); !ok {
		t.Errorf("Ctrl+2 in an input leads to %T", p.shell.page)
	}
}

func TestShell_sessionEndedByTheService(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.session.phase = app.Ended
	p.session.tell(app.SessionState{Phase: app.Ended, Account: screentest.Account})
	if !strings.Contains(p.shell.bar.String(), "nothing is lost") {
		t.Errorf("the notice is %q", p.shell.bar.String())
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	if screentest.Input(t, p.window, "login.identifier").Text != "elena.garcia" {
		t.Errorf("page is %T, want the log-in screen with the name filled in", p.shell.page)
	}
}

// Language and text size can be chosen by whoever is not logged in, by keyboard too; what
// was typed stays, and the choice counts as in Settings.
func TestShell_languageAndTextSizeBeforeTheLogIn(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	press := func(id string) {
		t.Helper()
		screentest.TabTo(t, p.window, id)
		screentest.Press(t, p.window, fyne.KeyReturn)
	}
	screentest.TabTo(t, p.window, "login.identifier")
	screentest.Write(t, p.window, "elena")
	press("display.larger")
	prefs := p.shell.deps.App.Preferences()
	if size := prefs.Int(settings.PrefTextSize); size != 110 || screentest.FocusedID(p.window) != "display.larger" {
		t.Errorf("text at %d %%, the keyboard on %q", size, screentest.FocusedID(p.window))
	}
	press("display.smaller")
	press("display.smaller")
	if size := prefs.Int(settings.PrefTextSize); size != 90 {
		t.Errorf("text at %d %%", size)
	}
	p.shell.showSignup()
	screentest.TabTo(t, p.window, "signup.first")
	screentest.Write(t, p.window, "Elena")
	press("signup.login")
	press("display.fr")
	if lang := prefs.String(settings.PrefLanguage); lang != "fr" || p.shell.env.Words.Lang() != "fr" {
		t.Errorf("the language is %q", lang)
	}
	if screentest.Find(p.window, "display.en") == nil || screentest.FocusedID(p.window) != "login.identifier" {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(p.window))
	}
	press("login.signup")
	if first := screentest.Find(p.window, "signup.first").(*parts.Entry); first.Text != "Elena" || screentest.Find(p.window, "display.en") == nil {
		t.Errorf("there stands %q", first.Text)
	}
	press("display.en")
	if first := screentest.Find(p.window, "signup.first").(*parts.Entry); first.Text != "Elena" || screentest.Find(p.window, "display.fr") == nil {
		t.Errorf("there stands %q", first.Text)
	}
}

// What is under way is told by the page that began it, in its language.
func TestShell_noOtherLanguageWhileTheServiceIsAsked(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	p := testWindow(t, e, func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.env.Run = steps
	p.shell.showForgot("elena")
	screentest.TabTo(t, p.window, "forgot.identifier")
	screentest.Press(t, p.window, fyne.KeyReturn)
	forgot := p.shell.page
	speakFrench := func() {
		p.shell.env.Speak("fr")
		for range 2 { // it is read, and shown
			steps.StepAt(steps.Len() - 1)
		}
	}
	speakFrench()
	if p.shell.page != forgot || p.shell.env.Words.Lang() != "en" {
		t.Error("the page is another one while the service is asked")
	}
	p.shell.page.(interface{ Back() bool }).Back()
	speakFrench()
	if p.shell.env.Words.Lang() != "fr" {
		t.Error("the language stays after that")
	}
}

// A language is read beside the window, and shown once it is, unless another one is chosen
// meanwhile.
func TestShell_languageIsReadBesideTheWindow(t *testing.T) {
	steps := &screentest.Stepped{}
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
	p.shell.env.Run = steps
	screentest.Tap(t, p.window, "settings.language.fr")
	if p.shell.env.Words.Lang() != "en" {
		t.Error("the window waits for the language")
	}
	screentest.Tap(t, p.window, "settings.language.en")
	steps.All()
	if p.shell.env.Words.Lang() != "en" {
		t.Error("what was chosen first is shown at last")
	}
	screentest.Tap(t, p.window, "settings.language.fr")
	steps.All()
	if p.shell.env.Words.Lang() != "fr" {
		t.Error("it is not shown once it is read")
	}
}

func TestShell_noLanguageToChooseWhereTheOrganizationHasSetIt(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		p.session.restore = app.ErrNoSession
		d.Managed.Language = "fr"
	})
	if screentest.Find(p.window, "display.en") != nil || screentest.Find(p.window, "display.larger") == nil {
		t.Errorf("offers %v", screentest.Order(p.window))
	}
}

func TestShell_languageAndTextSizeApplyAtOnce(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
	screentest.Tap(t, p.window, "settings.language.fr")
	if screentest.Find(p.window, "nav.meetings") == nil || p.shell.env.Words.Lang() != "fr" {
		t.Fatal("the window does not speak French")
	}
	for range 3 {
		screentest.Tap(t, p.window, "settings.textsize.larger")
	}
	if got := parts.TextScale(); got != 1.5 {
		t.Errorf("text scale is %v, want 1.5", got)
	}
	screentest.Tap(t, p.window, "settings.appearance.dark")
	if got := fyne.CurrentApp().Settings().Theme().(*parts.Theme).Appearance(); got != parts.AppearanceDark {
		t.Errorf("appearance is %q, want dark", got)
	}
	again := testWindow(t, p.shell.env)
	if again.shell.env.Words.Lang() != "fr" {
		t.Error("the language is forgotten at the next start")
	}
}

func TestShell_registersByKeyboardAlone(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.window.Resize(fyne.NewSize(1100, 740))
	screentest.Settle(p.window)
	w := p.window
	screentest.Write(t, w, "sixth") // the search has the keyboard
	screentest.Press(t, w, fyne.KeyDown, fyne.KeyReturn)
	screentest.TabTo(t, w, "meetings.register")
	screentest.Press(t, w, fyne.KeyReturn)
	if screentest.FocusedID(w) != "register.participation" {
		t.Fatalf("the form begins at %q", screentest.FocusedID(w))
	}
	screentest.Press(t, w, fyne.KeyDown, fyne.KeyDown) // remote
	screentest.TabTo(t, w, "register.role")
	screentest.Press(t, w, fyne.KeySpace)
	screentest.TabTo(t, w, "register.topics.pqc")
	screentest.Press(t, w, fyne.KeySpace)
	screentest.TabTo(t, w, "register.arrival")
	screentest.Write(t, w, "2027/1/11")
	screentest.TabTo(t, w, "register.visa")
	screentest.Press(t, w, fyne.KeyDown, fyne.KeyDown)
	screentest.TabTo(t, w, "register.check")
	screentest.Press(t, w, fyne.KeyReturn)
	if screentest.FocusedID(w) != "register.submit" {
		t.Fatalf("what is to be checked begins at %q", screentest.FocusedID(w))
	}
	p.mine.OnSubmit = func(in api.Register) {
		p.mine.Mine = append(p.mine.Mine, app.Mine{State: app.StateWaitingToSend, Made: screentest.Now, Registration: api.Registration{Meeting: in.Meeting, Participation: in.Participation, BadgeName: in.BadgeName}})
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if len(p.mine.Submitted) != 1 {
		t.Fatalf("submitted %d times", len(p.mine.Submitted))
	}
	want := api.Register{
		Meeting: "C-00016512", Participation: api.Remote,
		Answers: api.Answers{
			"role": {"delegate"}, "topics": {"pqc"}, "arrival": {"2027-01-11"}, "visa": {"no"},
			"passport_country": {"ES"}, "phone": {"+34 600 123 456"},
		},
	}
	if diff := cmp.Diff(want, p.mine.Submitted[0]); diff != "" {
		t.Errorf("submitted (-want +got):\n%s", diff)
	}
	if p.shell.at != (route{name: routeRegistration, code: "C-00016512"}) {
		t.Errorf("page is %T after Submit, want the registration", p.shell.page)
	}
}

func TestWindow_openListGoesWithThePage(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	for name, leave := range map[string]func(){
		"Ctrl+1": func() { typeShortcut(p.window, fyne.Key1) },
		"F1":     func() { screentest.Press(t, p.window, fyne.KeyF1) },
	} {
		p.shell.openSettings(settings.SectionProfile)()
		p.window.Canvas().Focus(screentest.Input(t, p.window, "settings.profile.title.entry"))
		screentest.Press(t, p.window, fyne.KeyDown)
		if screentest.Find(p.window, "settings.profile.title.row0") == nil {
			t.Fatal("no list opens")
		}
		leave()
		if screentest.Find(p.window, "settings.profile.title.row0") != nil {
			t.Errorf("%s leaves the list over another page", name)
		}
	}
}

// Whoever comes back to the program, or goes to another place in it, is somebody who looks.
func TestShell_tellsThatSomebodyLooks(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	before := p.sync.looked
	fyne.CurrentApp().Lifecycle().(interface{ OnEnteredForeground() func() }).OnEnteredForeground()()
	if p.sync.looked != before+1 {
		t.Error("who comes to the window is not told of")
	}
	p.shell.goTo(route{name: routeHelp})
	if p.sync.looked != before+2 {
		t.Error("who goes to another place is not told of")
	}
}

func TestShell_pageKeysScrollWhatHoldsTextsOnly(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.window.Resize(fyne.NewSize(800, 400))
	p.shell.goTo(route{name: routeHelp})
	screentest.Settle(p.window)
	at := func() float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(screentest.Widget(t, p.window, "help.log")).Y
	}
	top := at()
	p.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyPageDown}) // nothing has the keyboard
	if down := at(); down >= top {
		t.Errorf("it stands at %v, and stood at %v", down, top)
	}
	p.window.Canvas().Focus(screentest.Widget(t, p.window, "help.copy").(fyne.Focusable))
	down := at()
	screentest.Press(t, p.window, fyne.KeyPageUp)
	if up := at(); up <= down {
		t.Errorf("it stands at %v, and stood at %v", up, down)
	}
}
