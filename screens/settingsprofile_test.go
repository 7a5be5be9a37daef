package screens

import (
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
)

func TestProfile_savesWhatWasChanged(t *testing.T) {
	desk := newSelfDesk()
	desk.account.Title = "Mme" // chosen in French
	r := newSettingsRig(t, testEnv(t), desk, sectionProfile)
	s := r.settings.section().(*profileSection)
	if s.person.title.PickedID() != "ms" {
		t.Errorf("the form of address is %q", s.person.title.PickedID())
	}
	s.person.first.SetText("Elena María")
	s.news.SetChecked(true)
	tap(t, r.window, "settings.profile.save")
	want := api.ChangeProfile{
		Title: "Mme", FirstName: "Elena María", FamilyName: "García", Phone: "+34 600 123 456", Language: "en", News: true,
	}
	if diff := cmp.Diff(want, desk.sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	says(t, r.bar(), "saved")
	if r.settings.name.String() != "Elena María García" || r.told[len(r.told)-1].FirstName != "Elena María" {
		t.Errorf("the name is %q", r.settings.name.String())
	}
}

func TestProfile_anotherOrganization(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionProfile)
	o := r.settings.section().(*profileSection).organization
	pick(o.organization, "2")
	tap(t, r.window, "settings.profile.save")
	got := r.desk.sent.(api.ChangeProfile)
	if got.OrganizationID != "2" || got.Country != "ES" || got.Membership != "sector-member" || got.NewOrganization != nil {
		t.Errorf("sent %+v", got)
	}
	tap(t, r.window, "settings.profile.own")
	o.name.SetText("Institute of Tides")
	tap(t, r.window, "settings.profile.save")
	got = r.desk.sent.(api.ChangeProfile)
	if got.OrganizationID != "" || got.NewOrganization == nil || got.NewOrganization.Name != "Institute of Tides" {
		t.Errorf("sent %+v", got)
	}
	// It is kept from then on as it is, though the directory does not have it.
	tap(t, r.window, "settings.profile.save")
	got = r.desk.sent.(api.ChangeProfile)
	if got.OrganizationID != "" || got.NewOrganization != nil || r.desk.count("profile") != 3 {
		t.Errorf("sent %+v in call %d", got, r.desk.count("profile"))
	}
}

func TestProfile_saysMistakesAtTheirField(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionProfile)
	s := r.settings.section().(*profileSection)
	s.person.first.SetText("")
	s.person.family.SetText(" ")
	s.person.phone.SetText("call me")
	tap(t, r.window, "settings.profile.save")
	if r.desk.count("profile") != 0 || s.person.nameField.Error() == "" || focusedID(r.window) != "settings.profile.first" {
		t.Errorf("the name's field says %q, the keyboard is on %q", s.person.nameField.Error(), focusedID(r.window))
	}
	s.person.family.SetText("García")
	tap(t, r.window, "settings.profile.save")
	if s.person.phoneField.Error() == "" || focusedID(r.window) != "settings.profile.phone" {
		t.Errorf("the phone's field says %q", s.person.phoneField.Error())
	}
	s.person.phone.SetText("")
	r.desk.fail["profile"] = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{
		{Pointer: "/family_name", Code: api.FieldTooLong}, {Pointer: "/country", Code: api.FieldUnknown},
	}}
	tap(t, r.window, "settings.profile.save")
	says(t, s.person.familyField.Error(), "too long")
	says(t, mistake(r.window, "settings.profile.country.field"), "not one of the choices")
}

func TestProfile_freshAccountDoesNotReplaceWhatIsTyped(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionProfile)
	s := r.settings.section().(*profileSection)
	fresh := r.desk.account
	fresh.Phone = "+41 22 730 5111"
	r.settings.SetAccount(fresh)
	if s.person.phone.Text != fresh.Phone {
		t.Errorf("the phone is %q", s.person.phone.Text)
	}
	s.person.first.SetText("Elena M")
	fresh.Phone = "+41 22 730 5112"
	r.settings.SetAccount(fresh)
	if s.person.first.Text != "Elena M" {
		t.Errorf("%q was typed over", s.person.first.Text)
	}
}

func TestProfile_byKeyboardAlone(t *testing.T) {
	r := newSettingsRig(t, testEnv(t), newSelfDesk(), sectionProfile)
	write(t, r.window, "Dr")
	press(t, r.window, fyne.KeyReturn)
	tabTo(t, r.window, "settings.profile.phone")
	press(t, r.window, fyne.KeyReturn) // Enter saves
	if got, ok := r.desk.sent.(api.ChangeProfile); !ok || got.Title != "Dr" {
		t.Errorf("sent %+v", r.desk.sent)
	}
}
