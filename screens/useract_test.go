package screens

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/screens/parts"
)

// typeReason types a reason into the open form.
func typeReason(t *testing.T, w fyne.Window, reason string) {
	t.Helper()
	test.Type(widgetByID(t, w, "users.form.reason").(fyne.Focusable), reason)
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
			test.Type(widgetByID(t, w, "users.form.email").(fyne.Focusable), "boss@example.org")
		}, "reset-address of u2: boss@example.org Ticket 12", "72 hours"},
		{5, "send-activation", nil, "send-activation of u6: Ticket 12", "on its way"},
		{5, "correct-email", func(t *testing.T, w fyne.Window) {
			widgetByID(t, w, "users.form.email").(*parts.Entry).SetText("new.one@example.net")
		}, "correct-email of u6: new.one@example.net Ticket 12", "has been corrected"},
		{5, "end-sign-up", nil, "end-sign-up of u6: Ticket 12", "has ended"},
		{1, "end-sessions", nil, "end-sessions of u2: Ticket 12", "have ended"},
		{0, "remove-second-factor", nil, "remove-second-factor of u1: Ticket 12", "has been removed"},
		{0, "deactivate", nil, "deactivate of u1: Ticket 12", "has been deactivated"},
		{
			0, "roles", func(t *testing.T, w fyne.Window) { tap(t, w, "users.form.role.administrator") },
			"roles of u1: participant meeting-manager administrator Ticket 12", "have been changed",
		},
	} {
		t.Run(c.act, func(t *testing.T) {
			office := testStaff()
			u, w := testUsers(t, testEnv(t), office)
			u.list.choose(c.user)
			tap(t, w, "users.act."+c.act)
			if c.fill != nil {
				c.fill(t, w)
			}
			tap(t, w, "users.form.submit")
			if len(office.done) != 0 || u.detail.form == nil || u.detail.form.reasonField.Error() == "" {
				t.Fatalf("without a reason: done %q, and nothing said at the field", office.done)
			}
			typeReason(t, w, "Ticket 12")
			tap(t, w, "users.form.submit")
			if !slices.Equal(office.done, []string{c.done}) {
				t.Fatalf("done %q, want %q", office.done, c.done)
			}
			says(t, u.bar.String(), c.says)
			if u.detail.form != nil {
				t.Error("the form is still there")
			}
		})
	}
}

func TestUsers_stopsAResetAddressWithoutAReason(t *testing.T) {
	office := testStaff()
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(1)
	tap(t, w, "users.act.remove-reset-address")
	tap(t, w, "users.form.submit")
	if !slices.Equal(office.done, []string{"remove-reset-address of u2: "}) {
		t.Errorf("done %q", office.done)
	}
}

// An address that is corrected begins as what it is, and has to become another one that
// nobody has.
func TestUsers_correctsTheAddressOfASignUp(t *testing.T) {
	office := testStaff()
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(5)
	tap(t, w, "users.act.correct-email")
	f := u.detail.form
	if f.email.Text != "new.one@example.org" || f.touched() {
		t.Fatalf("begins with %q, touched %v", f.email.Text, f.touched())
	}
	typeReason(t, w, "Ticket 12")
	tap(t, w, "users.form.submit")
	if len(office.done) != 0 || f.emailField.Error() != u.env.T("users.wrong.email-same") {
		t.Errorf("the same address: done %q, says %q", office.done, f.emailField.Error())
	}
	office.changeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/email", Code: api.FieldTaken}}}
	f.email.SetText("elena.garcia@example.org")
	tap(t, w, "users.form.submit")
	if f.emailField.Error() != u.env.T("users.wrong.email-taken") || u.detail.form != f {
		t.Errorf("somebody's address: says %q", f.emailField.Error())
	}
}

// After the end of a sign-up nothing is asked about it any more: the list is shown anew,
// and the search has the keyboard.
func TestUsers_leavesASignUpThatHasEnded(t *testing.T) {
	office := testStaff()
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(5)
	tap(t, w, "users.act.end-sign-up")
	typeReason(t, w, "Ticket 12")
	office.users = slices.DeleteFunc(office.users, func(u api.User) bool { return u.ID == "u6" })
	tap(t, w, "users.form.submit")
	if u.detail.summary.ID != "" || u.detail.err != nil || findByID(w, "users.row.u6") != nil {
		t.Errorf("still shown: %+v, %v", u.detail.summary, u.detail.err)
	}
	if w.Canvas().Focused() != u.First() {
		t.Errorf("the keyboard is at %v", w.Canvas().Focused())
	}
	says(t, u.bar.String(), "has ended")
}

