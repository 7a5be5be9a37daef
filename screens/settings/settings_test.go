package settings

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// capturePane takes pictures of Settings at a section, after something was done
// in it, in some of the looks.
func capturePane(t *testing.T, name, section string, looks []string, prepare func(*screentest.Self), then func(*settingsRig)) {
	t.Helper()
	var r *settingsRig
	screentest.CaptureIn(t, shotsNamed(looks), "settings-"+name, func(e kit.Env) fyne.CanvasObject {
		desk := screentest.NewSelf()
		if prepare != nil {
			prepare(desk)
		}
		r = newSettingsRig(t, e, desk, section)
		return r.settings.Content()
	}, func(w fyne.Window) {
		if r.window = w; then != nil {
			then(r)
		}
	})
}

// shotsNamed are the shots of these names, all for none.
func shotsNamed(names []string) []screentest.Shot {
	if len(names) == 0 {
		return screentest.Shots
	}
	var out []screentest.Shot
	for _, s := range screentest.Shots {
		if slices.Contains(names, s.Name) {
			out = append(out, s)
		}
	}
	return out
}

// picturesOf are what TestSettings_pictures shows of each section: one of each
// state in some of the six looks, so that drawing them stays quick.
var picturesOf = []struct {
	name, section string
	looks         []string // names of shots; all where there are none
	prepare       func(*screentest.Self)
	then          func(*settingsRig)
}{
	{name: "profile", section: SectionProfile},
	{name: "identity", section: sectionIdentity, looks: []string{"light", "small", "largest"}, prepare: func(d *screentest.Self) {
		d.Owner.ResetAddress = "area.manager@example.int"
	}},
	{name: "email-code", section: sectionIdentity, looks: []string{"dark", "large", "french"}, prepare: func(d *screentest.Self) {
		d.Owner.PendingEmail = "elena@example.net"
	}},
	{name: "password", section: sectionPassword, looks: []string{"light", "dark", "largest"}, then: func(r *settingsRig) {
		s := r.settings.section().(*passwordSection)
		s.password.Password.SetText("Meridian8line")
		s.change()
	}},
	{name: "question", section: sectionQuestion, looks: []string{"light", "small", "largest", "french"}, prepare: func(d *screentest.Self) {
		d.Question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: "What is carved into the beam of the barn?", Own: true}
	}},
	{name: "question-list", section: sectionQuestion, looks: []string{"dark", "small"}, then: func(r *settingsRig) {
		r.settings.section().(*questionSection).pick.Open()
	}},
	{name: "twostep-off", section: SectionTwoStep, looks: []string{"light", "french"}, prepare: func(d *screentest.Self) {
		d.Factor.Required, d.Owner.NeedsSecondFactor = true, []string{api.RoleMeetingManager, api.RoleAdministrator}
	}},
	{name: "twostep-setup", section: SectionTwoStep, looks: []string{"light", "dark", "small", "large"}, prepare: proved, then: func(r *settingsRig) {
		r.settings.section().(*twoStepSection).begin()
	}},
	{name: "twostep-codes", section: SectionTwoStep, looks: []string{"dark", "small", "largest"}, prepare: proved, then: func(r *settingsRig) {
		s := r.settings.section().(*twoStepSection)
		s.begin()
		s.code.SetText("123 456")
		s.confirm()
	}},
	{name: "twostep-on", section: SectionTwoStep, looks: []string{"light", "french"}, prepare: func(d *screentest.Self) {
		d.Factor = api.SecondFactor{On: true, Since: screentest.Now.AddDate(0, -2, 0), RecoveryCodes: 2}
	}},
	{name: "twostep-question", section: SectionTwoStep, looks: []string{"dark", "largest"}, prepare: func(d *screentest.Self) {
		d.Factor = api.SecondFactor{On: true, Since: screentest.Now, RecoveryCodes: 10, Required: true}
	}, then: func(r *settingsRig) { r.settings.section().(*twoStepSection).askTurnOff() }},
	{name: "sessions", section: SectionSessions, looks: []string{"light", "dark", "small", "largest"}},
	{name: "data", section: SectionData, looks: []string{"light", "largest"}},
	{name: "data-asked", section: SectionData, looks: []string{"dark", "large"}, prepare: func(d *screentest.Self) {
		d.Owner.Deletion = screentest.Now.AddDate(0, 0, 14)
	}},
	{name: "data-question", section: SectionData, looks: []string{"light", "largest"}, then: func(r *settingsRig) {
		r.settings.section().(*dataSection).askDelete()
	}},
	{name: "program", section: SectionProgram, looks: []string{"dark", "large"}},
	{name: "list", looks: []string{"large", "largest"}},
	{name: "offline", section: sectionIdentity, looks: []string{"light", "small"}, then: func(r *settingsRig) { r.settings.SetOnline(false) }},
	{name: "proof", section: SectionTwoStep, looks: []string{"light", "dark", "largest"}, prepare: func(d *screentest.Self) { d.Factor.On = true }, then: func(r *settingsRig) {
		s := r.settings.section().(*twoStepSection)
		s.newCodes()
		for _, typed := range []string{"Correct-Horse-7", "000000"} {
			test.Type(r.window.Canvas().Focused(), typed)
			r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
	}},
}

