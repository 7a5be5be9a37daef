package settings

import (
	"errors"
	"testing"

	"plenary/api"
	"plenary/screens/screentest"
)

func TestData_export(t *testing.T) {
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	r := newSettingsRig(t, e, screentest.NewSelf(), SectionData)
	screentest.Tap(t, r.window, "settings.data.export")
	r.prove(t, "settings.data", "Correct-Horse-7")
	const name = "Plenary elena.garcia 2026-11-22.json"
	if r.saved[name] != "{}\n" || r.desk.Count("export") != 2 {
		t.Errorf("saved %v", r.saved)
	}
	screentest.Says(t, r.bar(), "/home/elena/Downloads/"+name)
	screentest.Tap(t, r.window, "settings.data.bar.action")
	if len(*opened) != 1 {
		t.Errorf("opened %v", *opened)
	}
	r.saveErr = errors.New("no room")
	screentest.Tap(t, r.window, "settings.data.export")
	screentest.Says(t, r.bar(), "could not be written")
}

func TestData_deleteNamesTheDayAndCanBeTakenBack(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionData)
	screentest.Tap(t, r.window, "settings.data.delete")
	screentest.Tap(t, r.window, "data.keep")
	if r.desk.Count("delete") != 0 {
		t.Fatal("deleted although the account is to be kept")
	}
	s := r.settings.section().(*dataSection)
	screentest.Says(t, s.question(), "14 days", "Sunday, 6 December 2026")
	screentest.Tap(t, r.window, "settings.data.delete")
	screentest.Tap(t, r.window, "data.delete")
	r.prove(t, "settings.data", "Correct-Horse-7")
	screentest.Says(t, s.due.String(), "Sunday, 6 December 2026")
	if screentest.FocusedID(r.window) != "settings.data.keep" || screentest.Find(r.window, "settings.data.delete") != nil {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
	if told := r.told[len(r.told)-1]; told.Deletion.IsZero() {
		t.Error("the window is not told")
	}
	screentest.Tap(t, r.window, "settings.data.keep")
	screentest.Says(t, r.bar(), "stays")
	if told := r.told[len(r.told)-1]; !told.Deletion.IsZero() || screentest.Find(r.window, "settings.data.delete") == nil {
		t.Error("the account is still to be deleted")
	}
}

func TestData_lastAdministratorStays(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Proved = true
	desk.Fail["delete"] = &api.Problem{Code: api.CodeLastAdministrator}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionData)
	screentest.Tap(t, r.window, "settings.data.delete")
	screentest.Tap(t, r.window, "data.delete")
	screentest.Says(t, r.bar(), "last administrator")
	if !r.desk.Owner.Deletion.IsZero() {
		t.Error("it is going to be deleted")
	}
}

func TestData_oneAnswerForImpatientClicks(t *testing.T) {
	e, desk := screentest.NewEnv(t), screentest.NewSelf()
	desk.Proved = true
	steps := &screentest.Stepped{}
	e.Run = steps
	r := newSettingsRig(t, e, desk, SectionData)
	steps.All()
	screentest.Tap(t, r.window, "settings.data.export")
	screentest.Tap(t, r.window, "settings.data.export")
	steps.All()
	if desk.Count("export") != 1 || len(r.saved) != 1 {
		t.Errorf("exported %d times", desk.Count("export"))
	}
}
