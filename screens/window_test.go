package screens

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/app"
	"plenary/screens/parts"
)

// knownSession is a session in memory.
type knownSession struct {
	account   api.Account
	restore   error
	unsent    int
	kept      bool
	phase     app.Phase
	left      []app.Unsent
	everyone  int
	logoutErr error
	tell      func(app.SessionState)
}

func (k *knownSession) LogIn(context.Context, app.LogIn) (api.Account, error) {
	return k.account, nil
}
func (k *knownSession) ResendActivation(context.Context, string, string) error { return nil }
func (k *knownSession) SubscribeKeyring(func(bool)) func()                     { return func() {} }
func (k *knownSession) UsePassphrase(context.Context, string) error            { return nil }
func (k *knownSession) SetAside(context.Context) error                         { return nil }
func (k *knownSession) Restore(context.Context) (api.Account, error)           { return k.account, k.restore }

func (k *knownSession) LogOut(_ context.Context, u app.Unsent) error {
	if k.logoutErr == nil {
		k.left = append(k.left, u)
	}
	return k.logoutErr
}
func (k *knownSession) LogOutEverywhere(context.Context) error { k.everyone++; return k.logoutErr }
func (k *knownSession) Unsent() int                            { return k.unsent }
func (k *knownSession) State() app.SessionState {
	return app.SessionState{Phase: k.phase, Account: k.account, Kept: k.kept}
}
func (k *knownSession) Subscribe(f func(app.SessionState)) func() { k.tell = f; return func() {} }

// knownSync is a status in memory.
type knownSync struct {
	status app.Status
	asked  int
	tell   func(app.Status)
}

func (k *knownSync) Status() app.Status                  { return k.status }
func (k *knownSync) Subscribe(f func(app.Status)) func() { k.tell = f; return func() {} }
func (k *knownSync) Now()                                { k.asked++ }
func (k *knownMine) Withdraw(_ context.Context, n string) error {
	k.withdrawn = append(k.withdrawn, n)
	return k.err
}

func (k *knownMine) Dismiss(_ context.Context, o string) error {
	k.dismissed = append(k.dismissed, o)
	return k.err
}

// testProgram is the window with services in memory.
type testProgram struct {
	shell    *Shell
	window   fyne.Window
	session  *knownSession
	sync     *knownSync
	mine     *knownMine
	meetings *knownMeetings
	self     *selfDesk
	closed   int
}

func testWindow(t *testing.T, e Env, change ...func(*testProgram, *WindowDeps)) *testProgram {
	t.Helper()
	p := &testProgram{
		session:  &knownSession{account: testAccount, kept: true, phase: app.LoggedIn},
		sync:     &knownSync{status: app.Status{Online: true, Since: testTime, Refreshed: testTime}},
		mine:     testMine(),
		meetings: &knownMeetings{list: testMeetings(), refreshed: testTime},
		self:     newSelfDesk(),
	}
	e.Explain = explainForTests
	p.window = test.NewTempWindow(t, nil)
	p.window.SetPadded(false)
	deps := WindowDeps{
		App: fyne.CurrentApp(), Window: p.window, Address: "https://plenary.example.int", Version: "1.0.0",
		Open: func(context.Context, string) (Services, error) {
			p.self.account = p.session.account
			return Services{
				Info: func(context.Context) (api.ServiceInfo, error) {
					return api.ServiceInfo{
						ServiceID: "s1", Organization: "example.int", Address: "https://service.example.int",
						ServiceDesk: "servicedesk@example.int", FAQ: "https://example.int/faq", Terms: "https://example.int/t", Privacy: "https://example.int/p",
					}, nil
				},
				Session: p.session, Self: p.self, Directory: &fakeDirectory{list: organizations()}, Meetings: p.meetings, Registrations: p.mine, Sync: p.sync,
				Close: func() error { p.closed++; return nil },
			}, nil
		},
	}
	for _, f := range change {
		f(p, &deps)
	}
	p.shell = NewShell(e, deps)
	p.window.SetContent(p.shell.Content())
	p.shell.Start(t.Context())
	return p
}

