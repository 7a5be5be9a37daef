package account

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// fakeActivation answers as a test says.
type fakeActivation struct {
	err       error
	state     string
	code      string
	password  string
	resent    int
	stateErr  error
	stateAsks int
}

func (f *fakeActivation) Activate(_ context.Context, _ api.Flow, code, password string) error {
	f.code, f.password = code, password
	return f.err
}

func (f *fakeActivation) Resend(context.Context, api.Flow) error {
	f.resent++
	return f.err
}

func (f *fakeActivation) SignUpState(context.Context, api.Flow) (string, error) {
	f.stateAsks++
	return f.state, f.stateErr
}

func TestActivate_pictures(t *testing.T) {
	screentest.Capture(t, "activate", func(e kit.Env) fyne.CanvasObject {
		e.Info.Demo = true
		return NewActivate(e, &fakeActivation{}, api.Flow{}, "elena.garcia@example.org", "", ActivateEvents{}).Content()
	})
}

func newTestActivate(e kit.Env, acc *fakeActivation, password string) (*Activate, *screentest.WentTo) {
	w := &screentest.WentTo{}
	return NewActivate(e, acc, api.Flow{Token: "flow"}, "elena@example.org", password, ActivateEvents{Login: w.With("log in"), SignUp: w.To("sign up"), Correct: w.To("correct")}), w
}

func TestActivate_codeIsForgiving(t *testing.T) {
	for typed, want := range map[string]string{
		"7k3qd-9xw2m": "7K3QD-9XW2M", " 7K3QD 9XW2M ": "7K3QD-9XW2M", "7K3QD9XW2M": "7K3QD-9XW2M", "OoiL1-23456": "00111-23456",
	} {
		acc := &fakeActivation{}
		a, _ := newTestActivate(screentest.NewEnv(t), acc, "Kelp-84-orbit?tin")
		w := screentest.Show(t, a.Content(), 1100, 740)
		w.Canvas().Focus(a.First())
		screentest.Write(t, w, typed)
		screentest.Press(t, w, fyne.KeyReturn)
		if acc.code != want || acc.password != "Kelp-84-orbit?tin" {
			t.Errorf("%q: sent %q", typed, acc.code)
		}
	}
}

func TestActivate_incompleteCodeIsNotSent(t *testing.T) {
	acc := &fakeActivation{}
	a, _ := newTestActivate(screentest.NewEnv(t), acc, "x")
	screentest.Show(t, a.Content(), 1100, 740)
	a.code.Entry.SetText("7K3QD")
	a.activate()
	if acc.code != "" || a.code.Field.Error() == "" {
		t.Errorf("sent %q, says %q", acc.code, a.code.Field.Error())
	}
}

