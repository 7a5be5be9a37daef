package settings

import (
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/screens/screentest"
)

func TestProfile_savesWhatWasChanged(t *testing.T) {
	desk := screentest.NewSelf()
	desk.Owner.Title = "Mme" // chosen in French
	r := newSettingsRig(t, screentest.NewEnv(t), desk, SectionProfile)
	s := r.settings.section().(*profileSection)
	if s.person.Title.PickedID() != "ms" {
		t.Errorf("the form of address is %q", s.person.Title.PickedID())
	}
	s.person.First.SetText("Elena María")
	s.news.SetChecked(true)
	screentest.Tap(t, r.window, "settings.profile.save")
	want := api.ChangeProfile{
		Title: "Mme", FirstName: "Elena María", FamilyName: "García", Phone: "+34 600 123 456", Language: "en", News: true,
	}
	if diff := cmp.Diff(want, desk.Sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	screentest.Says(t, r.bar(), "saved")
	if r.settings.name.String() != "Elena María García" || r.told[len(r.told)-1].FirstName != "Elena María" {
		t.Errorf("the name is %q", r.settings.name.String())
	}
}

func TestProfile_anotherOrganization(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionProfile)
	o := r.settings.section().(*profileSection).organization
	screentest.Pick(o.Organization, "2")
	screentest.Tap(t, r.window, "settings.profile.save")
	got := r.desk.Sent.(api.ChangeProfile)
	if got.OrganizationID != "2" || got.Country != "ES" || got.Membership != "sector-member" || got.NewOrganization != nil {
		t.Errorf("sent %+v", got)
	}
	screentest.Tap(t, r.window, "settings.profile.own")
	o.Name.SetText("Institute of Tides")
	screentest.Tap(t, r.window, "settings.profile.save")
	got = r.desk.Sent.(api.ChangeProfile)
	if got.OrganizationID != "" || got.NewOrganization == nil || got.NewOrganization.Name != "Institute of Tides" {
		t.Errorf("sent %+v", got)
	}
	// It is kept from then on as it is, though the directory does not have it.
	screentest.Tap(t, r.window, "settings.profile.save")
	got = r.desk.Sent.(api.ChangeProfile)
	if got.OrganizationID != "" || got.NewOrganization != nil || r.desk.Count("profile") != 3 {
		t.Errorf("sent %+v in call %d", got, r.desk.Count("profile"))
	}
}

func TestProfile_saysMistakesAtTheirField(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionProfile)
	s := r.settings.section().(*profileSection)
	s.person.First.SetText("")
	s.person.Family.SetText(" ")
	s.person.Phone.SetText("call me")
	screentest.Tap(t, r.window, "settings.profile.save")
	if r.desk.Count("profile") != 0 || s.person.NameField.Error() == "" || screentest.FocusedID(r.window) != "settings.profile.first" {
		t.Errorf("the name's field says %q, the keyboard is on %q", s.person.NameField.Error(), screentest.FocusedID(r.window))
	}
	s.person.Family.SetText("García")
	screentest.Tap(t, r.window, "settings.profile.save")
	if s.person.PhoneField.Error() == "" || screentest.FocusedID(r.window) != "settings.profile.phone" {
		t.Errorf("the phone's field says %q", s.person.PhoneField.Error())
	}
	s.person.Phone.SetText("")
	r.desk.Fail["profile"] = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{
		{Pointer: "/family_name", Code: api.FieldTooLong}, {Pointer: "/country", Code: api.FieldUnknown},
	}}
	screentest.Tap(t, r.window, "settings.profile.save")
	screentest.Says(t, s.person.FamilyField.Error(), "too long")
	screentest.Says(t, screentest.Mistake(r.window, "settings.profile.country.field"), "not one of the choices")
}

func TestProfile_freshAccountDoesNotReplaceWhatIsTyped(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionProfile)
	s := r.settings.section().(*profileSection)
	fresh := r.desk.Owner
	fresh.Phone = "+41 22 730 5111"
	r.settings.SetAccount(fresh)
	if s.person.Phone.Text != fresh.Phone {
		t.Errorf("the phone is %q", s.person.Phone.Text)
	}
	s.person.First.SetText("Elena M")
	fresh.Phone = "+41 22 730 5112"
	r.settings.SetAccount(fresh)
	if s.person.First.Text != "Elena M" {
		t.Errorf("%q was typed over", s.person.First.Text)
	}
}

func TestProfile_byKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionProfile)
	screentest.Write(t, r.window, "Dr")
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.TabTo(t, r.window, "settings.profile.phone")
	screentest.Press(t, r.window, fyne.KeyReturn) // Enter saves
	if got, ok := r.desk.Sent.(api.ChangeProfile); !ok || got.Title != "Dr" {
		t.Errorf("sent %+v", r.desk.Sent)
	}
}

// Staff has corrected the profile while its owner types: it is said, what was typed stays,
// and what is stored is a press away.
func TestProfile_changedMeanwhileStaysTyped(t *testing.T) {
	r := newSettingsRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionProfile)
	s := r.settings.section().(*profileSection)
	s.person.First.SetText("Elena María")
	r.desk.Owner.Version, r.desk.Owner.FamilyName = "by staff", "Garcia"
	r.settings.SetAccount(r.desk.Owner) // it has come by itself
	screentest.Tap(t, r.window, "settings.profile.save")
	screentest.Says(t, r.bar(), "Somebody else has changed this")
	if s.person.First.Text != "Elena María" || r.desk.Owner.FirstName == "Elena María" {
		t.Fatalf("typed is %q, stored %q", s.person.First.Text, r.desk.Owner.FirstName)
	}
	screentest.Tap(t, r.window, "settings.profile.bar.action")
	if s.person.Family.Text != "Garcia" || s.person.First.Text != r.desk.Owner.FirstName || s.unsaved() {
		t.Errorf("shown are %q %q", s.person.First.Text, s.person.Family.Text)
	}
	s.person.First.SetText("Elena María")
	screentest.Tap(t, r.window, "settings.profile.save")
	if r.desk.Owner.FirstName != "Elena María" || r.desk.Owner.FamilyName != "Garcia" {
		t.Errorf("stored is %+v", r.desk.Owner)
	}
}
