package screens

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/client"
	"plenary/screens/parts"
)

func testUsers(t *testing.T, e Env, office *knownStaff) (*Users, fyne.Window) {
	t.Helper()
	e.Explain = explainForTests
	u := NewUsers(e, office, office.prove, adminAccount, UsersEvents{})
	t.Cleanup(u.Close)
	return u, show(t, u.Content(), 1100, 740)
}

func TestUsers_pictures(t *testing.T) {
	var u *Users
	build := func(e Env) fyne.CanvasObject {
		e.Explain = explainForTests
		u = NewUsers(e, testStaff(), testStaff().prove, adminAccount, UsersEvents{})
		t.Cleanup(u.Close)
		return u.Content()
	}
	choose := func(row int, then func()) func(fyne.Window) {
		return func(w fyne.Window) {
			settle(w)
			u.list.list.Choose(row)
			u.list.choose(row)
			u.panes.ShowDetail(true)
			then()
		}
	}
	captureFew(t, "users", build)
	captureFew(t, "users-detail", build, choose(1, func() {}))
	capture(t, "users-long", build, choose(4, func() {}))
	capture(t, "users-form", build, choose(1, func() { u.detail.open(&userActs[2]) }))
	captureFew(t, "users-roles", build, choose(0, func() { u.detail.open(&userActs[4]) }))
	captureFew(t, "users-approvals", build, func(fyne.Window) { u.tabs.Choose(1) })
	captureFew(t, "users-filter", build, func(fyne.Window) { u.list.setFiltering(true) })
}

// typeReason types a reason into the open form.
func typeReason(t *testing.T, w fyne.Window, reason string) {
	t.Helper()
	test.Type(widgetByID(t, w, "users.form.reason").(fyne.Focusable), reason)
}

func TestUsers_searchesForWhatWasTypedLastOnly(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	office := testStaff()
	u, _ := testUsers(t, e, office)
	steps.All()
	office.asked = nil
	u.list.search.SetText("e")
	u.list.search.SetText("elena")
	steps.All()
	if len(office.asked) != 1 || office.asked[0].Query != "elena" {
		t.Fatalf("asked for %v, want elena only", office.asked)
	}
	if len(u.listing.rows) != 1 || u.listing.rows[0].Username != "elena.garcia" {
		t.Errorf("shows %v", u.listing.rows)
	}
}

func TestUsers_dropsAnAnswerToAnEarlierSearch(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	office := testStaff()
	u, _ := testUsers(t, e, office)
	steps.All()
	u.list.search.SetText("elena")
	for len(office.asked) < 2 { // until the service has been asked; its answer is under way
		if !steps.Step() {
			t.Fatal("the service was not asked")
		}
	}
	u.list.search.SetText("layla")
	steps.All()
	if len(u.listing.rows) != 1 || u.listing.rows[0].Username != "layla" {
		t.Errorf("shows %v, want the answer to the last search", u.listing.rows)
	}
}

func TestUsers_enterActsOnAChosenRowOnly(t *testing.T) {
	e := testEnv(t)
	u, w := testUsers(t, e, testStaff())
	w.Resize(fyne.NewSize(620, 500)) // one pane replaces the other
	settle(w)
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}
	u.list.search.TypedKey(enter)
	if u.panes.DetailShown() || u.detail.summary.ID != "" {
		t.Fatal("Enter opened somebody who was not chosen")
	}
	u.list.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	u.list.search.TypedKey(enter)
	if !u.panes.DetailShown() || u.detail.summary.ID != "u1" {
		t.Errorf("Enter did not open the chosen row, but %q", u.detail.summary.ID)
	}
}

func TestUsers_enterWaitsForTheAnswerToTheSearch(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	u, w := testUsers(t, e, testStaff())
	steps.All()
	w.Resize(fyne.NewSize(620, 500))
	settle(w)
	u.list.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	u.list.search.SetText("layla")
	u.list.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if u.panes.DetailShown() {
		t.Error("Enter opened a row of another search")
	}
}

func TestUsers_showsMoreOnceForEachAnswer(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	office := &knownStaff{}
	for i := range 120 {
		office.users = append(office.users, api.User{UserSummary: summary(fmt.Sprint("u", i), fmt.Sprintf("user%03d", i), "", "", "", api.UserActive)})
	}
	u, w := testUsers(t, e, office)
	steps.All()
	tap(t, w, "users.more")
	tap(t, w, "users.more") // a double click
	steps.All()
	if got := len(u.listing.rows); got != 100 {
		t.Fatalf("%d rows after the second page, want 100", got)
	}
	tap(t, w, "users.more")
	steps.All()
	if got := len(u.listing.rows); got != 120 || findByID(w, "users.more") != nil {
		t.Errorf("%d rows at the end, want 120 and nothing more to show", got)
	}
}

