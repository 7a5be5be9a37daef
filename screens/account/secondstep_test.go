package account

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// askedForSecond is a log-in whose password was right, and whose second step is
// asked for.
func askedForSecond(t *testing.T, e kit.Env, acc *fakeSession) (*Login, fyne.Window, *screentest.WentTo) {
	t.Helper()
	acc.err = &api.Problem{Code: api.CodeSecondFactorNeeded}
	l, to := newTestLogin(e, acc)
	w := screentest.Show(t, l.Content(), 1100, 740)
	l.SetIdentifier(" elena.garcia ")
	w.Canvas().Focus(l.password)
	screentest.Write(t, w, "Correct-horse8")
	screentest.Press(t, w, fyne.KeyReturn)
	return l, w, to
}

func TestLogin_secondStepByKeyboard(t *testing.T) {
	acc := &fakeSession{}
	l, w, to := askedForSecond(t, screentest.NewEnv(t), acc)
	if screentest.FocusedID(w) != "login.second" || l.first.Visible() || l.password.Text != "" || acc.second != "" || len(to.Places) != 0 {
		t.Fatalf("focus on %q, asked with %q, led to %v", screentest.FocusedID(w), acc.second, to.Places)
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if acc.logIns != 1 || l.second.field.Error() == "" {
		t.Errorf("nothing typed: %d log-ins, says %q", acc.logIns, l.second.field.Error())
	}
	acc.err = &api.Problem{Code: api.CodeSecondFactorWrong}
	screentest.Write(t, w, " 123 456 ")
	screentest.Press(t, w, fyne.KeyReturn)
	if acc.second != "123 456" || !strings.Contains(l.second.field.Error(), "not right") || screentest.FocusedID(w) != "login.second" {
		t.Errorf("asked with %q, says %q", acc.second, l.second.field.Error())
	}
	acc.err = nil
	screentest.Write(t, w, "654321") // in place of the wrong one, which is selected
	screentest.Press(t, w, fyne.KeyReturn)
	if acc.second != "654321" || acc.identifier != "elena.garcia" || acc.password != "Correct-horse8" || !acc.keep {
		t.Errorf("asked with %+v", acc)
	}
	if to.Last() != "in elena.garcia" || l.second.in != (app.LogIn{}) || l.second.code.Text != "" {
		t.Errorf("led to %q, still knows %+v", to.Last(), l.second.in)
	}
}

// From the second refusal on the words name the clock of the phone, with the time by the
// service, whatever this computer's says. Another log-in begins anew.
func TestLogin_secondStepNamesThePhonesClock(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Now = func() time.Time { return screentest.Now.Add(7 * time.Minute) }
	acc := &fakeSession{}
	l, w, _ := askedForSecond(t, e, acc)
	acc.err = &api.Problem{Code: api.CodeSecondFactorWrong}
	clock := "it is " + e.Words.Time(e.Now()) + " by the service"
	for i, names := range []bool{false, true, true} {
		screentest.Write(t, w, "123456")
		screentest.Press(t, w, fyne.KeyReturn)
		if says := l.second.field.Error(); strings.Contains(says, clock) != names || !strings.Contains(says, "not right") {
			t.Errorf("refusal %d says %q", i+1, says)
		}
	}
	l.Back()
	if l.second.tried != (kit.AppCode{}) {
		t.Error("the next log-in begins with the refusals of this one")
	}
}

func TestLogin_secondStepOrderOfTab(t *testing.T) {
	_, w, _ := askedForSecond(t, screentest.NewEnv(t), &fakeSession{})
	want := []string{"login.second.submit", "login.second.back", "login.faq", "login.servicedesk", "account.support", "display.fr", "display.smaller", "display.larger", "login.second"}
	if got := screentest.Order(w); !slices.Equal(got, want) { // from what follows the focus
		t.Errorf("got %q", got)
	}
}

func TestLogin_secondStepBack(t *testing.T) {
	for name, back := range map[string]func(*Login, fyne.Window){
		"link": func(_ *Login, w fyne.Window) {
			screentest.TabTo(t, w, "login.second.back")
			screentest.Press(t, w, fyne.KeyReturn)
		},
		"Escape": func(l *Login, _ fyne.Window) { l.Back() },
	} {
		t.Run(name, func(t *testing.T) {
			l, w, _ := askedForSecond(t, screentest.NewEnv(t), &fakeSession{})
			back(l, w)
			if l.second.shown() || !l.first.Visible() || l.second.in != (app.LogIn{}) || screentest.FocusedID(w) != "login.password" {
				t.Errorf("focus on %q, knows %+v", screentest.FocusedID(w), l.second.in)
			}
			if l.Back() {
				t.Error("goes back from the first step")
			}
		})
	}
}

func TestLogin_secondStepThatNoLongerHolds(t *testing.T) {
	for _, code := range []api.Code{api.CodeCredentials, api.CodeDeactivated, api.CodeDeactivatedByStaff, api.CodeNotActive} {
		t.Run(string(code), func(t *testing.T) {
			acc := &fakeSession{}
			l, w, _ := askedForSecond(t, screentest.NewEnv(t), acc)
			acc.err = &api.Problem{Code: code}
			screentest.Write(t, w, "123456")
			screentest.Press(t, w, fyne.KeyReturn)
			if l.second.shown() || l.bar.String() == "" || l.second.in != (app.LogIn{}) {
				t.Errorf("says %q", l.bar.String())
			}
		})
	}
}

func TestLogin_secondStepSurvivesALostConnection(t *testing.T) {
	acc := &fakeSession{}
	l, w, to := askedForSecond(t, screentest.NewEnv(t), acc)
	acc.err = &api.Problem{Code: api.CodeBusy}
	screentest.Write(t, w, "123456")
	screentest.Press(t, w, fyne.KeyReturn)
	if !l.second.shown() || l.bar.String() == "" || l.second.code.Text != "123456" {
		t.Errorf("says %q, typed %q", l.bar.String(), l.second.code.Text)
	}
	acc.err = nil
	screentest.Press(t, w, fyne.KeyReturn)
	if to.Last() != "in elena.garcia" {
		t.Errorf("led to %q", to.Last())
	}
}

func TestLogin_secondStepAnswerAfterBack(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	s := &screentest.Stepped{}
	l, w, to := askedForSecond(t, e, acc)
	l.env.Run = s
	acc.err = nil
	screentest.Write(t, w, "123456")
	screentest.Press(t, w, fyne.KeyReturn)
	screentest.Press(t, w, fyne.KeyReturn) // impatient
	s.Step()
	l.Back()
	s.All()
	if len(to.Places) != 0 || acc.logIns != 2 || l.submit.Disabled() || l.second.submit.Disabled() {
		t.Errorf("led to %v after %d log-ins", to.Places, acc.logIns)
	}
}

// TestLogin_waitBetweenTries: the button says how long, nothing is sent until
// then, and another name need not wait.
func TestLogin_waitBetweenTries(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{err: &api.Problem{Code: api.CodeTooMany, RetryAfter: 2500 * time.Millisecond}}
	now := screentest.Now
	e.Now = func() time.Time { return now }
	l, to := newTestLogin(e, acc)
	w := screentest.Show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	w.Canvas().Focus(l.password)
	screentest.Write(t, w, "x")
	screentest.Press(t, w, fyne.KeyReturn, fyne.KeyReturn)
	if acc.logIns != 1 || !l.submit.Disabled() || l.submit.Text() != "Try again in 3 seconds" || strings.Contains(l.bar.String(), "seconds") {
		t.Fatalf("%d log-ins, the button says %q, the bar %q", acc.logIns, l.submit.Text(), l.bar.String())
	}
	now = now.Add(1600 * time.Millisecond)
	l.Tick()
	if l.submit.Text() != "Try again in 1 second" || !l.submit.Disabled() {
		t.Errorf("the button says %q", l.submit.Text())
	}
	now = now.Add(time.Second)
	l.Tick()
	if l.submit.Text() != "Log in" || l.submit.Disabled() || !strings.Contains(l.bar.String(), "now") {
		t.Errorf("the button says %q, the bar %q", l.submit.Text(), l.bar.String())
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if acc.logIns != 2 || !l.submit.Disabled() {
		t.Fatalf("%d log-ins", acc.logIns)
	}
	acc.err = nil
	l.SetIdentifier("ivan")
	test.Tap(l.submit)
	if to.Last() != "in elena.garcia" {
		t.Errorf("another name: led to %q", to.Last())
	}
}

func TestLogin_waitBetweenCodes(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	now := screentest.Now
	e.Now = func() time.Time { return now }
	l, w, to := askedForSecond(t, e, acc)
	acc.err = &api.Problem{Code: api.CodeTooMany, RetryAfter: 4 * time.Second}
	screentest.Write(t, w, "123456")
	screentest.Press(t, w, fyne.KeyReturn, fyne.KeyReturn)
	if acc.logIns != 2 || l.second.submit.Text() != "Try again in 4 seconds" || !l.second.shown() {
		t.Errorf("%d log-ins, the button says %q", acc.logIns, l.second.submit.Text())
	}
	acc.err = nil
	now = now.Add(4 * time.Second)
	l.Tick()
	screentest.Press(t, w, fyne.KeyReturn)
	if to.Last() != "in elena.garcia" {
		t.Errorf("led to %q", to.Last())
	}
}

func TestLogin_firstTimeHintIsForMigratedAccountsOnly(t *testing.T) {
	for _, migrated := range []bool{true, false} {
		e := screentest.NewEnv(t)
		e.Info.Migrated = migrated
		l, _ := newTestLogin(e, &fakeSession{})
		w := screentest.Show(t, l.Content(), 1100, 740)
		got := false
		for _, id := range screentest.Order(w) {
			got = got || id == "login.first-time"
		}
		if got != migrated {
			t.Errorf("migrated %v: hint %v", migrated, got)
		}
	}
}
