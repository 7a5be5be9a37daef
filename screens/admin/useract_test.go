package admin

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// typeReason types a reason into the open form.
func typeReason(t *testing.T, w fyne.Window, reason string) {
	t.Helper()
	test.Type(screentest.Widget(t, w, "users.form.reason").(fyne.Focusable), reason)
}

func TestUsers_actsAskForAReasonAndAreDoneOnce(t *testing.T) {
	for _, c := range []struct {
		user int
		act  string
		fill func(t *testing.T, w fyne.Window)
		done string
		says string
	}{
		{1, "activate", nil, "activate of u2: Ticket 12", "Elena García has been activated"},
		{1, "reset-address", func(t *testing.T, w fyne.Window) {
			test.Type(screentest.Widget(t, w, "users.form.email").(fyne.Focusable), "boss@example.org")
		}, "reset-address of u2: boss@example.org Ticket 12", "72 hours"},
		{5, "send-activation", nil, "send-activation of u6: Ticket 12", "on its way"},
		{5, "correct-email", func(t *testing.T, w fyne.Window) {
			screentest.Widget(t, w, "users.form.email").(*parts.Entry).SetText("new.one@example.net")
		}, "correct-email of u6: new.one@example.net Ticket 12", "has been corrected"},
		{5, "end-sign-up", nil, "end-sign-up of u6: Ticket 12", "has ended"},
		{1, "end-sessions", nil, "end-sessions of u2: Ticket 12", "have ended"},
		{0, "remove-second-factor", nil, "remove-second-factor of u1: Ticket 12", "has been removed"},
		{0, "deactivate", nil, "deactivate of u1: Ticket 12", "has been deactivated"},
		{
			0, "roles", func(t *testing.T, w fyne.Window) { screentest.Tap(t, w, "users.form.role.administrator") },
			"roles of u1: participant meeting-manager administrator Ticket 12", "have been changed",
		},
	} {
		t.Run(c.act, func(t *testing.T) {
			service := screentest.NewStaff()
			u, w := testUsers(t, screentest.NewEnv(t), service)
			u.list.Choose(c.user)
			screentest.Tap(t, w, "users.act."+c.act)
			if c.fill != nil {
				c.fill(t, w)
			}
			screentest.Tap(t, w, "users.form.submit")
			if len(service.Done) != 0 || u.detail.form == nil || u.detail.form.form.Field("reason").Error() == "" {
				t.Fatalf("without a reason: done %q, and nothing said at the field", service.Done)
			}
			typeReason(t, w, "Ticket 12")
			screentest.Tap(t, w, "users.form.submit")
			if !slices.Equal(service.Done, []string{c.done}) {
				t.Fatalf("done %q, want %q", service.Done, c.done)
			}
			screentest.Says(t, u.bar.String(), c.says)
			if u.detail.form != nil {
				t.Error("the form is still there")
			}
		})
	}
}

func TestUsers_stopsAResetAddressWithoutAReason(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(1)
	screentest.Tap(t, w, "users.act.remove-reset-address")
	screentest.Tap(t, w, "users.form.submit")
	if !slices.Equal(service.Done, []string{"remove-reset-address of u2: "}) {
		t.Errorf("done %q", service.Done)
	}
}

// An address that is corrected begins as what it is, and has to become another one that
// nobody has.
func TestUsers_correctsTheAddressOfASignUp(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(5)
	screentest.Tap(t, w, "users.act.correct-email")
	f := u.detail.form
	if f.form.Text("email") != "new.one@example.org" || f.touched() {
		t.Fatalf("begins with %q, touched %v", f.form.Text("email"), f.touched())
	}
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	if len(service.Done) != 0 || f.form.Field("email").Error() != u.env.T("users.wrong.email-same") {
		t.Errorf("the same address: done %q, says %q", service.Done, f.form.Field("email").Error())
	}
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/email", Code: api.FieldTaken}}}
	f.form.Set("email", "elena.garcia@example.org")
	screentest.Tap(t, w, "users.form.submit")
	if f.form.Field("email").Error() != u.env.T("users.wrong.email-taken") || u.detail.form != f {
		t.Errorf("somebody's address: says %q", f.form.Field("email").Error())
	}
}

// After the end of a sign-up nothing is asked about it any more: the list is shown anew,
// and the search has the keyboard.
func TestUsers_leavesASignUpThatHasEnded(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(5)
	screentest.Tap(t, w, "users.act.end-sign-up")
	typeReason(t, w, "Ticket 12")
	service.People = slices.DeleteFunc(service.People, func(u api.User) bool { return u.ID == "u6" })
	screentest.Tap(t, w, "users.form.submit")
	if u.detail.summary.ID != "" || u.detail.err != nil || screentest.Find(w, "users.row.u6") != nil {
		t.Errorf("still shown: %+v, %v", u.detail.summary, u.detail.err)
	}
	if w.Canvas().Focused() != u.First() {
		t.Errorf("the keyboard is at %v", w.Canvas().Focused())
	}
	screentest.Says(t, u.bar.String(), "has ended")
}