func TestActivate_asksForThePasswordThatItDoesNotKnow(t *testing.T) {
	acc := &fakeActivation{}
	a, to := newTestActivate(screentest.NewEnv(t), acc, "")
	w := screentest.Show(t, a.Content(), 1100, 740)
	a.code.Entry.SetText("7K3QD-9XW2M")
	a.activate()
	if acc.code != "" || screentest.FocusedID(w) != "activate.password" || a.passwordField.Error() == "" {
		t.Fatalf("sent %q, focus on %s", acc.code, screentest.FocusedID(w))
	}
	acc.err = &api.Problem{Code: api.CodeCredentials}
	screentest.Write(t, w, "wrong")
	screentest.Press(t, w, fyne.KeyReturn)
	if a.passwordField.Error() == "" {
		t.Error("a wrong password says nothing")
	}
	acc.err = nil
	a.password.SetText("Kelp-84-orbit?tin")
	screentest.Press(t, w, fyne.KeyReturn)
	if !a.ending.Visible() || a.waiting.Visible() {
		t.Fatal("not active")
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if to.Last() != "log in elena@example.org" {
		t.Errorf("led to %q", to.Last())
	}
}

func TestActivate_wrongAndExpiredCodes(t *testing.T) {
	for _, code := range []api.Code{api.CodeCodeWrong, api.CodeCodeExpired} {
		acc := &fakeActivation{err: &api.Problem{Code: code}}
		a, _ := newTestActivate(screentest.NewEnv(t), acc, "x")
		w := screentest.Show(t, a.Content(), 1100, 740)
		a.code.Entry.SetText("7K3QD-9XW2M")
		a.activate()
		if a.code.Field.Error() == "" || screentest.FocusedID(w) != "activate.code" || a.submit.Disabled() {
			t.Errorf("%s: says %q", code, a.code.Field.Error())
		}
	}
}

func TestActivate_sendAgain(t *testing.T) {
	acc := &fakeActivation{}
	a, _ := newTestActivate(screentest.NewEnv(t), acc, "x")
	w := screentest.Show(t, a.Content(), 1100, 740)
	screentest.TabTo(t, w, "activate.again")
	screentest.Press(t, w, fyne.KeyReturn)
	if acc.resent != 1 || a.bar.String() != "An email was sent to your inbox." {
		t.Errorf("sent %d times, says %q", acc.resent, a.bar.String())
	}
	acc.err = &api.Problem{Code: api.CodeTooMany}
	screentest.Press(t, w, fyne.KeyReturn)
	if !strings.Contains(a.bar.String(), "too many") {
		t.Errorf("says %q", a.bar.String())
	}
}

func TestActivate_wrongAddressLeadsBack(t *testing.T) {
	a, to := newTestActivate(screentest.NewEnv(t), &fakeActivation{}, "x")
	w := screentest.Show(t, a.Content(), 1100, 740)
	screentest.TabTo(t, w, "activate.correct")
	screentest.Press(t, w, fyne.KeyReturn)
	if to.Last() != "correct" {
		t.Errorf("led to %q", to.Last())
	}
}

func TestActivate_noticesThatTheLinkWasUsed(t *testing.T) {
	for state, want := range map[string]string{api.SignUpActive: "log in elena@example.org", api.SignUpEnded: "sign up"} {
		e, acc, now := screentest.NewEnv(t), &fakeActivation{state: api.SignUpWaiting}, screentest.Now
		e.Now = func() time.Time {
			now = now.Add(askEvery)
			return now
		}
		a, to := newTestActivate(e, acc, "x")
		w := screentest.Show(t, a.Content(), 1100, 740)
		a.Tick()
		if a.over {
			t.Fatal("over while it waits")
		}
		acc.state = state
		acc.stateErr = errors.New("unreachable")
		a.Tick()
		if a.over || a.bar.String() != "" {
			t.Errorf("a failed question is told: %q", a.bar.String())
		}
		acc.stateErr = nil
		a.Tick()
		asks := acc.stateAsks
		a.Tick()
		if !a.over || acc.stateAsks != asks {
			t.Errorf("%s: over %v, asks on", state, a.over)
		}
		screentest.Press(t, w, fyne.KeyReturn)
		if to.Last() != want {
			t.Errorf("%s leads to %q", state, to.Last())
		}
	}
}

func TestActivate_oneQuestionAtATime(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeActivation{state: api.SignUpWaiting}
	steps := &screentest.Stepped{}
	e.Run = steps
	a, _ := newTestActivate(e, acc, "x")
	a.Tick()
	a.Tick()
	a.Tick()
	if steps.Len() != 1 {
		t.Errorf("%d questions under way", steps.Len())
	}
	a.Close()
	steps.All()
	if a.over {
		t.Error("over after it was left")
	}
}

func TestActivate_doesNotAskAtEveryTick(t *testing.T) {
	acc := &fakeActivation{state: api.SignUpWaiting}
	a, _ := newTestActivate(screentest.NewEnv(t), acc, "x") // its time stands still
	a.Tick()
	a.Tick()
	if acc.stateAsks != 1 {
		t.Errorf("asked %d times", acc.stateAsks)
	}
}

func TestActivate_endPictures(t *testing.T) {
	screentest.Capture(t, "activate-active", func(e kit.Env) fyne.CanvasObject {
		a, _ := newTestActivate(e, &fakeActivation{}, "x")
		a.finish(true)
		return a.Content()
	})
}

// TestActivate_waitsAreCountedDown on the button that was pressed.
func TestActivate_waitsAreCountedDown(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeActivation{err: &api.Problem{Code: api.CodeTooMany, RetryAfter: 4 * time.Second}}
	now := screentest.Now
	e.Now = func() time.Time { return now }
	a, _ := newTestActivate(e, acc, "Kelp-84-orbit?tin")
	screentest.Show(t, a.Content(), 1100, 740)
	a.code.Entry.SetText("7K3QD-9XW2M")
	for name, c := range map[string]struct {
		press func()
		wait  *kit.Cooldown
		other *kit.Cooldown
		says  string
	}{
		"activate": {a.activate, a.submits, a.sends, a.submit.Text()},
		"resend":   {a.resend, a.sends, a.submits, a.again.Text()},
	} {
		acc.code, acc.resent = "", 0
		c.press()
		acc.code = ""
		c.press()
		if acc.code != "" || acc.resent > 1 {
			t.Errorf("%s: a try within the wait was sent", name)
		}
		if b := c.wait.Button; b.Text() != "Try again in 4 seconds" || !b.Disabled() || c.other.Button.Disabled() {
			t.Errorf("%s: the button says %q", name, b.Text())
		}
		now = now.Add(4 * time.Second)
		a.Tick()
		if b := c.wait.Button; b.Text() != c.says || b.Disabled() || !strings.Contains(a.bar.String(), "now") {
			t.Errorf("%s: after it the button says %q, the bar %q", name, b.Text(), a.bar.String())
		}
	}
}