// captureWindow takes pictures of the whole window after something was done in it.
func captureWindow(t *testing.T, name string, prepare, act func(*testProgram), then ...func(*testProgram)) {
	var p *testProgram
	ask := func(w fyne.Window) {
		p.shell.deps.Window = w // the one that is captured
		for _, f := range then {
			f(p)
		}
	}
	capture(t, name, func(e Env) fyne.CanvasObject {
		th := fyne.CurrentApp().Settings().Theme().(*parts.Theme)
		p = testWindow(t, e, func(p *testProgram, _ *WindowDeps) {
			prefs := fyne.CurrentApp().Preferences()
			prefs.SetInt(prefTextSize, int(th.Scale()*100))
			prefs.SetString(prefAppearance, string(th.Appearance()))
			prefs.SetString(prefLanguage, e.Words.Lang())
			if prepare != nil {
				prepare(p)
			}
		})
		p.window.Resize(fyne.NewSize(1100, 740))
		act(p)
		return p.shell.Content()
	}, ask)
}

func confirmedRemote() app.Mine {
	return app.Mine{State: api.Confirmed, Registration: api.Registration{
		Number: "R-7F3K-92QD", Meeting: "C-00016342", State: api.Confirmed, Participation: api.Remote, BadgeName: "Elena García",
		Organization: "Telefónica", Country: "ES", Platform: "https://platform.example.int/m/1",
		History: []api.Event{
			{At: testTime.Add(-400 * time.Hour), What: "sent", By: "person"},
			{At: testTime.Add(-400 * time.Hour), What: "acknowledged", By: "service"},
			{At: testTime.Add(-340 * time.Hour), What: "approved", By: "focal-point"},
		},
	}}
}

func TestShell_pictures(t *testing.T) {
	captureWindow(t, "window-meetings", nil, func(p *testProgram) {
		p.sync.status.Attention = 2
		p.shell.statusChanged(p.sync.status)
		p.shell.goTo(route{name: routeMeetings, code: "C-00016512"})
	})
	captureWindow(t, "window-registration", func(p *testProgram) { p.mine.mine[0] = confirmedRemote() }, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016342"})
	})
	captureWindow(t, "window-onsite", func(p *testProgram) {
		p.mine.mine[0] = confirmedRemote()
		p.mine.mine[0].Participation = api.OnSite
	}, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016342"})
	})
	captureWindow(t, "window-mine", func(p *testProgram) { p.mine.mine = manyStates() }, func(p *testProgram) {
		p.sync.status = app.Status{Online: false, Since: testTime.Add(-2 * time.Minute), Waiting: 1, Attention: 1, Refreshed: testTime.Add(-3 * time.Minute), Kind: app.KindUnreachable}
		p.shell.statusChanged(p.sync.status)
		p.shell.goTo(route{name: routeMine})
	})
	captureWindow(t, "window-settings", nil, func(p *testProgram) { p.shell.goTo(route{name: routeSettings}) })
	captureWindow(t, "window-account", func(p *testProgram) {
		p.session.account.NeedsSecondFactor = []string{api.RoleMeetingManager, api.RoleAdministrator}
		p.session.account.Deletion = testTime.AddDate(0, 0, 14)
	}, func(p *testProgram) { p.shell.goTo(route{name: routeMine}) })
	captureWindow(t, "window-help", nil, func(p *testProgram) { p.shell.goTo(route{name: routeHelp}) })
	captureWindow(t, "window-ended", nil, func(p *testProgram) {
		p.session.phase = app.Ended
		p.session.tell(app.SessionState{Phase: app.Ended, Account: testAccount})
	})
	captureWindow(t, "window-refused", func(p *testProgram) { p.mine.mine = manyStates() }, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016512"})
	})
	captureWindow(t, "window-form", nil, func(p *testProgram) { p.shell.goTo(route{name: routeRegister, code: "C-00016512"}) })
	captureWindow(t, "window-empty", func(p *testProgram) { p.mine.mine = nil }, func(p *testProgram) { p.shell.goTo(route{name: routeMine}) })
}

