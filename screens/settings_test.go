package screens

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

// capturePane takes pictures of Settings at a section, after something was done in it.
func capturePane(t *testing.T, name, section string, prepare func(*selfDesk), then ...func(*settingsRig)) {
	t.Helper()
	var r *settingsRig
	capture(t, "settings-"+name, func(e Env) fyne.CanvasObject {
		desk := newSelfDesk()
		if prepare != nil {
			prepare(desk)
		}
		r = newSettingsRig(t, e, desk, section)
		return r.settings.Content()
	}, func(w fyne.Window) {
		r.window = w
		for _, f := range then {
			f(r)
		}
	})
}

func TestSettings_pictures(t *testing.T) {
	proved := func(d *selfDesk) { d.proved = true }
	capturePane(t, "profile", sectionProfile, nil)
	capturePane(t, "identity", sectionIdentity, func(d *selfDesk) {
		d.account.ResetAddress = "area.manager@example.int"
	})
	capturePane(t, "email-code", sectionIdentity, func(d *selfDesk) { d.account.PendingEmail = "elena@example.net" })
	capturePane(t, "password", sectionPassword, nil, func(r *settingsRig) {
		s := r.settings.section().(*passwordSection)
		s.current.SetText("Correct-Horse-7")
		s.password.password.SetText("Meridian8line")
	})
	capturePane(t, "question", sectionQuestion, func(d *selfDesk) {
		d.question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: "What is carved into the beam of the barn?", Own: true}
	})
	capturePane(t, "twostep-off", sectionTwoStep, func(d *selfDesk) { d.factor.Required = true })
	capturePane(t, "twostep-setup", sectionTwoStep, proved, func(r *settingsRig) {
		r.settings.section().(*twoStepSection).begin()
	})
	capturePane(t, "twostep-codes", sectionTwoStep, proved, func(r *settingsRig) {
		s := r.settings.section().(*twoStepSection)
		s.begin()
		s.code.SetText("123 456")
		s.confirm()
	})
	capturePane(t, "twostep-on", sectionTwoStep, func(d *selfDesk) {
		d.factor = api.SecondFactor{On: true, Since: testTime.AddDate(0, -2, 0), RecoveryCodes: 2}
	})
	capturePane(t, "sessions", sectionSessions, nil)
	capturePane(t, "data", sectionData, nil)
	capturePane(t, "data-asked", sectionData, func(d *selfDesk) {
		d.deletion = api.Deletion{Asked: testTime, Due: testTime.AddDate(0, 0, 14), GraceDays: 14}
		d.account.Deletion = d.deletion.Due
	})
	capturePane(t, "proof", sectionTwoStep, nil, func(r *settingsRig) {
		r.settings.section().(*twoStepSection).begin()
	})
}
