package screens

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/admin"
	"plenary/screens/screentest"
)

func TestShell_saysWhatToKnowOfTheAccount(t *testing.T) {
	deleting, waiting := screentest.Account, screentest.Account
	deleting.Deletion = screentest.Now.AddDate(0, 0, 14)
	waiting.NeedsSecondFactor = []string{api.RoleAdministrator}
	both := waiting
	both.Deletion = deleting.Deletion
	for name, c := range map[string]struct {
		account api.Account
		says    []string
	}{
		"nothing":               {screentest.Account, nil},
		"a deletion":            {deleting, []string{"will be deleted on Sunday, 6 December 2026", "keep it"}},
		"a role without factor": {waiting, []string{"Turn on two-step log-in in Settings to use your role: Administrator."}},
		"both":                  {both, []string{"will be deleted", "two-step log-in"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.account = c.account })
			if p.shell.bar.String() == "" != (c.says == nil) {
				t.Errorf("says %q", p.shell.bar.String())
			}
			for _, want := range c.says {
				if !strings.Contains(p.shell.bar.String(), want) {
					t.Errorf("%q lacks %q", p.shell.bar.String(), want)
				}
			}
			if c.says == nil {
				return
			}
			test.Tap(p.shell.bar.Action())
			if p.shell.at.name != routeSettings {
				t.Errorf("leads to %s", p.shell.at.name)
			}
			if p.shell.bar.String() != "" {
				t.Errorf("says %q where it is done", p.shell.bar.String())
			}
			p.shell.back()
			if p.shell.bar.String() == "" {
				t.Error("no longer said after that")
			}
			p.session.tell(app.SessionState{Phase: app.LoggedIn, Account: screentest.Account})
			if p.shell.bar.String() != "" {
				t.Errorf("still says %q", p.shell.bar.String())
			}
		})
	}
}

// idleAdmin has nothing to be approved, and is asked for nothing else.
type idleAdmin struct{ admin.Admin }

func (idleAdmin) Approvals(context.Context) ([]api.Approval, error) { return nil, nil }

// TestShell_navigationFollowsTheAccount: a new name, or roles that have come
// into force, and the page stays as it is.
func TestShell_navigationFollowsTheAccount(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.sync.status.Attention = 2 })
	p.shell.goTo(route{name: routeMine})
	p.shell.services.Staff = idleAdmin{}
	page := p.shell.page
	changed := screentest.Account
	changed.FirstName, changed.FamilyName = "Hélène", "Garcia-Lopez"
	changed.Roles = append(slices.Clone(changed.Roles), api.RoleAdministrator)
	p.session.tell(app.SessionState{Phase: app.LoggedIn, Account: changed})
	for _, id := range []string{"nav.users", "nav.account"} {
		if screentest.Widget(t, p.window, id) == nil {
			t.Errorf("no %s", id)
		}
	}
	places := p.shell.navigation()
	if places[len(places)-1].Text != "Hélène Garcia-Lopez" || p.shell.page != page {
		t.Errorf("%q, at %T", places[len(places)-1].Text, p.shell.page)
	}
}

func TestShell_troubleGoesBeforeTheAccount(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.account.Deletion = screentest.Now.AddDate(0, 0, 1) })
	status := p.sync.status
	status.Kind = app.KindDiskFull
	p.shell.statusChanged(status)
	if !strings.Contains(p.shell.bar.String(), "disk is full") {
		t.Errorf("says %q", p.shell.bar.String())
	}
	p.shell.statusChanged(p.sync.status)
	if !strings.Contains(p.shell.bar.String(), "will be deleted") {
		t.Errorf("says %q", p.shell.bar.String())
	}
}

// TestShell_escapeGoesBackOnTheAccountScreens, where there is no navigation.
func TestShell_escapeGoesBackOnTheAccountScreens(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.showForgot("elena")
	p.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if screentest.Input(t, p.window, "login.identifier").Text != "elena" {
		t.Fatalf("at %T", p.shell.page)
	}
	p.session.logInErr = &api.Problem{Code: api.CodeSecondFactorNeeded}
	screentest.Input(t, p.window, "login.password").SetText("Correct-Horse-7")
	screentest.Tap(t, p.window, "login.submit")
	screentest.Widget(t, p.window, "login.second")
	p.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if screentest.Find(p.window, "login.second") != nil || screentest.Find(p.window, "login.password") == nil {
		t.Error("the second step stays")
	}
}