// longName has 118 characters, as the longest organization of the directory.
const longName = "International Federation of Organizations for the Standardization of Telecommunication Equipment and Cable Networks eV"

func TestShell_picturesOfLongAndOtherNames(t *testing.T) {
	foreign := func(p *testProgram) {
		p.session.account.FirstName, p.session.account.FamilyName = "ليلى", "غارسيا الأندلسي"
		p.session.account.Organization.Name = longName
		p.meetings.list[0].Title = api.Text{"en": longName, "fr": longName}
		p.meetings.list[1].Title = api.Text{"en": "后量子密码学与公钥基础设施国际研讨会：电信、卫生与车辆领域的证书管理与迁移实践", "fr": "المنتدى الإقليمي للدول العربية حول البنية التحتية للمفاتيح العمومية"}
		p.meetings.list[2].Title = api.Text{"en": "المنتدى الإقليمي للدول العربية حول البنية التحتية للمفاتيح العمومية"}
		p.mine.mine[0] = confirmedRemote()
		p.mine.mine[0].Organization, p.mine.mine[0].BadgeName = longName, "غارسيا الأندلسي، ليلى"
		p.mine.mine[0].Companions = []api.Companion{{Name: "李娜"}, {Name: "Иван Гарцев"}}
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
	captureWindow(t, "names-settings", foreign, func(p *testProgram) { p.shell.goTo(route{name: routeSettings, code: sectionProfile}) })
	captureWindow(t, "question", foreign, func(p *testProgram) {
		p.shell.goTo(route{name: routeRegistration, code: "C-00016342"})
	}, func(p *testProgram) { p.shell.page.(*Registration).askWithdraw() })
	captureWindow(t, "quit", func(p *testProgram) { p.session.unsent = 2 }, func(*testProgram) {}, func(p *testProgram) { p.shell.Quit() })
}

func manyStates() []app.Mine {
	made := testTime.Add(-10 * time.Minute)
	one := func(code, state, participation, number string) app.Mine {
		return app.Mine{State: state, Made: made, Registration: api.Registration{
			Meeting: code, State: state, Participation: participation, Number: number, Organization: "Telefónica", Country: "ES", BadgeName: "Elena García",
		}}
	}
	refused := one("C-00016512", app.StateNeedsAttention, api.OnSite, "")
	refused.Code, refused.Reference, refused.Operation = api.CodeRegistrationClosed, "3F7K-92QD", "op1"
	return []app.Mine{
		refused,
		one("C-00016390", app.StateWaitingToSend, api.OnSite, ""),
		one("C-00016401", app.StateDraft, api.OnSite, ""),
		one("C-00016377", api.WaitingFocalPoint, api.Remote, "R-8A2B-11XZ"),
		confirmedRemote(),
		one("C-00016105", api.Withdrawn, api.Remote, "R-1111-22AA"),
	}
}

func TestShell_showsLogInWithoutSession(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	login, ok := p.shell.page.(*Login)
	if !ok {
		t.Fatalf("page is %T, want the log-in screen", p.shell.page)
	}
	if said := login.bar.String(); said != "" {
		t.Errorf("the first log-in begins with %q", said)
	}
}

func TestShell_saysWhyTheSessionCouldNotBeRestored(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrKeyringLocked })
	login, ok := p.shell.page.(*Login)
	if !ok || !strings.Contains(login.bar.String(), "keyring is locked") {
		t.Fatalf("page is %T, want the log-in screen with the reason", p.shell.page)
	}
}

func TestShell_serviceThatDoesNotOpenCanBeTriedAgain(t *testing.T) {
	tries := 0
	p := testWindow(t, testEnv(t), func(_ *testProgram, d *WindowDeps) {
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
	tap(t, p.window, "opening.bar.action")
	if _, ok := p.shell.page.(*Meetings); !ok {
		t.Errorf("page is %T after the second try, want the meetings", p.shell.page)
	}
}

func TestShell_firstStartLeadsToTheService(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, d *WindowDeps) {
		d.Address = ""
		p.session.restore = app.ErrNoSession
	})
	if _, ok := p.shell.page.(*FirstStart); !ok {
		t.Fatalf("page is %T, want the first start", p.shell.page)
	}
	test.Type(widgetByID(t, p.window, "firststart.address").(fyne.Focusable), "plenary.example.int")
	tap(t, p.window, "firststart.connect")
	if _, ok := p.shell.page.(*Login); !ok {
		t.Errorf("page is %T, want the log-in screen", p.shell.page)
	}
}

