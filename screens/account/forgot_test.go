package account

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// fakeRecovery answers as a test says.
type fakeRecovery struct {
	options   []string
	known     *api.RecoveryQuestion // the question of a known device
	recovered []string
	sent      int
	codes     []string
	answers   []api.RecoveryAnswer
	resets    []api.Reset
	linked    api.LinkedSignUp // for whom the code is
	err       map[string]error
}

func (f *fakeRecovery) Recover(_ context.Context, identifier string) (api.Recovery, error) {
	f.recovered = append(f.recovered, identifier)
	return api.Recovery{Flow: "flow", Address: "e*****@*****.org", Options: f.options, Question: f.known}, f.err["recover"]
}

func (f *fakeRecovery) SendRecovery(context.Context, string) error {
	f.sent++
	return f.err["send"]
}

func (f *fakeRecovery) CheckCode(_ context.Context, _, code string) (api.LinkedSignUp, error) {
	f.codes = append(f.codes, code)
	return f.linked, f.err["check"]
}

func (f *fakeRecovery) RecoveryQuestion(_ context.Context, _, code string) (api.RecoveryQuestion, error) {
	f.codes = append(f.codes, code)
	return api.RecoveryQuestion{Question: "first-school"}, f.err["question"]
}

func (f *fakeRecovery) CheckAnswer(_ context.Context, in api.RecoveryAnswer) error {
	f.answers = append(f.answers, in)
	return f.err["answer"]
}

func (f *fakeRecovery) Reset(_ context.Context, in api.Reset) error {
	f.resets = append(f.resets, in)
	return f.err["reset"]
}

var bothOptions = []string{"email", "question"}

func TestForgot_pictures(t *testing.T) {
	own := &api.RecoveryQuestion{Question: "Which of my grandmother’s three cats was never allowed into the kitchen, and why?", Own: true}
	for _, step := range []struct {
		name string
		acc  fakeRecovery
		show func(*Forgot)
	}{
		{"identify", fakeRecovery{}, func(*Forgot) {}},
		{"confirm", fakeRecovery{}, func(f *Forgot) { f.request() }},
		{"ways", fakeRecovery{options: bothOptions}, func(f *Forgot) { f.request() }},
		{"question-known", fakeRecovery{options: bothOptions, known: own}, func(f *Forgot) { f.request(); f.ways.Choose(1) }},
		{"question-elsewhere", fakeRecovery{options: bothOptions}, func(f *Forgot) { f.request(); f.ways.Choose(1) }},
		{"question", fakeRecovery{}, func(f *Forgot) {
			f.showQuestion(api.RecoveryQuestion{Question: "first-school"})
			f.answerFailed(&api.Problem{Code: api.CodeAnswerWrong})
		}},
		{"no-access", fakeRecovery{}, func(f *Forgot) { f.request(); f.showNoAccess() }},
		{"code", fakeRecovery{}, func(f *Forgot) { f.showCode(true) }},
		{"password", fakeRecovery{}, func(f *Forgot) { f.showPassword(); f.password.Password.SetText("Meridian") }},
		{"password-second", fakeRecovery{}, func(f *Forgot) {
			f.byQuestion = true
			f.showPassword()
			f.resetFailed(&api.Problem{Code: api.CodeSecondFactorNeeded})
		}},
		{"invited", fakeRecovery{}, func(f *Forgot) { f.linked = theirs; f.showPassword() }},
		{"done", fakeRecovery{}, func(f *Forgot) { f.showDone() }},
		{"done-question", fakeRecovery{}, func(f *Forgot) { f.byQuestion = true; f.showDone() }},
	} {
		t.Run(step.name, func(t *testing.T) {
			screentest.Capture(t, "forgot-"+step.name, func(e kit.Env) fyne.CanvasObject {
				e.Info.Chat = "https://example.int/chat"
				f := NewForgot(e, &step.acc, "elena.garcia", ForgotEvents{Login: func(string) {}})
				step.show(f)
				return f.Content()
			})
		})
	}
}

func newTestForgot(t *testing.T, acc *fakeRecovery, identifier string) (*Forgot, fyne.Window, *screentest.WentTo) {
	to := &screentest.WentTo{}
	f := NewForgot(screentest.NewEnv(t), acc, identifier, ForgotEvents{Login: to.With("log in")})
	w := screentest.Show(t, f.Content(), 1100, 740)
	w.Canvas().Focus(f.First())
	return f, w, to
}

