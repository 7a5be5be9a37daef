package admin

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/screentest"
)

// correcting has the form open with which Elena García is corrected.
func correcting(t *testing.T) (*Users, fyne.Window, *screentest.Staff) {
	t.Helper()
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(1)
	screentest.Tap(t, w, "users.act.correct-profile")
	return u, w, service
}

func TestUserProfile_correctsNameAndOrganization(t *testing.T) {
	u, w, service := correcting(t)
	p := u.detail.form.profile
	if p.person.First.Text != "Elena" || p.person.Family.Text != "García" || p.organization.Called() != "Telefónica" || u.detail.form.touched() {
		t.Fatalf("begins with %q %q of %q", p.person.First.Text, p.person.Family.Text, p.organization.Called())
	}
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	if len(service.Done) != 0 || p.person.NameField.Error() != u.env.T("users.wrong.profile-same") {
		t.Fatalf("nothing to correct: done %q, says %q", service.Done, p.person.NameField.Error())
	}
	p.person.First.SetText("")
	p.person.Family.SetText(" ")
	screentest.Tap(t, w, "users.form.submit")
	if len(service.Done) != 0 || screentest.FocusedID(w) != "users.form.profile.first" {
		t.Fatalf("no name: done %q, the keyboard is at %q", service.Done, screentest.FocusedID(w))
	}
	p.person.First.SetText("Elena María")
	p.person.Family.SetText("García")
	screentest.Pick(p.organization.Organization, "2")
	screentest.Tap(t, w, "users.form.submit")
	if want := []string{"correct-profile of u2: Elena María García 2 Ticket 12"}; !slices.Equal(service.Done, want) {
		t.Fatalf("done %q, want %q", service.Done, want)
	}
	screentest.Says(t, u.bar.String(), "has been corrected", "told by e-mail")
}

func TestUserProfile_staysTypedAndIsNamed(t *testing.T) {
	u, _, _ := correcting(t)
	u.detail.form.profile.person.Family.SetText("Garcia")
	u.list.Choose(0)
	if u.detail.form != nil || len(u.Unsaved()) != 1 {
		t.Fatal("it is forgotten while another user is looked at")
	}
	u.list.Choose(1)
	if u.detail.form == nil || u.detail.form.profile.person.Family.Text != "Garcia" {
		t.Error("what was typed is gone")
	}
}

func TestUserProfile_refusedFieldsAreSaidAtTheField(t *testing.T) {
	u, w, service := correcting(t)
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{
		{Pointer: "/profile/family_name", Code: api.FieldTooLong}, {Pointer: "/profile/organization_id", Code: api.FieldUnknown},
	}}
	p := u.detail.form.profile
	p.person.Family.SetText("Garcia")
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	screentest.Says(t, p.person.FamilyField.Error(), "too long")
	if p.organization.FieldOf("/organization_id").Error() == "" || u.detail.form.bar.String() != "" {
		t.Errorf("the organization says nothing, and the bar says %q", u.detail.form.bar)
	}
}

// Another administrator has been faster: it is said, what was typed stays until what is
// stored is asked for.
func TestUsers_changedMeanwhileStaysTyped(t *testing.T) {
	for act, change := range map[string]func(*userForm){
		"correct-profile": func(f *userForm) { f.profile.person.Family.SetText("Garcia") },
		"roles":           func(f *userForm) { f.roles[0].SetChecked(true) },
	} {
		service := screentest.NewStaff()
		u, w := testUsers(t, screentest.NewEnv(t), service)
		u.list.Choose(1)
		screentest.Tap(t, w, "users.act."+act)
		f := u.detail.form
		change(f)
		typeReason(t, w, "Ticket 12")
		service.People[1].Version = "2"
		screentest.Tap(t, w, "users.form.submit")
		screentest.Says(t, f.bar.String(), "Somebody else has changed this")
		if u.detail.form != f || !f.touched() || len(service.Done) != 0 {
			t.Fatalf("%s: what was typed is gone, done %q", act, service.Done)
		}
		screentest.Tap(t, w, "users.form.bar.action")
		if u.detail.form != nil || u.detail.user.Version != "2" {
			t.Errorf("%s: what is stored is not shown", act)
		}
	}
}