// All of it by the keyboard alone: Tab leads from one to the next, Space presses.
func TestUsers_correctsAnAddressByTheKeyboard(t *testing.T) {
	office := testStaff()
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(5)
	w.Canvas().Focus(widgetByID(t, w, "users.act.correct-email").(fyne.Focusable))
	key := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	key(fyne.KeySpace)
	if w.Canvas().Focused() != u.detail.form.email {
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
	if want := []string{"correct-email of u6: new.one@example.net Ticket 12"}; !slices.Equal(office.done, want) {
		t.Errorf("done %q, want %q", office.done, want)
	}
}

func TestUsers_doubleClickActsOnce(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	office := testStaff()
	u, w := testUsers(t, e, office)
	steps.All()
	u.list.choose(1)
	steps.All()
	tap(t, w, "users.act.activate")
	typeReason(t, w, "Ticket 12")
	tap(t, w, "users.form.submit")
	u.detail.form.submitted()
	steps.All()
	if len(office.done) != 1 {
		t.Errorf("done %q, want one activation", office.done)
	}
}

func TestUsers_saysThatASecondAdministratorIsNeeded(t *testing.T) {
	office := testStaff()
	office.waiting = true
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(0)
	tap(t, w, "users.act.roles")
	typeReason(t, w, "Takes over")
	tap(t, w, "users.form.submit")
	says(t, u.bar.String(), "second administrator", "Nothing has been changed", "Astrid Lindgren")
}

func TestUsers_asksForAProofAndGoesOn(t *testing.T) {
	office := testStaff()
	office.unproved = true
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(1)
	tap(t, w, "users.act.activate")
	typeReason(t, w, "Ticket 12")
	tap(t, w, "users.form.submit")
	if !u.prover.Asking() || len(office.done) != 0 {
		t.Fatal("nobody asked for the password")
	}
	u.Back() // changes their mind
	if u.prover.Asking() || u.detail.form == nil || u.detail.form.reason.Text != "Ticket 12" || u.bar.String() != "" {
		t.Fatalf("after Escape: asking %v, form %v, bar %q", u.prover.Asking(), u.detail.form, u.bar.String())
	}
	tap(t, w, "users.form.submit")
	test.Type(widgetByID(t, w, "users.proof.password").(fyne.Focusable), "Right-password-1")
	tap(t, w, "users.proof.submit")
	if !slices.Equal(office.done, []string{"activate of u2: Ticket 12"}) {
		t.Errorf("done %q, want the activation once the password was confirmed", office.done)
	}
}

func TestUsers_refusedFieldsAreSaidAtTheField(t *testing.T) {
	office := testStaff()
	office.changeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/email", Code: api.FieldInvalid}}}
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(1)
	tap(t, w, "users.act.reset-address")
	test.Type(widgetByID(t, w, "users.form.email").(fyne.Focusable), "boss@example.org")
	typeReason(t, w, "Ticket 12")
	tap(t, w, "users.form.submit")
	if u.detail.form == nil || u.detail.form.emailField.Error() == "" || u.detail.form.email.Text != "boss@example.org" {
		t.Fatal("the refusal is not said at the address, or what was typed is gone")
	}
	office.changeErr = &api.Problem{Code: api.CodeLastAdministrator, Reference: "3F7K"}
	tap(t, w, "users.form.submit")
	if u.detail.form.bar.String() == "" {
		t.Error("a refusal that is about no field is said nowhere")
	}
}

func TestUsers_offersWhatMakesSenseInEachState(t *testing.T) {
	for row, want := range [][]string{
		{"reset-address", "roles", "remove-second-factor", "deactivate"},                             // active
		{"activate", "reset-address", "remove-reset-address", "roles", "end-sessions", "deactivate"}, // locked
		{"reset-address", "roles", "deactivate"},                                                     // active
		{"reset-address", "roles", "deactivate"},                                                     // without a password
		{"activate", "reset-address", "roles"},                                                       // deactivated by staff
		{"send-activation", "correct-email", "end-sign-up"},                                          // a sign-up
		{},                                       // the administrator's own
		{"reset-address", "roles", "deactivate"}, // to be deleted
	} {
		u, w := testUsers(t, testEnv(t), testStaff())
		u.list.choose(row)
		settle(w)
		got := []string{}
		for _, a := range userActs {
			if findByID(w, "users.act."+a.kind) != nil {
				got = append(got, a.kind)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: offered are %v, want %v", u.detail.summary.Username, got, want)
		}
	}
}

func TestUsers_anActGoesOnWhileAnotherUserIsLookedAt(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	office := testStaff()
	u, w := testUsers(t, e, office)
	steps.All()
	u.list.choose(1)
	steps.All()
	tap(t, w, "users.act.activate")
	typeReason(t, w, "Ticket 12")
	tap(t, w, "users.form.submit")
	u.list.choose(2)
	steps.All()
	if !slices.Equal(office.done, []string{"activate of u2: Ticket 12"}) || u.detail.user == nil || u.detail.user.ID != "u3" {
		t.Errorf("done %q, shown is %+v", office.done, u.detail.user)
	}
	says(t, u.bar.String(), "Elena García has been activated")
}

func TestUsers_whatWasTypedForAUserStaysWhileAnotherIsLookedAt(t *testing.T) {
	office := testStaff()
	u, w := testUsers(t, testEnv(t), office)
	u.list.choose(1)
	tap(t, w, "users.act.reset-address")
	test.Type(widgetByID(t, w, "users.form.email").(fyne.Focusable), "boss@example.org")
	u.list.choose(0)
	if u.detail.form != nil {
		t.Fatal("the form of one user stands under the name of another")
	}
	u.list.choose(1)
	typeReason(t, w, "Ticket 12")
	tap(t, w, "users.form.submit")
	if want := []string{"reset-address of u2: boss@example.org Ticket 12"}; !slices.Equal(office.done, want) {
		t.Fatalf("done %q, want %q", office.done, want)
	}
	u.list.choose(0)
	u.list.choose(1)
	if u.detail.form != nil {
		t.Error("the form comes back although it is done")
	}
}