func TestForgot_allTheWayByKeyboard(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, to := newTestForgot(t, acc, "")
	step := func(title string) {
		t.Helper()
		if f.title.String() != title {
			t.Fatalf("at %q, want %q; bar says %q", f.title.String(), title, f.bar.String())
		}
	}
	step("Forgot password?")
	screentest.Write(t, w, "elena.garcia")
	screentest.Press(t, w, fyne.KeyReturn)
	step("Forgot password?")
	if screentest.FocusedID(w) != "forgot.send" {
		t.Fatalf("focus on %s", screentest.FocusedID(w))
	}
	screentest.Press(t, w, fyne.KeyReturn)
	step("An email was sent to your inbox.")
	screentest.Write(t, w, "7k3qd 9xw2m")
	screentest.Press(t, w, fyne.KeyReturn)
	step("Define a New Password")
	screentest.Write(t, w, "Kelp-84-orbit?tin")
	screentest.Press(t, w, fyne.KeyReturn)
	screentest.Write(t, w, "Kelp-84-orbit?tin")
	screentest.Press(t, w, fyne.KeyReturn)
	step("Your password has been changed successfully.")
	screentest.Press(t, w, fyne.KeyReturn)
	if to.Last() != "log in elena.garcia" {
		t.Errorf("led to %q", to.Last())
	}
	if acc.recovered[0] != "elena.garcia" || acc.sent != 1 || acc.codes[0] != "7K3QD-9XW2M" || acc.resets[0].Password != "Kelp-84-orbit?tin" || acc.resets[0].Code != "7K3QD-9XW2M" || acc.resets[0].Flow != "flow" {
		t.Errorf("asked %+v", acc)
	}
}

func TestForgot_nothingTyped(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, _ := newTestForgot(t, acc, "")
	screentest.Press(t, w, fyne.KeyReturn)
	if len(acc.recovered) != 0 || f.idField.Error() == "" {
		t.Errorf("asked for %v", acc.recovered)
	}
}

func TestForgot_alreadyHasACode(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, _ := newTestForgot(t, acc, "elena")
	screentest.TabTo(t, w, "forgot.have-code")
	screentest.Press(t, w, fyne.KeyReturn)
	if f.title.String() != "Enter your code" || acc.sent != 0 || len(acc.recovered) != 1 {
		t.Errorf("at %q, sent %d", f.title.String(), acc.sent)
	}
}

func TestForgot_passwordThatTheServiceRefusesKeepsTheCode(t *testing.T) {
	acc := &fakeRecovery{err: map[string]error{"reset": &api.Problem{Code: api.CodePasswordRefused}}}
	f, _, _ := newTestForgot(t, acc, "elena")
	f.recovery.Flow, f.proof.Code = "flow", "7K3QD-9XW2M"
	f.showPassword()
	f.password.Password.SetText("Kelp-84-orbit?tin")
	f.password.Confirm.SetText("Kelp-84-orbit?tin")
	f.reset()
	if f.title.String() != "Define a New Password" || f.password.PasswordField.Error() == "" {
		t.Errorf("at %q, says %q", f.title.String(), f.password.PasswordField.Error())
	}
	acc.err["reset"] = &api.Problem{Code: api.CodeCodeExpired}
	f.reset()
	if f.title.String() != "Enter your code" || f.code.Field.Error() == "" {
		t.Errorf("at %q, says %q", f.title.String(), f.code.Field.Error())
	}
}

func TestForgot_weakPasswordIsNotSent(t *testing.T) {
	acc := &fakeRecovery{}
	f, w, _ := newTestForgot(t, acc, "elena")
	f.showPassword()
	f.password.Password.SetText("short")
	f.reset()
	if len(acc.resets) != 0 || screentest.FocusedID(w) != "forgot.password" || f.password.ConfirmField.Error() == "" {
		t.Errorf("sent %v, focus on %s", acc.resets, screentest.FocusedID(w))
	}
}