// All of it by the keyboard alone: Tab leads from one to the next, Space presses.
func TestUsers_correctsAnAddressByTheKeyboard(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(5)
	w.Canvas().Focus(screentest.Widget(t, w, "users.act.correct-email").(fyne.Focusable))
	key := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	key(fyne.KeySpace)
	if w.Canvas().Focused() != fyne.Focusable(u.detail.form.form.Entry("email")) {
		t.Fatalf("the keyboard is at %v", w.Canvas().Focused())
	}
	key(fyne.KeyEnd)
	for range "org" {
		key(fyne.KeyBackspace)
	}
	test.Type(w.Canvas().Focused(), "net")
	w.Canvas().FocusNext()
	test.Type(w.Canvas().Focused(), "Ticket 12")
	w.Canvas().FocusNext()
	key(fyne.KeySpace)
	if want := []string{"correct-email of u6: new.one@example.net Ticket 12"}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
}

func TestUsers_doubleClickActsOnce(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewStaff()
	u, w := testUsers(t, e, service)
	steps.All()
	u.list.Choose(1)
	steps.All()
	screentest.Tap(t, w, "users.act.activate")
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	u.detail.form.submitted()
	steps.All()
	if len(service.Done) != 1 {
		t.Errorf("done %q, want one activation", service.Done)
	}
}

func TestUsers_saysThatASecondAdministratorIsNeeded(t *testing.T) {
	service := screentest.NewStaff()
	service.Waiting = true
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(0)
	screentest.Tap(t, w, "users.act.roles")
	typeReason(t, w, "Takes over")
	screentest.Tap(t, w, "users.form.submit")
	screentest.Says(t, u.bar.String(), "second administrator", "Nothing has been changed", "Astrid Lindgren")
}

func TestUsers_asksForAProofAndGoesOn(t *testing.T) {
	service := screentest.NewStaff()
	service.Unproved = true
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(1)
	screentest.Tap(t, w, "users.act.activate")
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	if !u.prover.Asking() || len(service.Done) != 0 {
		t.Fatal("nobody asked for the password")
	}
	u.Back() // changes their mind
	if u.prover.Asking() || u.detail.form == nil || u.detail.form.form.Text("reason") != "Ticket 12" || u.bar.String() != "" {
		t.Fatalf("after Escape: asking %v, form %v, bar %q", u.prover.Asking(), u.detail.form, u.bar.String())
	}
	screentest.Tap(t, w, "users.form.submit")
	test.Type(screentest.Widget(t, w, "users.proof.password").(fyne.Focusable), "Right-password-1")
	screentest.Tap(t, w, "users.proof.submit")
	if !slices.Equal(service.Done, []string{"activate of u2: Ticket 12"}) {
		t.Errorf("done %q, want the activation once the password was confirmed", service.Done)
	}
}

func TestUsers_refusedFieldsAreSaidAtTheField(t *testing.T) {
	service := screentest.NewStaff()
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/email", Code: api.FieldInvalid}}}
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(1)
	screentest.Tap(t, w, "users.act.reset-address")
	test.Type(screentest.Widget(t, w, "users.form.email").(fyne.Focusable), "boss@example.org")
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	if u.detail.form == nil || u.detail.form.form.Field("email").Error() == "" || u.detail.form.form.Text("email") != "boss@example.org" {
		t.Fatal("the refusal is not said at the address, or what was typed is gone")
	}
	service.ChangeErr = &api.Problem{Code: api.CodeLastAdministrator, Reference: "3F7K"}
	screentest.Tap(t, w, "users.form.submit")
	if u.detail.form.bar.String() == "" {
		t.Error("a refusal that is about no field is said nowhere")
	}
}

