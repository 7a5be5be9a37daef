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
	"plenary/screens/parts"
)

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

// TestShell_makesItsWindowsFitTheScreen: the first window, and the mailbox.
func TestShell_makesItsWindowsFitTheScreen(t *testing.T) {
	var asked []fyne.Size
	p := testWindow(t, testEnv(t), func(_ *testProgram, deps *WindowDeps) {
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
	}, func(p *testProgram) { tap(t, p.window, "registration.withdraw") })
	leaving := func(name string, way leaveWay, prepare func(*testProgram)) {
		captureWindow(t, name, prepare, func(*testProgram) {}, func(p *testProgram) { p.shell.leaveBy(way) })
	}
	leaving("quit", wayQuit, func(p *testProgram) { p.session.work.Waiting, p.session.outlives = 2, true })
	leaving("logout", wayLogOut, func(p *testProgram) { p.session.work = app.LocalWork{Waiting: 1, Refused: 2, Drafts: 1} })
	leaving("quit-not-kept", wayQuit, func(p *testProgram) { p.session.work = app.LocalWork{Drafts: 2} })
	leaving("quit-disk-full", wayQuit, func(p *testProgram) { p.session.workErr = localdb.ErrDiskFull })
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

func TestShell_sessionEndedByTheService(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.session.phase = app.Ended
	p.session.tell(app.SessionState{Phase: app.Ended, Account: testAccount})
	if !strings.Contains(p.shell.bar.String(), "nothing is lost") {
		t.Errorf("the notice is %q", p.shell.bar.String())
	}
	tap(t, p.window, "shell.bar.action")
	if input(t, p.window, "login.identifier").Text != "elena.garcia" {
		t.Errorf("page is %T, want the log-in screen with the name filled in", p.shell.page)
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
	if p.shell.at != (route{name: routeRegistration, code: "C-00016512"}) {
		t.Errorf("page is %T after Submit, want the registration", p.shell.page)
	}
}