// TestForgot_failuresStayOnTheirStep: what the service asks to wait for is
// counted down on the button that was pressed, and nothing else is dead.
func TestForgot_failuresStayOnTheirStep(t *testing.T) {
	for _, c := range []struct {
		call   string
		do     func(*Forgot)
		button func(*Forgot) *kit.Cooldown
		title  string
	}{
		{"recover", func(f *Forgot) { f.request() }, func(f *Forgot) *kit.Cooldown { return f.requests }, "Forgot password?"},
		{"send", func(f *Forgot) { f.showWays(); f.sendBy(f.sends, false) }, func(f *Forgot) *kit.Cooldown { return f.sends }, "Forgot password?"},
		{"check", func(f *Forgot) { f.showCode(true); f.code.Entry.SetText("7K3QD-9XW2M"); f.check() }, func(f *Forgot) *kit.Cooldown { return f.checks }, "An email was sent to your inbox."},
		{"send", func(f *Forgot) { f.showCode(true); f.sendAgain() }, func(f *Forgot) *kit.Cooldown { return f.sends }, "An email was sent to your inbox."},
		{"answer", func(f *Forgot) {
			f.showQuestion(api.RecoveryQuestion{Question: "first-school"})
			f.answer.SetText("Rive")
			f.validate()
			f.validate()
		}, func(f *Forgot) *kit.Cooldown { return f.validates }, "Secret Question"},
		{"reset", func(f *Forgot) {
			f.showPassword()
			f.password.Password.SetText("Kelp-84-orbit?tin")
			f.password.Confirm.SetText("Kelp-84-orbit?tin")
			f.reset()
		}, func(f *Forgot) *kit.Cooldown { return f.resets }, "Define a New Password"},
	} {
		t.Run(c.call, func(t *testing.T) {
			acc := &fakeRecovery{err: map[string]error{c.call: &api.Problem{Code: api.CodeTooMany, RetryAfter: 30 * time.Second}}}
			f, _, _ := newTestForgot(t, acc, "elena")
			now := screentest.Now
			f.env.Now = func() time.Time { return now }
			c.do(f)
			b := c.button(f)
			if f.title.String() != c.title || !strings.Contains(f.bar.String(), "too many") || b.Button.Text() != "Try again in 30 seconds" || !b.Button.Disabled() {
				t.Errorf("at %q, says %q, the button %q", f.title.String(), f.bar.String(), b.Button.Text())
			}
			if len(acc.answers) > 1 {
				t.Error("a try within the wait was sent")
			}
			for _, other := range f.buttons {
				if other != b && other.Button.Disabled() {
					t.Errorf("%q is dead too", other.Button.Text())
				}
			}
		})
	}
}

func TestForgot_waitEnds(t *testing.T) {
	acc := &fakeRecovery{err: map[string]error{"answer": &api.Problem{Code: api.CodeTooMany, RetryAfter: 2 * time.Second}}}
	e := screentest.NewEnv(t)
	now := screentest.Now
	e.Now = func() time.Time { return now }
	f := NewForgot(e, acc, "elena", ForgotEvents{Login: func(string) {}})
	screentest.Show(t, f.Content(), 1100, 740)
	f.showQuestion(api.RecoveryQuestion{Question: "first-school"})
	f.answer.SetText("Rive")
	f.validate()
	f.Tick()
	if !f.validates.Button.Disabled() {
		t.Error("over at once")
	}
	now = now.Add(2 * time.Second)
	f.Tick()
	if f.validates.Button.Disabled() || f.validates.Button.Text() != "Validate answer" || !strings.Contains(f.bar.String(), "now") {
		t.Errorf("the button says %q, the bar %q", f.validates.Button.Text(), f.bar.String())
	}
}

func TestForgot_noAccessAndNothingArrived(t *testing.T) {
	f, w, _ := newTestForgot(t, &fakeRecovery{}, "elena")
	f.showWays()
	screentest.TabTo(t, w, "forgot.not-mine")
	screentest.Press(t, w, fyne.KeyReturn)
	if f.title.String() != "No access to the e-mail" || !slices.Contains(screentest.Order(w), "forgot.desk") {
		t.Errorf("at %q", f.title.String())
	}
	f.showCode(true)
	before := len(screentest.Order(w))
	screentest.TabTo(t, w, "forgot.nothing")
	screentest.Press(t, w, fyne.KeyReturn)
	if len(screentest.Order(w)) <= before {
		t.Error("nothing is said about what to do when nothing arrived")
	}
}

func TestForgot_answerAfterLeaving(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeRecovery{}
	steps := &screentest.Stepped{}
	e.Run = steps
	f := NewForgot(e, acc, "elena", ForgotEvents{Login: func(string) {}})
	f.request()
	f.request()
	steps.Step()
	f.Close()
	steps.All()
	if f.title.String() != "Forgot password?" || len(acc.recovered) != 1 {
		t.Errorf("at %q after %d questions", f.title.String(), len(acc.recovered))
	}
}
