package screens

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
)

// capturePane takes pictures of Settings at a section, after something was done
// in it, in some of the looks.
func capturePane(t *testing.T, name, section string, looks []string, prepare func(*selfDesk), then func(*settingsRig)) {
	t.Helper()
	var r *settingsRig
	captureIn(t, shotsNamed(looks), "settings-"+name, func(e Env) fyne.CanvasObject {
		desk := newSelfDesk()
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
func shotsNamed(names []string) []shot {
	if len(names) == 0 {
		return shots
	}
	var out []shot
	for _, s := range shots {
		if slices.Contains(names, s.name) {
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
	prepare       func(*selfDesk)
	then          func(*settingsRig)
}{
	{name: "profile", section: sectionProfile},
	{name: "identity", section: sectionIdentity, looks: []string{"light", "small", "largest"}, prepare: func(d *selfDesk) {
		d.account.ResetAddress = "area.manager@example.int"
	}},
	{name: "email-code", section: sectionIdentity, looks: []string{"dark", "large", "french"}, prepare: func(d *selfDesk) {
		d.account.PendingEmail = "elena@example.net"
	}},
	{name: "password", section: sectionPassword, looks: []string{"light", "dark", "largest"}, then: func(r *settingsRig) {
		s := r.settings.section().(*passwordSection)
		s.password.password.SetText("Meridian8line")
		s.change()
	}},
	{name: "question", section: sectionQuestion, looks: []string{"light", "small", "largest", "french"}, prepare: func(d *selfDesk) {
		d.question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: "What is carved into the beam of the barn?", Own: true}
	}},
	{name: "question-list", section: sectionQuestion, looks: []string{"dark", "small"}, then: func(r *settingsRig) {
		r.settings.section().(*questionSection).pick.Open()
	}},
	{name: "twostep-off", section: sectionTwoStep, looks: []string{"light", "french"}, prepare: func(d *selfDesk) {
		d.factor.Required, d.account.NeedsSecondFactor = true, []string{api.RoleMeetingManager, api.RoleAdministrator}
	}},
	{name: "twostep-setup", section: sectionTwoStep, looks: []string{"light", "dark", "small", "large"}, prepare: proved, then: func(r *settingsRig) {
		r.settings.section().(*twoStepSection).begin()
	}},
	{name: "twostep-codes", section: sectionTwoStep, looks: []string{"dark", "small", "largest"}, prepare: proved, then: func(r *settingsRig) {
		s := r.settings.section().(*twoStepSection)
		s.begin()
		s.code.SetText("123 456")
		s.confirm()
	}},
	{name: "twostep-on", section: sectionTwoStep, looks: []string{"light", "french"}, prepare: func(d *selfDesk) {
		d.factor = api.SecondFactor{On: true, Since: testTime.AddDate(0, -2, 0), RecoveryCodes: 2}
	}},
	{name: "twostep-question", section: sectionTwoStep, looks: []string{"dark", "largest"}, prepare: func(d *selfDesk) {
		d.factor = api.SecondFactor{On: true, Since: testTime, RecoveryCodes: 10, Required: true}
	}, then: func(r *settingsRig) { r.settings.section().(*twoStepSection).askTurnOff() }},
	{name: "sessions", section: sectionSessions, looks: []string{"light", "dark", "largest"}},
	{name: "data", section: sectionData, looks: []string{"light", "largest"}},
	{name: "data-asked", section: sectionData, looks: []string{"dark", "large"}, prepare: func(d *selfDesk) {
		d.account.Deletion = testTime.AddDate(0, 0, 14)
	}},
	{name: "data-question", section: sectionData, looks: []string{"light", "largest"}, then: func(r *settingsRig) {
		r.settings.section().(*dataSection).askDelete()
	}},
	{name: "program", section: sectionProgram, looks: []string{"dark", "large"}},
	{name: "list", looks: []string{"large", "largest"}},
	{name: "offline", section: sectionIdentity, looks: []string{"light", "small"}, then: func(r *settingsRig) { r.settings.SetOnline(false) }},
	{name: "proof", section: sectionTwoStep, looks: []string{"light", "dark", "largest"}, prepare: func(d *selfDesk) { d.factor.On = true }, then: func(r *settingsRig) {
		s := r.settings.section().(*twoStepSection)
		s.newCodes()
		for _, typed := range []string{"Correct-Horse-7", "000000"} {
			test.Type(r.window.Canvas().Focused(), typed)
			r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
	}},
}

func proved(d *selfDesk) { d.proved = true }

func TestSettings_pictures(t *testing.T) {
	for _, p := range picturesOf {
		t.Run(p.name, func(t *testing.T) { capturePane(t, p.name, p.section, p.looks, p.prepare, p.then) })
	}
}

func TestSettings_picturesOfLongAndOtherNames(t *testing.T) {
	capturePane(t, "names", sectionProfile, []string{"light", "largest"}, func(d *selfDesk) {
		a := &d.account
		a.Title, a.FirstName, a.FamilyName = "H.E. Ambassador", "ليلى", "غارسيا الأندلسي"
		a.Username, a.Organization.Name = "leila.garcia.al.andalusi.of.the.atlas.40", longName
	}, nil)
	capturePane(t, "names-chinese", sectionQuestion, []string{"dark", "small"}, func(d *selfDesk) {
		d.account.FirstName, d.account.FamilyName = "李娜", ""
		d.question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: "您外祖母家门前那棵树是什么树，种于哪一年，是谁种下的？", Own: true}
	}, nil)
}

func TestSettings_sectionsByKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), "")
	w := r.window
	w.Canvas().Focus(r.settings.First())
	if r.settings.Section() != sectionProfile {
		t.Fatalf("begins with %q", r.settings.Section())
	}
	press(t, w, fyne.KeyDown, fyne.KeyDown)
	if r.settings.Section() != sectionPassword || focusedID(w) != "settings.sections" {
		t.Fatalf("at %q, the keyboard on %q", r.settings.Section(), focusedID(w))
	}
	press(t, w, fyne.KeyReturn)
	if focusedID(w) != "settings.password.current" {
		t.Errorf("Enter leads to %q", focusedID(w))
	}
	write(t, w, "half a pass")
	tabTo(t, w, "settings.sections")
	press(t, w, fyne.KeyEnd, fyne.KeyHome, fyne.KeyDown, fyne.KeyDown)
	if got := r.settings.section().(*passwordSection).current.Text; got != "half a pass" {
		t.Errorf("%q is left of what was typed", got)
	}
}

func TestSettings_narrowWindowShowsOneAtATime(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), "")
	r.window.Resize(fyne.NewSize(620, 500))
	settle(r.window)
	if findByID(r.window, "settings.profile.save") != nil || findByID(r.window, "settings.logout") == nil {
		t.Fatal("the list does not stand alone")
	}
	tap(t, r.window, "settings.section.identity")
	if findByID(r.window, "settings.logout") != nil || focusedID(r.window) != "settings.username" {
		t.Fatalf("the section does not stand alone; the keyboard is on %q", focusedID(r.window))
	}
	if !r.settings.Back() || findByID(r.window, "settings.logout") == nil || r.settings.Back() {
		t.Error("Escape does not lead to the list")
	}
	tap(t, r.window, "settings.section.identity")
	tabTo(t, r.window, "settings.identity.back")
	press(t, r.window, fyne.KeyReturn)
	if focusedID(r.window) != "settings.sections" {
		t.Errorf("the keyboard is on %q", focusedID(r.window))
	}
}

