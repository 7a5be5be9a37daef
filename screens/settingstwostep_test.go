package screens

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
)

// fakeClipboard keeps what was copied.
type fakeClipboard struct{ text string }

func (c *fakeClipboard) Content() string        { return c.text }
func (c *fakeClipboard) SetContent(text string) { c.text = text }

// A phone whose clock is off is told apart from a wrong code, with the time by the
// service.
func TestTwoStep_saysThatThePhonesClockIsOff(t *testing.T) {
	e := testEnv(t)
	e.Now = func() time.Time { return testTime.Add(7 * time.Minute) }
	desk := newSelfDesk()
	r := newSettingsRig(t, e, desk, sectionTwoStep)
	s := r.settings.section().(*twoStepSection)
	tap(t, r.window, "settings.twostep.turn-on")
	r.prove(t, "settings.twostep", "Correct-Horse-7")
	clock := e.Words.Time(e.Now())
	for code, want := range map[string]string{api.FieldClockAhead: "is ahead", api.FieldClockBehind: "is behind"} {
		desk.clockOff = []api.FieldError{{Pointer: "/code", Code: code}}
		write(t, r.window, "654 321")
		press(t, r.window, fyne.KeyReturn)
		says(t, s.field.Error(), want, clock)
	}
	desk.clockOff = nil
	for _, want := range []string{"not right", "not right", clock} {
		write(t, r.window, "654 321")
		press(t, r.window, fyne.KeyReturn)
		says(t, s.field.Error(), want)
	}
}

func TestTwoStep_onAllTheWayByKeyboard(t *testing.T) {
	e := testEnv(t)
	clipboard := &fakeClipboard{}
	e.Clipboard = clipboard
	r := newSettingsRig(t, e, newSelfDesk(), sectionTwoStep)
	s := r.settings.section().(*twoStepSection)
	tabTo(t, r.window, "settings.twostep.turn-on")
	press(t, r.window, fyne.KeyReturn)
	r.prove(t, "settings.twostep", "Correct-Horse-7")
	if focusedID(r.window) != "settings.twostep.code" {
		t.Fatalf("the keyboard is on %q", focusedID(r.window))
	}
	tap(t, r.window, "settings.twostep.copy")
	if clipboard.text != s.setup.Secret {
		t.Errorf("%q was copied", clipboard.text)
	}
	press(t, r.window, fyne.KeyReturn)
	says(t, s.field.Error(), "six digits")
	write(t, r.window, "654 321")
	press(t, r.window, fyne.KeyReturn)
	says(t, s.field.Error(), "not right")
	write(t, r.window, "123 456") // over what is selected
	press(t, r.window, fyne.KeyReturn)
	if focusedID(r.window) != "settings.twostep.copy-codes" || len(s.codes) != 10 || findByID(r.window, "settings.twostep.code.j") == nil {
		t.Fatalf("the keyboard is on %q, %d codes", focusedID(r.window), len(s.codes))
	}
	tap(t, r.window, "settings.twostep.copy-codes")
	if want := strings.Join(recoveryCodes().Codes, "\n"); clipboard.text != want {
		t.Errorf("copied %q", clipboard.text)
	}
	tap(t, r.window, "settings.twostep.save-codes")
	says(t, r.bar(), "/home/elena/Downloads/Plenary recovery codes.txt")
	says(t, r.saved["Plenary recovery codes.txt"], "elena.garcia", "example.int", "7K3QD-9XW2M\nM4T8A-K2PZV\n")
	if !r.settings.Back() || len(s.codes) != 10 {
		t.Error("Escape leaves codes that cannot be looked at again")
	}
	tap(t, r.window, "settings.twostep.kept")
	if findByID(r.window, "settings.twostep.code.a") != nil || len(s.codes) != 0 {
		t.Error("the codes can still be seen")
	}
	says(t, s.text("settings.twostep.left", r.window), "10 recovery codes")
}

// text is what a part of the section says.
func (s *twoStepSection) text(id string, w fyne.Window) string {
	if o, ok := findByID(w, id).(interface{ String() string }); ok {
		return o.String()
	}
	return ""
}