func TestShell_otherServiceAndBack(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	tap(t, p.window, "login.service")
	if _, ok := p.shell.page.(*FirstStart); !ok || p.closed != 1 {
		t.Fatalf("page is %T, services closed %d times", p.shell.page, p.closed)
	}
	tap(t, p.window, "firststart.back")
	if _, ok := p.shell.page.(*Login); !ok {
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

func TestShell_linkLeadsToTheFormAfterTheLogIn(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.Open("https://service.example.int/m/C-00016512")
	login := p.shell.page.(*Login)
	if !strings.Contains(login.bar.String(), "Sixth X.509 Day") {
		t.Errorf("the log-in screen says %q, want the meeting's name", login.bar.String())
	}
	p.shell.enter(testAccount)
	form, ok := p.shell.page.(*Register)
	if !ok || form.meeting.Code != "C-00016512" {
		t.Fatalf("page is %T, want the form", p.shell.page)
	}
	p.shell.escape()
	if _, ok := p.shell.page.(*Meetings); !ok {
		t.Errorf("Escape leads to %T, want the meetings", p.shell.page)
	}
}

func TestShell_linkLeadsWhereOneStands(t *testing.T) {
	for _, c := range []struct {
		name, code string
		want       string
	}{
		{"registered", "C-00016342", "*screens.Registration"},
		{"a draft", "C-00016512", "*screens.Register"},
		{"over", "C-00016105", "*screens.Meetings"},
		{"known to the service only", "C-00019999", "*screens.Register"},
		{"unknown", "C-00018888", "*screens.Meetings"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) {
				other := testMeetings()[1]
				other.Code = "C-00019999"
				p.meetings.elsewhere = []api.Meeting{other}
				p.mine.drafts = map[string]api.Register{"C-00016512": {Meeting: "C-00016512", BadgeName: "Elena"}}
			})
			p.shell.Open(c.code)
			if got := fmt.Sprintf("%T", p.shell.page); got != c.want {
				t.Errorf("leads to %s, want %s", got, c.want)
			}
		})
	}
}

func TestShell_draftLeadsToItsForm(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) {
		p.mine.drafts = map[string]api.Register{"C-00016512": {Meeting: "C-00016512", BadgeName: "Elena"}}
	})
	tap(t, p.window, "meetings.row.C-00016512")
	tap(t, p.window, "meetings.register")
	if got := fmt.Sprintf("%T", p.shell.page); got != "*screens.Register" {
		t.Errorf("leads to %s", got)
	}
	p.shell.goTo(route{name: routeRegistration, code: "C-00016512"})
	if got := fmt.Sprintf("%T", p.shell.page); got != "*screens.Register" || p.shell.at.name != routeRegister {
		t.Errorf("a registration that is a draft leads to %s, %v", got, p.shell.at)
	}
}

func TestShell_wrongLinkIsSaid(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.shell.Open("https://example.int/elsewhere")
	if !strings.Contains(p.shell.bar.String(), "no meeting code") {
		t.Errorf("the notice is %q", p.shell.bar.String())
	}
}

func TestShell_keysLeadEverywhere(t *testing.T) {
	p := testWindow(t, testEnv(t))
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.Key2, "*screens.MyMeetings"},
		{fyne.Key3, "*screens.Settings"},
		{fyne.Key4, "*screens.Help"},
		{fyne.Key1, "*screens.Meetings"},
		{fyne.KeyF, "*screens.Meetings"},
	} {
		typeShortcut(p.window, c.key)
		if got := fmt.Sprintf("%T", p.shell.page); got != c.want {
			t.Errorf("Ctrl+%s leads to %s, want %s", c.key, got, c.want)
		}
	}
	if focusedID(p.window) != "meetings.search" {
		t.Errorf("Ctrl+F leads to %q, want the search", focusedID(p.window))
	}
	// The search has the keyboard now: the window must hear its keys all the same.
	typeShortcut(p.window, fyne.Key2)
	if _, ok := p.shell.page.(*MyMeetings); !ok {
		t.Errorf("Ctrl+2 in an input leads to %T", p.shell.page)
	}
}