func TestUsers_filterByStateAndRole(t *testing.T) {
	office := testStaff()
	u, w := testUsers(t, testEnv(t), office)
	tap(t, w, "users.filter")
	tap(t, w, "users.filter.state.active")
	tap(t, w, "users.filter.role.administrator")
	if f := office.asked[len(office.asked)-1]; f.State != api.UserActive || f.Role != api.RoleAdministrator {
		t.Fatalf("asked for %+v", f)
	}
	if got := u.list.summary.String(); !strings.Contains(got, "Active") || !strings.Contains(got, "Administrator") {
		t.Errorf("the filter is said as %q", got)
	}
	u.list.clear()
	if len(u.listing.rows) != len(office.users) {
		t.Errorf("%d rows without a filter, want all", len(u.listing.rows))
	}
}

func TestUsers_showsTheUserThatWasChosenLast(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	u, w := testUsers(t, e, testStaff())
	steps.All()
	u.list.choose(0)
	steps.Step() // the pause after the choice
	u.list.choose(1)
	steps.All()
	if u.detail.user == nil || u.detail.user.ID != "u2" {
		t.Fatalf("shows %+v, want the last one", u.detail.user)
	}
	if got := widgetByID(t, w, "users.detail.name").(*parts.Text).String(); got != "Elena García" {
		t.Errorf("the detail is about %q", got)
	}
}

