package admin

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// inviting has the form filled in with which Inês Costa is invited.
func inviting(t *testing.T, e kit.Env) (*Users, fyne.Window, *screentest.Staff) {
	t.Helper()
	service := screentest.NewStaff()
	u, w := testUsers(t, e, service)
	screentest.Tap(t, w, "users.invite")
	f := u.detail.invite
	f.profile.person.First.SetText("Inês")
	f.profile.person.Family.SetText("Costa")
	f.profile.person.Language.SetID("es")
	f.form.Set("email", " ines@Example.net ")
	f.form.Set("reason", "Ticket 12")
	screentest.Pick(f.profile.organization.Organization, "2")
	return u, w, service
}

func TestInvite_sendsWhatWasEnteredOnce(t *testing.T) {
	u, w, service := inviting(t, screentest.NewEnv(t))
	screentest.Tap(t, w, "users.invite.role.administrator")
	asked := len(service.Asked)
	screentest.Tap(t, w, "users.invite.submit")
	if want := []string{"invite Inês Costa <ines@example.net> in es of 2ES as administrator: Ticket 12"}; !slices.Equal(service.Done, want) {
		t.Fatalf("done %q, want %q", service.Done, want)
	}
	screentest.Says(t, u.bar.String(), "on its way to ines@example.net")
	if u.detail.inviting || u.detail.invite != nil || len(service.Asked) != asked+1 || len(u.Unsaved()) != 0 {
		t.Errorf("the form is still there, or the list is not asked for anew")
	}
}

func TestInvite_saysWhatIsMissing(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "users.invite")
	if screentest.FocusedID(w) != "users.invite.title.entry" {
		t.Errorf("the keyboard is at %q", screentest.FocusedID(w))
	}
	screentest.Tap(t, w, "users.invite.submit")
	f := u.detail.invite
	if len(service.Done) != 0 || f.form.Field("email").Error() == "" || f.form.Field("reason").Error() == "" || f.profile.person.NameField.Error() == "" {
		t.Fatalf("done %q, or something that is missing is not said", service.Done)
	}
	if screentest.FocusedID(w) != "users.invite.first" {
		t.Errorf("the keyboard is at %q", screentest.FocusedID(w))
	}
}

func TestInvite_refusedFieldsAreSaidAtTheField(t *testing.T) {
	u, w, service := inviting(t, screentest.NewEnv(t))
	f := u.detail.invite
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{
		{Pointer: "/email", Code: api.FieldTaken}, {Pointer: "/organization_id", Code: api.FieldUnknown},
	}}
	screentest.Tap(t, w, "users.invite.submit")
	screentest.Says(t, f.form.Field("email").Error(), "an account already")
	if !u.detail.inviting || f.form.Text("reason") != "Ticket 12" {
		t.Error("what was typed is gone")
	}
	service.ChangeErr = client.ErrUnreachable
	screentest.Tap(t, w, "users.invite.submit")
	screentest.Says(t, f.bar.String(), "cannot be reached")
}

// What was typed stays while users are looked at, and is named until it is sent or given
// up.
func TestInvite_staysTyped(t *testing.T) {
	u, w, _ := inviting(t, screentest.NewEnv(t))
	u.list.Choose(1)
	if u.detail.inviting || u.detail.user == nil || u.detail.user.ID != "u2" || len(u.Unsaved()) != 1 {
		t.Fatalf("the user is not shown, or the invitation is forgotten: %q", u.Unsaved())
	}
	screentest.Tap(t, w, "users.invite")
	if !u.detail.inviting || u.detail.invite.form.Text("reason") != "Ticket 12" {
		t.Fatal("what was typed is gone")
	}
	u.Back()
	if u.detail.inviting || screentest.Find(w, "users.detail.name") == nil {
		t.Error("Escape does not lead back to the user")
	}
	screentest.Tap(t, w, "users.invite")
	screentest.Tap(t, w, "users.invite.cancel")
	if u.detail.inviting || len(u.Unsaved()) != 0 {
		t.Errorf("given up, and still there: %q", u.Unsaved())
	}
}

func TestInvite_anAnswerComesWhileAnotherUserIsLookedAt(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewStaff()
	u, w := testUsers(t, e, service)
	steps.All()
	screentest.Tap(t, w, "users.invite")
	f := u.detail.invite
	f.profile.person.First.SetText("Inês")
	f.form.Set("email", "ines@example.net")
	f.form.Set("reason", "Ticket 12")
	screentest.Pick(f.profile.organization.Organization, "2")
	screentest.Tap(t, w, "users.invite.submit")
	u.list.Choose(1)
	steps.All()
	if len(service.Done) != 1 || u.detail.user == nil || u.detail.user.ID != "u2" || u.detail.invite != nil {
		t.Errorf("done %q, shown is %+v", service.Done, u.detail.user)
	}
	screentest.Says(t, u.bar.String(), "on its way to ines@example.net")
}

// By the keyboard alone: the button has the keyboard, Space presses it, Tab leads on.
func TestInvite_byTheKeyboard(t *testing.T) {
	u, w := testUsers(t, screentest.NewEnv(t), screentest.NewStaff())
	w.Canvas().Focus(screentest.Widget(t, w, "users.invite").(fyne.Focusable))
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.Canvas().FocusNext()
	test.Type(w.Canvas().Focused(), "Inês")
	w.Canvas().FocusNext()
	test.Type(w.Canvas().Focused(), "Costa")
	w.Canvas().FocusNext()
	test.Type(w.Canvas().Focused(), "ines@example.net")
	if f := u.detail.invite; f.profile.person.First.Text != "Inês" || f.profile.person.Family.Text != "Costa" || f.form.Text("email") != "ines@example.net" {
		t.Errorf("typed %q %q %q", f.profile.person.First.Text, f.profile.person.Family.Text, f.form.Text("email"))
	}
}