func proved(d *screentest.Self) { d.Proved = true }

func TestSettings_pictures(t *testing.T) {
	for _, p := range picturesOf {
		t.Run(p.name, func(t *testing.T) { capturePane(t, p.name, p.section, p.looks, p.prepare, p.then) })
	}
}

func TestSettings_picturesOfLongAndOtherNames(t *testing.T) {
	capturePane(t, "names", SectionProfile, []string{"light", "largest"}, func(d *screentest.Self) {
		a := &d.Owner
		a.Title, a.FirstName, a.FamilyName = "H.E. Ambassador", "ليلى", "غارسيا الأندلسي"
		a.Username, a.Organization.Name = "leila.garcia.al.andalusi.of.the.atlas.40", screentest.LongName
	}, nil)
	capturePane(t, "names-chinese", sectionQuestion, []string{"dark", "small"}, func(d *screentest.Self) {
		d.Owner.FirstName, d.Owner.FamilyName = "李娜", ""
		d.Question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: "您外祖母家门前那棵树是什么树，种于哪一年，是谁种下的？", Own: true}
	}, nil)
}

func TestSettings_sectionsByKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), "")
	w := r.window
	w.Canvas().Focus(r.settings.First())
	if r.settings.Section() != SectionProfile {
		t.Fatalf("begins with %q", r.settings.Section())
	}
	screentest.Press(t, w, fyne.KeyDown, fyne.KeyDown)
	if r.settings.Section() != sectionPassword || screentest.FocusedID(w) != "settings.sections" {
		t.Fatalf("at %q, the keyboard on %q", r.settings.Section(), screentest.FocusedID(w))
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if screentest.FocusedID(w) != "settings.password.current" {
		t.Errorf("Enter leads to %q", screentest.FocusedID(w))
	}
	screentest.Write(t, w, "half a pass")
	screentest.TabTo(t, w, "settings.sections")
	screentest.Press(t, w, fyne.KeyEnd, fyne.KeyHome, fyne.KeyDown, fyne.KeyDown)
	if got := r.settings.section().(*passwordSection).current.Text; got != "half a pass" {
		t.Errorf("%q is left of what was typed", got)
	}
}

func TestSettings_narrowWindowShowsOneAtATime(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), "")
	r.window.Resize(fyne.NewSize(620, 500))
	screentest.Settle(r.window)
	if screentest.Find(r.window, "settings.profile.save") != nil || screentest.Find(r.window, "settings.logout") == nil {
		t.Fatal("the list does not stand alone")
	}
	screentest.Tap(t, r.window, "settings.section.identity")
	if screentest.Find(r.window, "settings.logout") != nil || screentest.FocusedID(r.window) != "settings.username" {
		t.Fatalf("the section does not stand alone; the keyboard is on %q", screentest.FocusedID(r.window))
	}
	if !r.settings.Back() || screentest.Find(r.window, "settings.logout") == nil || r.settings.Back() {
		t.Error("Escape does not lead to the list")
	}
	screentest.Tap(t, r.window, "settings.section.identity")
	screentest.TabTo(t, r.window, "settings.identity.back")
	screentest.Press(t, r.window, fyne.KeyReturn)
	if screentest.FocusedID(r.window) != "settings.sections" {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
}

func TestSettings_withoutNetwork(t *testing.T) {
	desk := screentest.NewSelf()
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionIdentity)
	s := r.settings.section().(*identitySection)
	r.settings.SetOnline(false)
	screentest.Says(t, r.settings.offline.String(), "no network")
	s.username.entry.SetText("elena.g")
	desk.Fail["username"] = app.ErrNoSession
	desk.Proved = true
	s.username.change()
	if s.username.entry.Text != "elena.g" || r.bar() == "" {
		t.Errorf("%q is left of what was typed, the bar says %q", s.username.entry.Text, r.bar())
	}
	r.settings.open(SectionSessions)
	if desk.Count("sessions") != 0 {
		t.Error("a service was asked that cannot be reached")
	}
	r.settings.open(SectionProgram)
	if r.settings.offline.String() != "" {
		t.Error("language and appearance need no network")
	}
	r.settings.open(SectionSessions)
	desk.Owner.FirstName = "Helena"
	r.settings.SetOnline(true)
	if desk.Count("sessions") != 1 || r.settings.offline.String() != "" || r.settings.name.String() != "Helena García" {
		t.Errorf("asked %d times; the name is %q", desk.Count("sessions"), r.settings.name.String())
	}
	if s.username.entry.Text != "elena.g" {
		t.Errorf("%q is left of what was typed", s.username.entry.Text)
	}
}

func TestSettings_whatCannotBeReadCanBeTriedAgain(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Fail["factor"] = &api.Problem{Code: api.CodeInternal, Reference: "REF1"}
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionTwoStep)
	screentest.Says(t, r.bar(), "Something went wrong")
	delete(desk.Fail, "factor")
	screentest.Tap(t, r.window, "settings.twostep.bar.action")
	if r.bar() != "" || screentest.Find(r.window, "settings.twostep.turn-on") == nil {
		t.Errorf("the bar says %q", r.bar())
	}
}