func TestUsers_actsAskForAReasonAndAreDoneOnce(t *testing.T) {
	for _, c := range []struct {
		user int
		act  string
		fill func(t *testing.T, w fyne.Window)
		done string
		says string
	}{
		{1, "activate", nil, "activate u2: Ticket 12", "Elena García has been activated"},
		{1, "reset-address", func(t *testing.T, w fyne.Window) {
			test.Type(widgetByID(t, w, "users.form.email").(fyne.Focusable), "boss@example.org")
		}, "reset address of u2 is boss@example.org: Ticket 12", "72 hours"},
		{1, "end-sessions", nil, "end sessions of u2: Ticket 12", "have ended"},
		{0, "remove-second-factor", nil, "remove second factor of u1: Ticket 12", "has been removed"},
		{0, "deactivate", nil, "deactivate u1: Ticket 12", "has been deactivated"},
		{0, "roles", func(t *testing.T, w fyne.Window) { tap(t, w, "users.form.role.administrator") },
			"roles of u1 are participant meeting-manager administrator: Ticket 12", "have been changed"},
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
	tap(t, w, "users.act.stop-reset-address")
	tap(t, w, "users.form.submit")
	if !slices.Equal(office.done, []string{"stop reset address of u2"}) {
		t.Errorf("done %q", office.done)
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
	if !slices.Equal(office.done, []string{"activate u2: Ticket 12"}) {
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
		{"reset-address", "roles", "remove-second-factor", "deactivate"},                           // active
		{"activate", "reset-address", "stop-reset-address", "roles", "end-sessions", "deactivate"}, // locked
		{"reset-address", "roles", "deactivate"},                                                   // active
		{"reset-address", "roles", "deactivate"},                                                   // without a password
		{"activate", "reset-address", "roles"},                                                     // deactivated by staff
		{"send-activation"},                                                                        // a sign-up
		{},                                                                                         // the administrator's own
		{"reset-address", "roles", "deactivate"},                                                   // to be deleted
	} {
		u, w := testUsers(t, testEnv(t), testStaff())
		u.list.choose(row)
		settle(w)
		got := []string{}
		for _, a := range userActs {
			if findByID(w, "users.act."+a.key) != nil {
				got = append(got, a.key)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: offered are %v, want %v", u.detail.summary.Username, got, want)
		}
	}
}

func TestUsers_withoutNetworkSaysSoAndComesBack(t *testing.T) {
	office := testStaff()
	office.err = client.ErrUnreachable
	u, w := testUsers(t, testEnv(t), office)
	says(t, u.bar.String(), "cannot be reached")
	if findByID(w, "users.bar.action") == nil {
		t.Error("there is no way to try again")
	}
	u.SetOnline(false)
	if len(office.asked) != 1 {
		t.Errorf("asked %d times while there is no network", len(office.asked))
	}
	office.err = nil
	u.SetOnline(true)
	if u.bar.String() != "" || len(u.listing.rows) != len(office.users) || len(u.approvals.list) != 2 {
		t.Errorf("after the network came back: %q, %d users, %d approvals", u.bar.String(), len(u.listing.rows), len(u.approvals.list))
	}
}

func TestUsers_detailThatDoesNotComeCanBeAskedForAgain(t *testing.T) {
	office := testStaff()
	u, w := testUsers(t, testEnv(t), office)
	office.err = client.ErrTimeout
	u.list.choose(1)
	office.err = nil
	tap(t, w, "users.detail.bar.action")
	if u.detail.user == nil || u.detail.user.ID != "u2" {
		t.Error("the user is not shown after another try")
	}
}

func TestUsers_nothingComesAfterTheScreenWasLeft(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	u, _ := testUsers(t, e, testStaff())
	u.Close()
	steps.All()
	if len(u.listing.rows) != 0 {
		t.Error("an answer changed a screen that is gone")
	}
}

func TestApprovals_areDecidedByAnotherAdministratorOnly(t *testing.T) {
	office := testStaff()
	waiting := -1
	e := testEnv(t)
	e.Explain = explainForTests
	u := NewUsers(e, office, office.prove, adminAccount, UsersEvents{Waiting: func(n int) { waiting = n }})
	t.Cleanup(u.Close)
	w := show(t, u.Content(), 1100, 740)
	if waiting != 1 {
		t.Errorf("told that %d wait, want the one of the other administrator", waiting)
	}
	tap(t, w, "users.tab.approvals")
	if findByID(w, "users.approval.approve.a2") != nil || findByID(w, "users.approval.withdraw.a1") != nil {
		t.Error("one's own can be approved, or another's withdrawn")
	}
	tap(t, w, "users.approval.refuse.a1")
	if len(office.done) != 0 || u.bar.String() == "" {
		t.Fatalf("refused without a reason: %q", office.done)
	}
	test.Type(widgetByID(t, w, "users.approval.reason.a1").(fyne.Focusable), "Not agreed")
	tap(t, w, "users.approval.refuse.a1")
	tap(t, w, "users.approval.withdraw.a2")
	if want := []string{"decide a1: false Not agreed", "decide a2: false "}; !slices.Equal(office.done, want) {
		t.Errorf("done %q, want %q", office.done, want)
	}
	if waiting != 0 || len(u.approvals.list) != 0 {
		t.Errorf("%d wait, %d are listed, want none", waiting, len(u.approvals.list))
	}
}

func TestApprovals_approvingAsksAndNamesWhatHappens(t *testing.T) {
	office := testStaff()
	_, w := testUsers(t, testEnv(t), office)
	tap(t, w, "users.tab.approvals")
	tap(t, w, "users.approval.approve.a1")
	if len(office.done) != 0 {
		t.Fatal("approved without a question")
	}
	tap(t, w, "users.approval.yes")
	if !slices.Equal(office.done, []string{"decide a1: true "}) {
		t.Errorf("done %q", office.done)
	}
}

func TestShell_administratorsHaveTheirPlaces(t *testing.T) {
	for _, c := range []struct {
		roles []string
		want  bool
	}{
		{[]string{api.RoleParticipant}, false},
		{[]string{api.RoleParticipant, api.RoleMeetingManager}, false},
		{[]string{api.RoleParticipant, api.RoleAdministrator}, true},
	} {
		office := testManagement()
		p := testWindow(t, testEnv(t), withStaff(office, c.roles...))
		settle(p.window)
		for _, id := range []parts.ID{navUsers, navManagement, navPolicies, navAudit} {
			if got := findByID(p.window, string(id)) != nil; got != c.want {
				t.Errorf("%v: %s in the navigation: %v, want %v", c.roles, id, got, c.want)
			}
		}
		for _, name := range []string{routeUsers, routeManagement, routePolicies, routeAudit} {
			p.shell.goTo(route{name: name})
			if _, meetings := p.shell.page.(*Meetings); meetings == c.want {
				t.Errorf("%v: %s leads to %T", c.roles, name, p.shell.page)
			}
		}
	}
}

// withStaff gives a window's services an office, and its person roles.
func withStaff(office *knownManagement, roles ...string) func(*testProgram, *WindowDeps) {
	return func(p *testProgram, deps *WindowDeps) {
		p.session.account.Roles = roles
		open := deps.Open
		deps.Open = func(ctx context.Context, address string) (Services, error) {
			services, err := open(ctx, address)
			services.Staff, services.Directory = office, &fakeDirectory{list: organizations()}
			if services.Self == nil {
				services.Self = &app.Self{}
			}
			return services, err
		}
	}
}