func TestSettings_withoutNetwork(t *testing.T) {
	desk := newSelfDesk()
	r := newSettingsRig(t, testEnv(t), desk, sectionIdentity)
	s := r.settings.section().(*identitySection)
	r.settings.SetOnline(false)
	says(t, r.settings.offline.String(), "no network")
	s.username.entry.SetText("elena.g")
	desk.fail["username"] = app.ErrNoSession
	desk.proved = true
	s.username.change()
	if s.username.entry.Text != "elena.g" || r.bar() == "" {
		t.Errorf("%q is left of what was typed, the bar says %q", s.username.entry.Text, r.bar())
	}
	r.settings.open(sectionSessions)
	if desk.count("sessions") != 0 {
		t.Error("a service was asked that cannot be reached")
	}
	r.settings.open(sectionProgram)
	if r.settings.offline.String() != "" {
		t.Error("language and appearance need no network")
	}
	r.settings.open(sectionSessions)
	desk.account.FirstName = "Helena"
	r.settings.SetOnline(true)
	if desk.count("sessions") != 1 || r.settings.offline.String() != "" || r.settings.name.String() != "Helena García" {
		t.Errorf("asked %d times; the name is %q", desk.count("sessions"), r.settings.name.String())
	}
	if s.username.entry.Text != "elena.g" {
		t.Errorf("%q is left of what was typed", s.username.entry.Text)
	}
}

func TestSettings_whatCannotBeReadCanBeTriedAgain(t *testing.T) {
	desk := newSelfDesk()
	desk.fail["factor"] = &api.Problem{Code: api.CodeInternal, Reference: "REF1"}
	r := newSettingsRig(t, testEnv(t), desk, sectionTwoStep)
	says(t, r.bar(), "Something went wrong")
	delete(desk.fail, "factor")
	tap(t, r.window, "settings.twostep.bar.action")
	if r.bar() != "" || findByID(r.window, "settings.twostep.turn-on") == nil {
		t.Errorf("the bar says %q", r.bar())
	}
}

func TestShell_settingsFollowTheAccount(t *testing.T) {
	p := testWindow(t, testEnv(t))
	tap(t, p.window, "nav.account")
	before, ok := p.shell.page.(*Settings)
	if !ok || before.Section() != sectionProfile {
		t.Fatalf("one's name leads to %T", p.shell.page)
	}
	input(t, p.window, "settings.profile.first").SetText("Helena")
	tap(t, p.window, "settings.profile.save")
	if p.shell.account.FirstName != "Helena" || p.shell.page != page(before) {
		t.Errorf("the window knows %q", p.shell.account.FirstName)
	}
	before.Open(sectionProgram)
	tap(t, p.window, "settings.language.fr")
	if again, ok := p.shell.page.(*Settings); !ok || again.Section() != sectionProgram {
		t.Error("another language leads away from the section")
	}
}