// typeShortcut presses a key with Ctrl, as Fyne's driver does: what has the
// keyboard hears it first.
func typeShortcut(w fyne.Window, key fyne.KeyName) {
	s := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	if focused, ok := w.Canvas().Focused().(fyne.Shortcutable); ok {
		focused.TypedShortcut(s)
		return
	}
	parts.Shortcut(w.Canvas(), key)
}

func TestShell_countsWhatNeedsAttention(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.sync.tell(app.Status{Online: false, Since: testTime.Add(-2 * time.Minute), Waiting: 1, Attention: 2, Kind: app.KindUnreachable})
	if got := p.shell.status.String(); !strings.Contains(got, "Offline since 09:12") || !strings.Contains(got, "1 registration waits to be sent, 2 need your attention") {
		t.Errorf("the status bar says %q", got)
	}
	p.sync.tell(app.Status{Online: true, Refreshed: testTime})
	if got := p.shell.status.String(); !strings.Contains(got, "Online") || !strings.Contains(got, "Everything is saved and sent") {
		t.Errorf("the status bar says %q", got)
	}
}

func TestShell_saysTroubleThatAPersonCanEnd(t *testing.T) {
	for i, kind := range troubles {
		p := testWindow(t, testEnv(t))
		p.sync.tell(app.Status{Kind: kind, Online: i%2 == 0}) // some of them while the service can be reached
		if p.shell.bar.String() == "" {
			t.Errorf("%s: nothing is said", kind)
		}
		tap(t, p.window, "shell.bar.action")
		if p.sync.asked != 1 {
			t.Errorf("%s: the button does not try again", kind)
		}
		p.sync.tell(app.Status{Online: true})
		if p.shell.bar.String() != "" {
			t.Errorf("%s: still said when it is over", kind)
		}
	}
}

func TestShell_saysNothingOfWhatEndsByItself(t *testing.T) {
	for _, kind := range []string{app.KindUnreachable, app.KindTimeout, string(api.CodeBusy), app.KindBrokenAnswer} {
		p := testWindow(t, testEnv(t))
		p.sync.tell(app.Status{Kind: kind, Since: testTime})
		if said := p.shell.bar.String(); said != "" || !strings.Contains(p.shell.status.String(), "Offline") {
			t.Errorf("%s: says %q, status bar %q", kind, said, p.shell.status.String())
		}
	}
}

func TestShell_countsWhatIsLostUntilThePersonKnows(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.sync.status = app.Status{Online: true, Lost: 2}
	p.sync.tell(p.sync.status)
	if !strings.Contains(p.shell.bar.String(), "2 entries") {
		t.Fatalf("says %q", p.shell.bar.String())
	}
	tap(t, p.window, "shell.bar.action")
	p.sync.tell(p.sync.status)
	if said := p.shell.bar.String(); said != "" {
		t.Errorf("says it again: %q", said)
	}
	p.sync.status.Lost = 3
	p.sync.tell(p.sync.status)
	if !strings.Contains(p.shell.bar.String(), "3 entries") {
		t.Errorf("more is lost, and it says %q", p.shell.bar.String())
	}
}

func TestShell_closedServicesHaveNoSay(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	tap(t, p.window, "login.service")
	p.sync.tell(app.Status{Online: true})
	p.session.tell(app.SessionState{Phase: app.Ended})
	if _, ok := p.shell.page.(*FirstStart); !ok || p.shell.env.Info.ServiceID != "" {
		t.Errorf("page is %T, the service %q", p.shell.page, p.shell.env.Info.ServiceID)
	}
}

