package screens

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

func TestQuestion_setByKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionQuestion)
	write(t, r.window, "concert")
	press(t, r.window, fyne.KeyReturn)
	tabTo(t, r.window, "settings.question.answer")
	write(t, r.window, " Miriam Makeba ")
	press(t, r.window, fyne.KeyReturn)
	r.prove(t, "settings.question", "Correct-Horse-7")
	if want := (api.SetSecretQuestion{Question: "first-concert", Answer: "Miriam Makeba"}); r.desk.sent != want {
		t.Fatalf("sent %+v", r.desk.sent)
	}
	s := r.settings.section().(*questionSection)
	says(t, r.bar(), "saved")
	says(t, s.state.String(), "Whose concert")
	if s.answer.Text != "" || s.answerField.Error() != "" {
		t.Error("the answer still stands there")
	}
}

func TestQuestion_ownQuestion(t *testing.T) {
	desk := newSelfDesk()
	desk.proved = true
	desk.question = api.SecretQuestion{Policy: api.QuestionWithEmail, Set: true, Question: "What is in the beam?", Own: true}
	r := newSettingsRig(t, testEnv(t), desk, sectionQuestion)
	s := r.settings.section().(*questionSection)
	if s.pick.PickedID() != ownQuestion || s.own.Text != "What is in the beam?" {
		t.Errorf("%q is picked, %q stands there", s.pick.PickedID(), s.own.Text)
	}
	says(t, s.use.String(), "together with the code")
	s.own.SetText(" ")
	s.answer.SetText("a star")
	s.save()
	if s.ownField.Error() == "" || desk.count("set-question") != 0 {
		t.Error("an empty question was sent")
	}
	s.own.SetText("Whose name is on the bell?")
	s.save()
	if want := (api.SetSecretQuestion{Question: "Whose name is on the bell?", Own: true, Answer: "a star"}); desk.sent != want {
		t.Errorf("sent %+v", desk.sent)
	}
}

func TestQuestion_mistakes(t *testing.T) {
	desk := newSelfDesk()
	desk.proved = true
	r := newSettingsRig(t, testEnv(t), desk, sectionQuestion)
	s := r.settings.section().(*questionSection)
	s.save()
	if s.pickField.Error() == "" || s.answerField.Error() == "" || desk.count("set-question") != 0 {
		t.Error("nothing is said of what is missing")
	}
	s.pick.SetID("first-school")
	s.answer.SetText("a. b")
	s.save()
	says(t, s.answerField.Error(), "three letters")
	desk.fail["set-question"] = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/answer", Code: api.FieldInvalid}}}
	s.answer.SetText("elena")
	s.save()
	says(t, s.answerField.Error(), "your name")
	if s.answer.Text != "elena" {
		t.Error("what was typed is lost")
	}
}

func TestQuestion_removeAsksOnce(t *testing.T) {
	desk := newSelfDesk()
	desk.proved = true
	desk.question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: "first-school"}
	r := newSettingsRig(t, testEnv(t), desk, sectionQuestion)
	tap(t, r.window, "settings.question.remove")
	tap(t, r.window, "question.keep")
	if desk.count("remove-question") != 0 {
		t.Fatal("removed although it is to be kept")
	}
	tap(t, r.window, "settings.question.remove")
	tap(t, r.window, "question.remove")
	says(t, r.bar(), "removed")
	if desk.question.Set || findByID(r.window, "settings.question.remove") != nil {
		t.Error("it is still there")
	}
}

func TestQuestion_closedToRolesAndHiddenByThePolicy(t *testing.T) {
	desk := newSelfDesk()
	desk.account.Roles = []string{api.RoleParticipant, api.RoleMeetingManager}
	r := newSettingsRig(t, testEnv(t), desk, sectionQuestion)
	if findByID(r.window, "settings.question.answer") != nil || findByID(r.window, "settings.question.save") != nil || desk.count("question") != 0 {
		t.Error("it is open to a meeting manager")
	}
	e := testEnv(t)
	e.Info.Questions = api.QuestionOff
	r = newSettingsRig(t, e, newSelfDesk(), "")
	if findByID(r.window, "settings.section.question") != nil || findByID(r.window, "settings.section.twostep") == nil {
		t.Error("the list does not follow the policy")
	}
	e = testEnv(t)
	e.Info.SecondFactor = api.SecondFactorOff
	r = newSettingsRig(t, e, newSelfDesk(), "")
	if findByID(r.window, "settings.section.twostep") != nil || findByID(r.window, "settings.section.question") == nil {
		t.Error("two-step log-in is offered although the policy says no")
	}
}
