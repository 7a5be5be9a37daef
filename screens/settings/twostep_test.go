package settings

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// A phone whose clock is off is told apart from a wrong code, with the time by the
// service.
func TestTwoStep_saysThatThePhonesClockIsOff(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Now = func() time.Time { return screentest.Now.Add(7 * time.Minute) }
	desk := screentest.NewSelf()
	r := newSettingsRig(t, e, desk, SectionTwoStep)
	s := r.settings.section().(*twoStepSection)
	screentest.Tap(t, r.window, "settings.twostep.turn-on")
	r.prove(t, "settings.twostep", "Correct-Horse-7")
	clock := e.Words.Time(e.Now())
	for code, want := range map[string]string{api.FieldClockAhead: "is ahead", api.FieldClockBehind: "is behind"} {
		desk.ClockOff = []api.FieldError{{Pointer: "/code", Code: code}}
		screentest.Write(t, r.window, "654 321")
		screentest.Press(t, r.window, fyne.KeyReturn)
		screentest.Says(t, s.field.Error(), want, clock)
	}
	desk.ClockOff = nil
	for _, want := range []string{"not right", "not right", clock} {
		screentest.Write(t, r.window, "654 321")
		screentest.Press(t, r.window, fyne.KeyReturn)
		screentest.Says(t, s.field.Error(), want)
	}
}