func TestTwoStep_escapeLeavesTheSetUp(t *testing.T) {
	desk := newSelfDesk()
	desk.proved = true
	r := newSettingsRig(t, testEnv(t), desk, sectionTwoStep)
	tap(t, r.window, "settings.twostep.turn-on")
	if findByID(r.window, "settings.twostep.secret") == nil {
		t.Fatal("there is no secret")
	}
	if !r.settings.Back() || focusedID(r.window) != "settings.twostep.turn-on" || r.settings.Back() {
		t.Errorf("the keyboard is on %q", focusedID(r.window))
	}
}

func TestTwoStep_offAsksOnceAndNamesTheRoles(t *testing.T) {
	desk := newSelfDesk()
	desk.proved = true
	desk.factor = api.SecondFactor{On: true, Since: testTime, RecoveryCodes: 1, Required: true}
	r := newSettingsRig(t, testEnv(t), desk, sectionTwoStep)
	s := r.settings.section().(*twoStepSection)
	says(t, s.text("settings.twostep.left", r.window), "1 recovery code is left")
	says(t, s.text("settings.twostep.required", r.window), "only while it is on")
	tap(t, r.window, "settings.twostep.turn-off")
	tap(t, r.window, "twostep.stay")
	if desk.count("remove-factor") != 0 {
		t.Fatal("turned off although it is to stay on")
	}
	tap(t, r.window, "settings.twostep.turn-off")
	tap(t, r.window, "twostep.off")
	says(t, r.bar(), "is off")
	if focusedID(r.window) != "settings.twostep.turn-on" {
		t.Errorf("the keyboard is on %q", focusedID(r.window))
	}
}

func TestTwoStep_newCodes(t *testing.T) {
	desk := newSelfDesk()
	desk.factor = api.SecondFactor{On: true, Since: testTime, RecoveryCodes: 1}
	r := newSettingsRig(t, testEnv(t), desk, sectionTwoStep)
	r.saveErr = errors.New("no room")
	tap(t, r.window, "settings.twostep.new-codes")
	tap(t, r.window, "twostep.new")
	write(t, r.window, "Correct-Horse-7")
	press(t, r.window, fyne.KeyReturn)
	write(t, r.window, "123456")
	press(t, r.window, fyne.KeyReturn)
	says(t, r.bar(), "new recovery codes")
	tap(t, r.window, "settings.twostep.save-codes")
	says(t, r.bar(), "could not be written")
}

func TestTwoStep_rolesThatWaitAreNamed(t *testing.T) {
	desk := newSelfDesk()
	desk.factor.Required = true
	desk.account.NeedsSecondFactor = []string{api.RoleAdministrator}
	r := newSettingsRig(t, testEnv(t), desk, sectionTwoStep)
	says(t, r.settings.section().(*twoStepSection).text("settings.twostep.required", r.window), "only once it is on", "dministrator")
}

func TestTwoStep_policyThatDoesNotOfferIt(t *testing.T) {
	desk := newSelfDesk()
	desk.proved = true
	desk.fail["set-up"] = &api.Problem{Code: api.CodeForbidden}
	r := newSettingsRig(t, testEnv(t), desk, sectionTwoStep)
	tap(t, r.window, "settings.twostep.turn-on")
	says(t, r.bar(), "does not offer")
}

func TestTwoStep_answersAfterLeaving(t *testing.T) {
	e, desk := testEnv(t), newSelfDesk()
	desk.proved = true
	steps := &Stepped{}
	e.Run = steps
	r := newSettingsRig(t, e, desk, sectionTwoStep)
	steps.All()
	s := r.settings.section().(*twoStepSection)
	s.begin()
	s.begin()
	steps.Step()
	r.settings.Close()
	steps.All()
	if desk.count("set-up") != 1 || s.setup.Secret != "" {
		t.Errorf("asked %d times; the screen that was left shows %q", desk.count("set-up"), s.setup.Secret)
	}
}
