package settings

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/screentest"
)

func TestQuestion_setByKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), sectionQuestion)
	screentest.Write(t, r.window, "concert")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.TabTo(t, r.window, "settings.question.answer")
	screentest.Write(t, r.window, " Miriam Makeba ")
	screentest.Press(t, r.window, fyne.KeyReturn)
	r.prove(t, "settings.question", "Correct-Horse-7")
	if want := (api.SetSecretQuestion{Question: "first-concert", Answer: "Miriam Makeba"}); r.desk.Sent != want {
		t.Fatalf("sent %+v", r.desk.Sent)
	}
	s := r.settings.section().(*questionSection)
	screentest.Says(t, r.bar(), "saved")
	screentest.Says(t, s.state.String(), "Whose concert")
	if s.answer.Text != "" || s.answerField.Error() != "" {
		t.Error("the answer still stands there")
	}
}

func TestQuestion_ownQuestion(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Proved = true
	desk.Question = api.SecretQuestion{Policy: api.QuestionWithEmail, Set: true, Question: "What is in the beam?", Own: true}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionQuestion)
	s := r.settings.section().(*questionSection)
	if s.pick.PickedID() != ownQuestion || s.own.Text != "What is in the beam?" {
		t.Errorf("%q is picked, %q stands there", s.pick.PickedID(), s.own.Text)
	}
	screentest.Says(t, s.use.String(), "together with the code")
	if got := r.settings.Unsaved(); len(got) != 0 {
		t.Errorf("unsaved: %q", got)
	}
	s.own.SetText("What is on the bell?")
	if got := r.settings.Unsaved(); len(got) != 1 {
		t.Errorf("a question that is typed is not named: %q", got)
	}
	s.own.SetText(" ")
	s.answer.SetText("a star")
	s.save()
	if s.ownField.Error() == "" || desk.Count("set-question") != 0 {
		t.Error("an empty question was sent")
	}
	s.own.SetText("Whose name is on the bell?")
	s.save()
	if want := (api.SetSecretQuestion{Question: "Whose name is on the bell?", Own: true, Answer: "a star"}); desk.Sent != want {
		t.Errorf("sent %+v", desk.Sent)
	}
	if got := r.settings.Unsaved(); len(got) != 0 {
		t.Errorf("unsaved after it was saved: %q", got)
	}
}

func TestQuestion_mistakes(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Proved = true
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionQuestion)
	s := r.settings.section().(*questionSection)
	s.save()
	if s.pickField.Error() == "" || s.answerField.Error() == "" || desk.Count("set-question") != 0 {
		t.Error("nothing is said of what is missing")
	}
	s.pick.SetID("first-school")
	s.answer.SetText("a. b")
	s.save()
	screentest.Says(t, s.answerField.Error(), "three letters")
	desk.Fail["set-question"] = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/answer", Code: api.FieldInvalid}}}
	s.answer.SetText("elena")
	s.save()
	screentest.Says(t, s.answerField.Error(), "your name")
	if s.answer.Text != "elena" {
		t.Error("what was typed is lost")
	}
}

func TestQuestion_removeAsksOnce(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Proved = true
	desk.Question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: "first-school"}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionQuestion)
	screentest.Tap(t, r.window, "settings.question.remove")
	screentest.Tap(t, r.window, "question.keep")
	if desk.Count("remove-question") != 0 {
		t.Fatal("removed although it is to be kept")
	}
	screentest.Tap(t, r.window, "settings.question.remove")
	screentest.Tap(t, r.window, "question.remove")
	screentest.Says(t, r.bar(), "removed")
	if desk.Question.Set || screentest.Find(r.window, "settings.question.remove") != nil {
		t.Error("it is still there")
	}
}

func TestQuestion_closedToRolesAndHiddenByThePolicy(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Owner.Roles = []string{api.RoleParticipant, api.RoleMeetingManager}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionQuestion)
	if screentest.Find(r.window, "settings.question.answer") != nil || screentest.Find(r.window, "settings.question.save") != nil || desk.Count("question") != 0 {
		t.Error("it is open to a meeting manager")
	}
	e := screentest.NewEnv(t)
	e.Info.Questions = api.QuestionOff
	r = newSettingsRig(t, e, screentest.NewSelf(), "")
	if screentest.Find(r.window, "settings.section.question") != nil || screentest.Find(r.window, "settings.section.twostep") == nil {
		t.Error("the list does not follow the policy")
	}
	e = screentest.NewEnv(t)
	e.Info.SecondFactor = api.SecondFactorOff
	r = newSettingsRig(t, e, screentest.NewSelf(), "")
	if screentest.Find(r.window, "settings.section.twostep") != nil || screentest.Find(r.window, "settings.section.question") == nil {
		t.Error("two-step log-in is offered although the policy says no")
	}
}