func TestUsers_offersWhatMakesSenseInEachState(t *testing.T) {
	for row, want := range [][]string{
		{"correct-profile", "reset-address", "roles", "remove-second-factor", "deactivate"},                             // active
		{"activate", "correct-profile", "reset-address", "remove-reset-address", "roles", "end-sessions", "deactivate"}, // locked
		{"correct-profile", "reset-address", "roles", "deactivate"},                                                     // active
		{"correct-profile", "reset-address", "roles", "deactivate"},                                                     // without a password
		{"activate", "correct-profile", "reset-address", "roles"},                                                       // deactivated by staff
		{"send-activation", "correct-email", "end-sign-up"},                                                             // a sign-up
		{}, // the administrator's own
		{"send-activation", "correct-email", "end-sign-up"},         // invited
		{"correct-profile", "reset-address", "roles", "deactivate"}, // to be deleted
	} {
		u, w := testUsers(t, screentest.NewEnv(t), screentest.NewStaff())
		u.list.Choose(row)
		screentest.Settle(w)
		got := []string{}
		for _, a := range userActs {
			if screentest.Find(w, "users.act."+a.kind) != nil {
				got = append(got, a.kind)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: offered are %v, want %v", u.detail.summary.Username, got, want)
		}
	}
}

func TestUsers_anActGoesOnWhileAnotherUserIsLookedAt(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewStaff()
	u, w := testUsers(t, e, service)
	steps.All()
	u.list.Choose(1)
	steps.All()
	screentest.Tap(t, w, "users.act.activate")
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	u.list.Choose(2)
	steps.All()
	if !slices.Equal(service.Done, []string{"activate of u2: Ticket 12"}) || u.detail.user == nil || u.detail.user.ID != "u3" {
		t.Errorf("done %q, shown is %+v", service.Done, u.detail.user)
	}
	screentest.Says(t, u.bar.String(), "Elena García has been activated")
}

// The form is closed while the act is under way: what is shown then is the user as it is
// after it.
func TestUsers_anActGoesOnWhileItsFormIsClosed(t *testing.T) {
	e, steps, service := screentest.NewEnv(t), &screentest.Stepped{}, screentest.NewStaff()
	e.Run = steps
	u, w := testUsers(t, e, service)
	steps.All()
	u.list.Choose(1)
	steps.All()
	screentest.Tap(t, w, "users.act.activate")
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	screentest.Tap(t, w, "users.form.cancel")
	service.People[1].State = api.UserActive // once it has been done
	steps.All()
	if len(service.Done) != 1 || u.detail.user.State != api.UserActive || screentest.Find(w, "users.act.activate") != nil {
		t.Errorf("done %q, shown is %s", service.Done, u.detail.user.State)
	}
}

func TestUsers_whatWasTypedForAUserStaysWhileAnotherIsLookedAt(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(1)
	screentest.Tap(t, w, "users.act.reset-address")
	test.Type(screentest.Widget(t, w, "users.form.email").(fyne.Focusable), "boss@example.org")
	u.list.Choose(0)
	if u.detail.form != nil {
		t.Fatal("the form of one user stands under the name of another")
	}
	u.list.Choose(1)
	typeReason(t, w, "Ticket 12")
	screentest.Tap(t, w, "users.form.submit")
	if want := []string{"reset-address of u2: boss@example.org Ticket 12"}; !slices.Equal(service.Done, want) {
		t.Fatalf("done %q, want %q", service.Done, want)
	}
	u.list.Choose(0)
	u.list.Choose(1)
	if u.detail.form != nil {
		t.Error("the form comes back although it is done")
	}
}

func TestUsers_rolesThatWereTickedStayToo(t *testing.T) {
	u, w := testUsers(t, screentest.NewEnv(t), screentest.NewStaff())
	u.list.Choose(1)
	screentest.Tap(t, w, "users.act.roles")
	if len(u.Unsaved()) != 0 {
		t.Fatalf("unsaved: %q", u.Unsaved())
	}
	u.detail.form.roles[0].SetChecked(!u.detail.form.roles[0].had)
	u.list.Choose(0)
	if len(u.Unsaved()) != 1 {
		t.Error("it is forgotten while another user is looked at")
	}
	u.list.Choose(1)
	if f := u.detail.form; f == nil || f.roles[0].Checked() == f.roles[0].had {
		t.Error("the tick is gone")
	}
}

// What is done for somebody who was invited has words of its own.
func TestUsers_sendsAnInvitationAgainOrWithdrawsIt(t *testing.T) {
	for act, want := range map[string]string{
		"send-activation": "invitation is on its way to Inês Costa again", "correct-email": "The invitation is on its way there",
		"end-sign-up": "invitation of Inês Costa has been withdrawn",
	} {
		service := screentest.NewStaff()
		u, w := testUsers(t, screentest.NewEnv(t), service)
		u.list.Choose(7)
		screentest.Tap(t, w, "users.act."+act)
		if act == "correct-email" {
			u.detail.form.form.Set("email", "inez@example.org")
		}
		typeReason(t, w, "Ticket 12")
		screentest.Tap(t, w, "users.form.submit")
		if len(service.Done) != 1 {
			t.Fatalf("%s: done %q", act, service.Done)
		}
		screentest.Says(t, u.bar.String(), want)
	}
}
