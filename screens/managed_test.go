package screens

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/app"
	"plenary/platform/managed"
	"plenary/screens/kit"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

var brokenPolicy = []ManagedFault{
	{"/etc/plenary/policy.json", "ServiceLocked", managed.ReasonType},
	{"/etc/plenary/policy.json", "", managed.ReasonOwner},
}

func TestManaged_pictures(t *testing.T) {
	screentest.Capture(t, "managed-stop", func(e kit.Env) fyne.CanvasObject {
		return newManagedStop(e, brokenPolicy, func() {}).Content()
	})
	captureWindow(t, "managed-login", func(p *testProgram) { p.session.restore = app.ErrNoSession }, func(p *testProgram) {
		p.shell.deps.Managed = Managed{ServiceLocked: true, Refused: []string{"--service", "--ca"}, Faults: []ManagedFault{
			{"/etc/plenary/policy.json", "ServiceLock", managed.ReasonUnknown},
		}}
		p.shell.sayManaged()
		p.shell.showLogin()
	})
}

// TestManaged_everyReasonHasWords: a reason without would show its key.
func TestManaged_everyReasonHasWords(t *testing.T) {
	for _, reason := range []string{
		managed.ReasonUnreadable, managed.ReasonFormat, managed.ReasonOwner, managed.ReasonTwice, managed.ReasonType, managed.ReasonValue,
		managed.ReasonUnknown, managed.ReasonPolicyOnly, managed.ReasonAlone,
	} {
		said := ManagedFault{`HKEY_LOCAL_MACHINE\Software\Policies\Plenary`, "Proxy\n", reason}.say(screentest.NewEnv(t))
		if !strings.HasPrefix(said, `Proxy in HKEY_LOCAL_MACHINE\Software\Policies\Plenary: `) {
			t.Errorf("%s: %q", reason, said)
		}
	}
}

func TestManaged_aPolicyThatIsNotKnownStopsEverything(t *testing.T) {
	opened := 0
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		d.Open = func(context.Context, string) (Services, error) { opened++; return Services{}, errors.New("opened") }
		d.Demo, d.StartDemo = func(context.Context) (Services, error) { opened++; return Services{}, errors.New("opened") }, true
		d.Managed = Managed{Stopped: true, Faults: brokenPolicy}
	})
	if _, ok := p.shell.page.(*managedStop); !ok || opened != 0 {
		t.Fatalf("page is %T, opened %d services", p.shell.page, opened)
	}
	p.shell.Open("plenary://other.example/m/C-00016105")
	if _, ok := p.shell.page.(*managedStop); !ok || screentest.FocusedID(p.window) != "managed.close" {
		t.Errorf("a link leads to %T; the keyboard is at %q", p.shell.page, screentest.FocusedID(p.window))
	}
}

func TestManaged_aLockedServiceHidesTheChoiceOfAnother(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		p.session.restore = app.ErrNoSession
		d.Managed.ServiceLocked = true
	})
	if screentest.Find(p.window, "login.service") != nil {
		t.Error("the log-in leads to another service")
	}
	p = testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		d.Open = func(context.Context, string) (Services, error) { return Services{}, errors.New("no") }
		d.Managed.ServiceLocked = true
	})
	if w, ok := p.shell.page.(*waiting); !ok || w.other.Visible() {
		t.Errorf("page is %T; a service that does not open leads to another", p.shell.page)
	}
}

func TestManaged_theSetLanguageIsTheOnlyOne(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, d *WindowDeps) {
		d.App.Preferences().SetString(settings.PrefLanguage, "en")
		d.Managed.Language = "fr"
	})
	if p.shell.env.Words.Lang() != "fr" {
		t.Errorf("the window speaks %s", p.shell.env.Words.Lang())
	}
	p.shell.goTo(route{name: routeSettings, code: settings.SectionProgram})
	if screentest.Find(p.window, "settings.language.fr") == nil || screentest.Find(p.window, "settings.language.en") != nil {
		t.Error("another language is offered")
	}
}

func TestManaged_whatDoesNotCountIsSaidUntilItIsClosed(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, d *WindowDeps) {
		d.Managed = Managed{Refused: []string{"--demo"}, Faults: []ManagedFault{{"/etc/plenary/policy.json", "Colour", managed.ReasonUnknown}}}
	})
	said := p.shell.managed.String()
	if !strings.Contains(said, "--demo") || !strings.Contains(said, "Colour in /etc/plenary/policy.json") {
		t.Fatalf("says %q", said)
	}
	p.shell.goTo(route{name: routeHelp})
	if p.shell.managed.String() != said {
		t.Error("it is gone on another screen")
	}
	p.shell.speakNow("fr")
	if !strings.Contains(p.shell.managed.String(), "Votre organisation") {
		t.Errorf("in French it says %q", p.shell.managed.String())
	}
	test.Tap(p.shell.managed.Action())
	p.shell.speakNow("en")
	if p.shell.managed.Visible() {
		t.Error("it is there again")
	}
}
