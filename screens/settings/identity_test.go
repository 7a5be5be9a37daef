package settings

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/screentest"
)

func TestUsername_changeAsksForAProof(t *testing.T) {
	for _, c := range []struct{ wanted, got, says string }{
		{"elena.g", "elena.g", "is now elena.g"},
		{"taken", "taken2", "taken was taken: your username is now taken2"},
	} {
		r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), sectionIdentity)
		s := r.settings.section().(*identitySection)
		s.username.entry.SetText(c.wanted)
		screentest.Press(t, r.window, fyne.KeyReturn)
		r.prove(t, "settings.identity", "Correct-Horse-7")
		screentest.Says(t, r.bar(), c.says)
		if len(r.told) == 0 || r.told[len(r.told)-1].Username != c.got || s.username.entry.Text != c.got || r.settings.username.String() != c.got {
			t.Errorf("told %+v, %q stands there", r.told, s.username.entry.Text)
		}
		if screentest.FocusedID(r.window) != "settings.username" {
			t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
		}
	}
}

func TestUsername_mistakes(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), sectionIdentity)
	f := r.settings.section().(*identitySection).username
	for _, c := range []struct{ typed, says string }{{"", "Choose a username"}, {"a b", "3 to 40"}, {"elena.garcia", "already"}} {
		f.entry.SetText(c.typed)
		f.change()
		screentest.Says(t, f.field.Error(), c.says)
	}
	if r.desk.Count("username") != 0 {
		t.Error("a mistake was sent")
	}
}

func TestUsername_cancelledProofKeepsWhatWasTyped(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), sectionIdentity)
	f := r.settings.section().(*identitySection).username
	f.entry.SetText("elena.g")
	f.change()
	if !r.settings.Back() {
		t.Fatal("Escape does not cancel the question")
	}
	if f.entry.Text != "elena.g" || r.bar() != "" || r.desk.Owner.Username != "elena.garcia" || r.settings.Back() {
		t.Errorf("%q stands there, the bar says %q", f.entry.Text, r.bar())
	}
	f.change()
	r.prove(t, "settings.identity", "Correct-Horse-7")
	screentest.Says(t, r.bar(), "is now elena.g")
}

func TestEmail_fromNewAddressToDone(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), sectionIdentity)
	screentest.TabTo(t, r.window, "settings.email.new")
	screentest.Write(t, r.window, "elena@example.net")
	screentest.Press(t, r.window, fyne.KeyReturn)
	r.prove(t, "settings.identity", "Correct-Horse-7")
	if screentest.FocusedID(r.window) != "settings.email.code" {
		t.Fatalf("the keyboard is on %q, the bar says %q", screentest.FocusedID(r.window), r.bar())
	}
	screentest.Says(t, r.settings.section().(*identitySection).email.sent.String(), "An e-mail with a code was sent to elena@example.net")
	screentest.Write(t, r.window, "00000-00000")
	screentest.Press(t, r.window, fyne.KeyReturn)
	f := r.settings.section().(*identitySection).email
	screentest.Says(t, f.code.Field.Error(), "not right")
	f.code.Entry.SetText("7k3qd 9xw2m")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Says(t, r.bar(), "is now elena@example.net", "other sessions")
	if f.asking.Hidden || !f.awaiting.Hidden || r.desk.Owner.Email != "elena@example.net" {
		t.Error("the code is still asked for")
	}
}

func TestEmail_changeUnderWaySurvivesLeaving(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Owner.PendingEmail = "elena@example.net"
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionIdentity)
	f := r.settings.section().(*identitySection).email
	if f.awaiting.Hidden || !f.asking.Hidden {
		t.Fatal("the code is not asked for")
	}
	desk.Proved = true
	screentest.Tap(t, r.window, "settings.email.again")
	if desk.Count("email") != 1 {
		t.Error("nothing was sent again")
	}
	screentest.Tap(t, r.window, "settings.email.other")
	if screentest.FocusedID(r.window) != "settings.email.new" || f.asking.Hidden {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
}

func TestEmail_resetAddressBecomesOnesOwn(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Owner.ResetAddress = "elena@organization.example"
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionIdentity)
	screentest.Tap(t, r.window, "settings.email.adopt")
	r.prove(t, "settings.identity", "Correct-Horse-7")
	screentest.Says(t, r.bar(), "is now elena@organization.example")
	if screentest.Find(r.window, "settings.email.adopt") != nil {
		t.Error("it is still offered")
	}
}

func TestEmail_asksWhetherAnotherProviderWasMeant(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), sectionIdentity)
	f := r.settings.section().(*identitySection).email
	screentest.TabTo(t, r.window, "settings.email.new")
	screentest.Write(t, r.window, "elena@gmial.com")
	screentest.TabTo(t, r.window, "settings.email.meant")
	screentest.Says(t, f.meant.Text.String(), "elena@gmail.com")
	if f.field.Error() != "" {
		t.Errorf("it says %q", f.field.Error())
	}
	screentest.Press(t, r.window, fyne.KeyReturn)
	if f.entry.Text != "elena@gmail.com" || f.meant.Text.Visible() {
		t.Errorf("there stands %q", f.entry.Text)
	}
}

func TestEmail_mistakes(t *testing.T) {
	desk := screentest.NewSelf()
	r := newSettingsRig(t, screentest.NewEnv(t), desk, sectionIdentity)
	f := r.settings.section().(*identitySection).email
	for _, c := range []struct{ typed, says string }{
		{"", "Enter the new"}, {"elena@", "not an e-mail address"}, {"elena.garcia@EXAMPLE.org", "already"},
	} {
		f.entry.SetText(c.typed)
		f.change()
		screentest.Says(t, f.field.Error(), c.says)
	}
	desk.Proved = true
	desk.Fail["email"] = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/email", Code: api.FieldInvalid}}}
	f.entry.SetText("elena@example.net")
	f.change()
	screentest.Says(t, f.field.Error(), "does not accept this")
	if desk.Count("email") != 1 || f.entry.Text != "elena@example.net" {
		t.Error("what was typed is lost")
	}
}
