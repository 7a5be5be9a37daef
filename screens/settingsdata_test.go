package screens

import (
	"errors"
	"testing"

	"plenary/api"
)

func TestData_export(t *testing.T) {
	e := testEnv(t)
	opened := recordOpened(&e)
	r := newSettingsRig(t, e, newSelfDesk(), sectionData)
	tap(t, r.window, "settings.data.export")
	r.prove(t, "settings.data", "Correct-Horse-7")
	const name = "Plenary elena.garcia 2026-11-22.json"
	if r.saved[name] != "{}\n" || r.desk.count("export") != 2 {
		t.Errorf("saved %v", r.saved)
	}
	says(t, r.bar(), "/home/elena/Downloads/"+name)
	tap(t, r.window, "settings.data.bar.action")
	if len(*opened) != 1 {
		t.Errorf("opened %v", *opened)
	}
	r.saveErr = errors.New("no room")
	tap(t, r.window, "settings.data.export")
	says(t, r.bar(), "could not be written")
}

func TestData_deleteNamesTheDayAndCanBeTakenBack(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionData)
	tap(t, r.window, "settings.data.delete")
	tap(t, r.window, "data.keep")
	if r.desk.count("delete") != 0 {
		t.Fatal("deleted although the account is to be kept")
	}
	s := r.settings.section().(*dataSection)
	says(t, s.question(), "14 days", "Sunday, 6 December 2026")
	tap(t, r.window, "settings.data.delete")
	tap(t, r.window, "data.delete")
	r.prove(t, "settings.data", "Correct-Horse-7")
	says(t, s.due.String(), "Sunday, 6 December 2026")
	if focusedID(r.window) != "settings.data.keep" || findByID(r.window, "settings.data.delete") != nil {
		t.Errorf("the keyboard is on %q", focusedID(r.window))
	}
	if told := r.told[len(r.told)-1]; told.Deletion.IsZero() {
		t.Error("the window is not told")
	}
	tap(t, r.window, "settings.data.keep")
	says(t, r.bar(), "stays")
	if told := r.told[len(r.told)-1]; !told.Deletion.IsZero() || findByID(r.window, "settings.data.delete") == nil {
		t.Error("the account is still to be deleted")
	}
}

func TestData_lastAdministratorStays(t *testing.T) {
	desk := newSelfDesk()
	desk.proved = true
	desk.fail["delete"] = &api.Problem{Code: api.CodeLastAdministrator}
	r := newSettingsRig(t, testEnv(t), desk, sectionData)
	tap(t, r.window, "settings.data.delete")
	tap(t, r.window, "data.delete")
	says(t, r.bar(), "last administrator")
	if !r.desk.account.Deletion.IsZero() {
		t.Error("it is going to be deleted")
	}
}

func TestData_oneAnswerForImpatientClicks(t *testing.T) {
	e, desk := testEnv(t), newSelfDesk()
	desk.proved = true
	steps := &Stepped{}
	e.Run = steps
	r := newSettingsRig(t, e, desk, sectionData)
	steps.All()
	tap(t, r.window, "settings.data.export")
	tap(t, r.window, "settings.data.export")
	steps.All()
	if desk.count("export") != 1 || len(r.saved) != 1 {
		t.Errorf("exported %d times", desk.count("export"))
	}
}