func TestTwoStep_onAllTheWayByKeyboard(t *testing.T) {
	e := screentest.NewEnv(t)
	clipboard := &screentest.Clipboard{}
	e.Clipboard = clipboard
	plain := fyne.CurrentApp().Clipboard()
	r := newSettingsRig(t, e, screentest.NewSelf(), SectionTwoStep)
	// copied is what was copied last: as a secret, for here the minute passes at once.
	copied := func() string {
		t.Helper()
		if clipboard.Content() != "" || plain.Content() != "" {
			t.Errorf("%q or %q stays in the clipboard", clipboard.Content(), plain.Content())
		}
		return clipboard.Copied[len(clipboard.Copied)-1]
	}
	selected := func(id string) {
		for _, o := range test.WidgetRenderer(screentest.Find(r.window, id).(*parts.Text)).Objects() {
			if selection, ok := o.(fyne.Shortcutable); ok {
				selection.TypedShortcut(&fyne.ShortcutSelectAll{})
				selection.TypedShortcut(&fyne.ShortcutCopy{Clipboard: plain})
			}
		}
	}
	s := r.settings.section().(*twoStepSection)
	screentest.TabTo(t, r.window, "settings.twostep.turn-on")
	screentest.Press(t, r.window, fyne.KeyReturn)
	r.prove(t, "settings.twostep", "Correct-Horse-7")
	if screentest.FocusedID(r.window) != "settings.twostep.code" {
		t.Fatalf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
	screentest.Tap(t, r.window, "settings.twostep.copy")
	if got := copied(); got != s.setup.Secret {
		t.Errorf("%q was copied", got)
	}
	screentest.Says(t, r.bar(), "The key is copied", "cleared after a minute")
	selected("settings.twostep.secret")
	if got := copied(); got != inFours(s.setup.Secret) {
		t.Errorf("%q was copied", got)
	}
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Says(t, s.field.Error(), "six digits")
	screentest.Write(t, r.window, "654 321")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Says(t, s.field.Error(), "not right")
	screentest.Write(t, r.window, "123 456") // over what is selected
	screentest.Press(t, r.window, fyne.KeyReturn)
	if screentest.FocusedID(r.window) != "settings.twostep.copy-codes" || len(s.codes) != 10 || screentest.Find(r.window, "settings.twostep.code.j") == nil {
		t.Fatalf("the keyboard is on %q, %d codes", screentest.FocusedID(r.window), len(s.codes))
	}
	screentest.Tap(t, r.window, "settings.twostep.copy-codes")
	if got := copied(); got != strings.Join(screentest.RecoveryCodes().Codes, "\n") {
		t.Errorf("copied %q", got)
	}
	screentest.Says(t, r.bar(), "The codes are copied", "cleared after a minute")
	selected("settings.twostep.code.a")
	if got := copied(); got != screentest.RecoveryCodes().Codes[0] {
		t.Errorf("copied %q", got)
	}
	screentest.Says(t, r.bar(), "The code is copied")
	screentest.Tap(t, r.window, "settings.twostep.save-codes")
	screentest.Says(t, r.bar(), "/home/elena/Downloads/Plenary recovery codes.txt")
	screentest.Says(t, r.saved["Plenary recovery codes.txt"], "elena.garcia", "example.int", "7K3QD-9XW2M\nM4T8A-K2PZV\n")
	if !r.settings.Back() || len(s.codes) != 10 {
		t.Error("Escape leaves codes that cannot be looked at again")
	}
	screentest.Tap(t, r.window, "settings.twostep.kept")
	if screentest.Find(r.window, "settings.twostep.code.a") != nil || len(s.codes) != 0 {
		t.Error("the codes can still be seen")
	}
	screentest.Says(t, s.text("settings.twostep.left", r.window), "10 recovery codes")
}

// text is what a part of the section says.
func (s *twoStepSection) text(id string, w fyne.Window) string {
	if o, ok := screentest.Find(w, id).(interface{ String() string }); ok {
		return o.String()
	}
	return ""
}

func TestTwoStep_escapeLeavesTheSetUp(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Proved = true
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionTwoStep)
	screentest.Tap(t, r.window, "settings.twostep.turn-on")
	if screentest.Find(r.window, "settings.twostep.secret") == nil {
		t.Fatal("there is no secret")
	}
	if !r.settings.Back() || screentest.FocusedID(r.window) != "settings.twostep.turn-on" || r.settings.Back() {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
}

func TestTwoStep_offAsksOnceAndNamesTheRoles(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Proved = true
	desk.Factor = api.SecondFactor{On: true, Since: screentest.Now, RecoveryCodes: 1, Required: true}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionTwoStep)
	s := r.settings.section().(*twoStepSection)
	screentest.Says(t, s.text("settings.twostep.left", r.window), "1 recovery code is left")
	screentest.Says(t, s.text("settings.twostep.required", r.window), "only while it is on")
	screentest.Tap(t, r.window, "settings.twostep.turn-off")
	screentest.Tap(t, r.window, "twostep.stay")
	if desk.Count("remove-factor") != 0 {
		t.Fatal("turned off although it is to stay on")
	}
	screentest.Tap(t, r.window, "settings.twostep.turn-off")
	screentest.Tap(t, r.window, "twostep.off")
	screentest.Says(t, r.bar(), "is off")
	if screentest.FocusedID(r.window) != "settings.twostep.turn-on" {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
}

func TestTwoStep_newCodes(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Factor = api.SecondFactor{On: true, Since: screentest.Now, RecoveryCodes: 1}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionTwoStep)
	r.saveErr = errors.New("no room")
	screentest.Tap(t, r.window, "settings.twostep.new-codes")
	screentest.Tap(t, r.window, "twostep.new")
	screentest.Write(t, r.window, "Correct-Horse-7")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Write(t, r.window, "123456")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Says(t, r.bar(), "new recovery codes")
	screentest.Tap(t, r.window, "settings.twostep.save-codes")
	screentest.Says(t, r.bar(), "could not be written")
}

func TestTwoStep_rolesThatWaitAreNamed(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Factor.Required = true
	desk.Owner.NeedsSecondFactor = []string{api.RoleAdministrator}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionTwoStep)
	screentest.Says(t, r.settings.section().(*twoStepSection).text("settings.twostep.required", r.window), "only once it is on", "dministrator")
}

func TestTwoStep_policyThatDoesNotOfferIt(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Proved = true
	desk.Fail["set-up"] = &api.Problem{Code: api.CodeForbidden}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionTwoStep)
	screentest.Tap(t, r.window, "settings.twostep.turn-on")
	screentest.Says(t, r.bar(), "does not offer")
}

func TestTwoStep_answersAfterLeaving(t *testing.T) {
	e, desk := screentest.NewEnv(t), screentest.NewSelf()
	desk.Proved = true
	steps := &screentest.Stepped{}
	e.Run = steps
	r := newSettingsRig(t, e, desk, SectionTwoStep)
	steps.All()
	s := r.settings.section().(*twoStepSection)
	s.begin()
	s.begin()
	steps.Step()
	r.settings.Close()
	steps.All()
	if desk.Count("set-up") != 1 || s.setup.Secret != "" {
		t.Errorf("asked %d times; the screen that was left shows %q", desk.Count("set-up"), s.setup.Secret)
	}
}