func TestShell_sessionEndedByTheService(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.session.phase = app.Ended
	p.session.tell(app.SessionState{Phase: app.Ended, Account: testAccount})
	if !strings.Contains(p.shell.bar.String(), "nothing is lost") {
		t.Errorf("the notice is %q", p.shell.bar.String())
	}
	tap(t, p.window, "shell.bar.action")
	login, ok := p.shell.page.(*Login)
	if !ok || login.identifier.Text != "elena.garcia" {
		t.Errorf("page is %T, want the log-in screen with the name filled in", p.shell.page)
	}
}

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

func TestShell_languageAndTextSizeApplyAtOnce(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.shell.goTo(route{name: routeSettings, code: sectionProgram})
	tap(t, p.window, "settings.language.fr")
	if findByID(p.window, "nav.meetings") == nil || p.shell.env.Words.Lang() != "fr" {
		t.Fatal("the window does not speak French")
	}
	tap(t, p.window, "settings.textsize.150")
	if got := parts.TextScale(); got != 1.5 {
		t.Errorf("text scale is %v, want 1.5", got)
	}
	tap(t, p.window, "settings.appearance.dark")
	if got := fyne.CurrentApp().Settings().Theme().(*parts.Theme).Appearance(); got != parts.AppearanceDark {
		t.Errorf("appearance is %q, want dark", got)
	}
	again := testWindow(t, p.shell.env)
	if again.shell.env.Words.Lang() != "fr" {
		t.Error("the language is forgotten at the next start")
	}
}

func TestShell_registersByKeyboardAlone(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.window.Resize(fyne.NewSize(1100, 740))
	settle(p.window)
	w := p.window
	write(t, w, "sixth") // the search has the keyboard
	press(t, w, fyne.KeyDown, fyne.KeyReturn)
	tabTo(t, w, "meetings.register")
	press(t, w, fyne.KeyReturn)
	if focusedID(w) != "register.participation" {
		t.Fatalf("the form begins at %q", focusedID(w))
	}
	press(t, w, fyne.KeyDown, fyne.KeyDown) // remote
	tabTo(t, w, "register.role")
	press(t, w, fyne.KeySpace)
	tabTo(t, w, "register.topics.pqc")
	press(t, w, fyne.KeySpace)
	tabTo(t, w, "register.arrival")
	write(t, w, "2027/1/11")
	tabTo(t, w, "register.visa")
	press(t, w, fyne.KeyDown, fyne.KeyDown)
	tabTo(t, w, "register.submit")
	p.mine.onSubmit = func(in api.Register) {
		p.mine.mine = append(p.mine.mine, app.Mine{State: app.StateWaitingToSend, Made: testTime, Registration: api.Registration{Meeting: in.Meeting, Participation: in.Participation, BadgeName: in.BadgeName}})
	}
	press(t, w, fyne.KeyReturn)
	if len(p.mine.submitted) != 1 {
		t.Fatalf("submitted %d times", len(p.mine.submitted))
	}
	want := api.Register{
		Meeting: "C-00016512", Participation: api.Remote, BadgeName: "Elena García",
		Answers: api.Answers{
			"role": {"delegate"}, "topics": {"pqc"}, "arrival": {"2027-01-11"}, "visa": {"no"},
			"passport_country": {"ES"}, "phone": {"+34 600 123 456"},
		},
	}
	if diff := cmp.Diff(want, p.mine.submitted[0]); diff != "" {
		t.Errorf("submitted (-want +got):\n%s", diff)
	}
	if r, ok := p.shell.page.(*Registration); !ok || r.code != "C-00016512" {
		t.Errorf("page is %T after Submit, want the registration", p.shell.page)
	}
}

func TestShell_demonstrationOpensItsMailbox(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, d *WindowDeps) {
		p.session.restore = app.ErrNoSession
		open := d.Open
		d.StartDemo, d.Demo = true, func(ctx context.Context) (Services, error) {
			s, err := open(ctx, "")
			s.Demo = testDemo()
			return s, err
		}
	})
	if p.shell.mailbox == nil {
		t.Fatal("there is no mailbox")
	}
	p.shell.mailbox.Close()
	tap(t, p.window, "shell.mailbox")
	if p.shell.mailbox == nil {
		t.Error("the log-in screen does not lead to the mailbox")
	}
}
