package account

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/screentest"
)

const goodPassword = "Kelp-84-orbit?tin"

// enterPassword goes from the first input of the new password to its end.
func enterPassword(t *testing.T, w fyne.Window) {
	t.Helper()
	screentest.Write(t, w, goodPassword)
	screentest.Press(t, w, fyne.KeyReturn)
	screentest.Write(t, w, goodPassword)
	screentest.Press(t, w, fyne.KeyReturn)
}

func TestForgot_secretQuestionOnAKnownDevice(t *testing.T) {
	acc := &fakeRecovery{options: bothOptions, known: &api.RecoveryQuestion{Question: "first-school"}}
	f, w, to := newTestForgot(t, acc, "elena.garcia")
	if f.requests.Button.Text() != "Recover" {
		t.Errorf("the button says %q", f.requests.Button.Text())
	}
	screentest.Press(t, w, fyne.KeyReturn)
	screentest.TabTo(t, w, "forgot.way.question")
	screentest.Press(t, w, fyne.KeyReturn)
	screentest.TabTo(t, w, "forgot.answer")
	screentest.Press(t, w, fyne.KeyReturn)
	if len(acc.answers) != 0 || f.answerField.Error() == "" {
		t.Errorf("nothing typed: asked %v", acc.answers)
	}
	acc.err = map[string]error{"answer": &api.Problem{Code: api.CodeAnswerWrong}}
	screentest.Write(t, w, "wrong")
	screentest.Press(t, w, fyne.KeyReturn)
	if !strings.Contains(f.answerField.Error(), "not the answer") || screentest.FocusedID(w) != "forgot.answer" {
		t.Errorf("says %q, focus on %s", f.answerField.Error(), screentest.FocusedID(w))
	}
	acc.err = nil
	screentest.Write(t, w, " École de Rive ")
	screentest.Press(t, w, fyne.KeyReturn)
	if f.title.String() != "Define a New Password" || f.resets.Button.Text() != "Change password" {
		t.Fatalf("at %q with %q", f.title.String(), f.resets.Button.Text())
	}
	enterPassword(t, w)
	if want := (api.Reset{Flow: "flow", Answer: "École de Rive", Password: goodPassword}); acc.resets[0] != want || acc.sent != 0 {
		t.Errorf("reset with %+v, %d e-mails", acc.resets[0], acc.sent)
	}
	if f.title.String() != "Your new password was saved successfully." || f.bar.String() != "" || f.proof != (api.Reset{}) {
		t.Errorf("at %q, says %q", f.title.String(), f.bar.String())
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if to.Last() != "log in elena.garcia" {
		t.Errorf("led to %q", to.Last())
	}
}

func TestForgot_secretQuestionElsewhereComesAfterTheCode(t *testing.T) {
	acc := &fakeRecovery{options: bothOptions}
	f, w, _ := newTestForgot(t, acc, "elena@example.org")
	if f.requests.Button.Text() != "Request New Password" {
		t.Errorf("the button says %q", f.requests.Button.Text())
	}
	screentest.Press(t, w, fyne.KeyReturn)
	screentest.TabTo(t, w, "forgot.way.question")
	screentest.Press(t, w, fyne.KeyReturn)
	screentest.TabTo(t, w, "forgot.question.send")
	screentest.Press(t, w, fyne.KeyReturn)
	if acc.sent != 1 || screentest.FocusedID(w) != "forgot.code" {
		t.Fatalf("%d e-mails, focus on %s", acc.sent, screentest.FocusedID(w))
	}
	acc.err = map[string]error{"question": &api.Problem{Code: api.CodeCodeWrong}}
	screentest.Write(t, w, "7k3qd9xw2m")
	screentest.Press(t, w, fyne.KeyReturn)
	if f.code.Field.Error() == "" {
		t.Error("a wrong code is not said at its field")
	}
	acc.err = nil
	screentest.Press(t, w, fyne.KeyReturn)
	if f.title.String() != "Secret Question" || screentest.FocusedID(w) != "forgot.answer" {
		t.Fatalf("at %q, focus on %s", f.title.String(), screentest.FocusedID(w))
	}
	screentest.Write(t, w, "Rive")
	screentest.Press(t, w, fyne.KeyReturn)
	enterPassword(t, w)
	want := api.RecoveryAnswer{Flow: "flow", Code: "7K3QD-9XW2M", Answer: "Rive"}
	if acc.answers[0] != want || acc.resets[0] != (api.Reset{Flow: "flow", Code: want.Code, Answer: "Rive", Password: goodPassword}) {
		t.Errorf("answered %+v, reset with %+v", acc.answers, acc.resets)
	}
}

func TestForgot_secondFactorAtTheReset(t *testing.T) {
	acc := &fakeRecovery{err: map[string]error{"reset": &api.Problem{Code: api.CodeSecondFactorNeeded}}}
	f, w, _ := newTestForgot(t, acc, "elena")
	f.recovery.Flow, f.proof.Code = "flow", "7K3QD-9XW2M"
	f.showPassword()
	enterPassword(t, w)
	if screentest.FocusedID(w) != "forgot.second" || f.password.Password.Text != goodPassword {
		t.Fatalf("focus on %s", screentest.FocusedID(w))
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if len(acc.resets) != 1 || f.secondField.Error() == "" {
		t.Errorf("nothing typed: %d resets", len(acc.resets))
	}
	acc.err["reset"] = &api.Problem{Code: api.CodeSecondFactorWrong}
	screentest.Write(t, w, "111111")
	screentest.Press(t, w, fyne.KeyReturn)
	if f.secondField.Error() == "" || screentest.FocusedID(w) != "forgot.second" {
		t.Errorf("says %q, focus on %s", f.secondField.Error(), screentest.FocusedID(w))
	}
	acc.err = nil
	screentest.Write(t, w, "222222")
	screentest.Press(t, w, fyne.KeyReturn)
	last := acc.resets[len(acc.resets)-1]
	if last.SecondFactor != "222222" || last.Code != "7K3QD-9XW2M" || f.title.String() != "Your password has been changed successfully." {
		t.Errorf("reset with %+v, at %q", last, f.title.String())
	}
}

// TestForgot_proofsThatEnd: each leads to where a new one can be had.
func TestForgot_proofsThatEnd(t *testing.T) {
	known := &api.RecoveryQuestion{Question: "first-school"}
	for name, c := range map[string]struct {
		acc   fakeRecovery
		proof api.Reset
		code  api.Code
		title string
		says  func(*Forgot) string
	}{
		"the code at the reset": {
			fakeRecovery{},
			api.Reset{Code: "c"},
			api.CodeCodeExpired, "Enter your code",
			func(f *Forgot) string { return f.code.Field.Error() },
		},
		"the recovery at the reset": {
			fakeRecovery{known: known, options: bothOptions},
			api.Reset{Answer: "a"},
			api.CodeCodeExpired, "Forgot password?",
			func(f *Forgot) string { return f.bar.String() },
		},
		"the answer at the reset": {
			fakeRecovery{known: known, options: bothOptions},
			api.Reset{Answer: "a"},
			api.CodeAnswerWrong, "Forgot password?",
			func(f *Forgot) string { return f.bar.String() },
		},
		"the answer at the reset, elsewhere": {
			fakeRecovery{options: bothOptions},
			api.Reset{Code: "c", Answer: "a"},
			api.CodeAnswerWrong, "Enter your code",
			func(f *Forgot) string { return f.bar.String() },
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, _ := newTestForgot(t, &c.acc, "elena")
			f.request()
			f.byQuestion = c.proof.Answer != ""
			f.proof = c.proof
			f.showPassword()
			f.resetFailed(&api.Problem{Code: c.code})
			if f.title.String() != c.title || c.says(f) == "" {
				t.Errorf("at %q, says %q", f.title.String(), c.says(f))
			}
		})
	}
	t.Run("the recovery at the e-mail", func(t *testing.T) {
		acc := &fakeRecovery{err: map[string]error{"send": &api.Problem{Code: api.CodeCodeExpired}}}
		f, _, _ := newTestForgot(t, acc, "elena")
		f.request()
		f.sendBy(f.sends, false)
		if !f.idField.Visible() || !strings.Contains(f.bar.String(), "begin again") || f.recovery.Flow != "" {
			t.Errorf("at %q, says %q", f.title.String(), f.bar.String())
		}
	})
}

func TestForgot_escapeGoesBackStepByStep(t *testing.T) {
	f, w, to := newTestForgot(t, &fakeRecovery{options: bothOptions}, "elena")
	f.request()
	f.showNoAccess()
	f.Back()
	if f.ways == nil || f.title.String() != "Forgot password?" {
		t.Errorf("from option 2 to %q", f.title.String())
	}
	f.sendBy(f.sends, true)
	f.proof.Code = "c"
	f.showQuestion(api.RecoveryQuestion{Question: "first-school"})
	f.proof.Answer = "a"
	f.showPassword()
	for _, want := range []string{"Enter your code", "Forgot password?", "Forgot password?"} {
		f.Back()
		if f.title.String() != want {
			t.Errorf("back to %q, want %q", f.title.String(), want)
		}
	}
	if f.proof != (api.Reset{}) || screentest.FocusedID(w) != "forgot.identifier" {
		t.Errorf("still knows %+v, focus on %s", f.proof, screentest.FocusedID(w))
	}
	f.Back()
	if to.Last() != "log in elena" {
		t.Errorf("led to %q", to.Last())
	}
}

func TestForgot_backWhileTheServiceIsAsked(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeRecovery{}
	steps := &screentest.Stepped{}
	e.Run = steps
	f := NewForgot(e, acc, "elena", ForgotEvents{Login: func(string) {}})
	screentest.Show(t, f.Content(), 1100, 740)
	f.request()
	steps.All()
	f.sendBy(f.sends, false)
	steps.Step()
	f.Back()
	steps.All()
	if !f.idField.Visible() || f.code != nil || f.busy.Visible() || f.requests.Button.Disabled() {
		t.Errorf("at %q", f.title.String())
	}
	f.proof.Code = "c"
	f.showPassword()
	f.password.Password.SetText(goodPassword)
	f.password.Confirm.SetText(goodPassword)
	f.reset()
	f.reset()
	f.Back() // not from what changes the password
	steps.All()
	if len(acc.resets) != 1 || f.title.String() != "Your password has been changed successfully." {
		t.Errorf("%d resets, at %q", len(acc.resets), f.title.String())
	}
}

// TestForgot_withoutTheSecretQuestion: where the policy does not offer it,
// nothing is said of it.
func TestForgot_withoutTheSecretQuestion(t *testing.T) {
	f, w, _ := newTestForgot(t, &fakeRecovery{options: []string{"email"}}, "elena")
	f.request()
	if f.ways != nil {
		t.Error("two options")
	}
	for _, id := range screentest.Order(w) {
		if strings.Contains(id, "question") {
			t.Errorf("offers %s", id)
		}
	}
}

func TestForgot_closedForgetsWhatWasTyped(t *testing.T) {
	f, _, _ := newTestForgot(t, &fakeRecovery{}, "elena")
	f.recovery.Flow, f.proof.Code, f.proof.Answer = "flow", "c", "a"
	f.Close()
	if f.proof != (api.Reset{}) || f.recovery.Flow != "" {
		t.Errorf("still knows %+v", f.proof)
	}
}
