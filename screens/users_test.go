package screens

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/client"
	"plenary/screens/parts"
)

func testUsers(t *testing.T, e Env, office *knownStaff) (*Users, fyne.Window) {
	t.Helper()
	u := NewUsers(e, office, office.prove, adminAccount, UsersEvents{})
	t.Cleanup(u.Close)
	return u, show(t, u.Content(), 1100, 740)
}

// actOf is what one can do that is of a kind.
func actOf(kind string) *userAct {
	return &userActs[slices.IndexFunc(userActs, func(a userAct) bool { return a.kind == kind })]
}

func TestUsers_pictures(t *testing.T) {
	var u *Users
	build := func(e Env) fyne.CanvasObject {
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
	captureFew(t, "users-detail", build, choose(1, func() {}))
	capture(t, "users-long", build, choose(4, func() {}))
	captureFew(t, "users-form", build, choose(1, func() { u.detail.open(actOf(api.KindResetAddress)) }))
	captureFew(t, "users-roles", build, choose(0, func() { u.detail.open(actOf(api.KindRoles)) }))
	captureFew(t, "users-signup", build, choose(5, func() {}))
	captureFew(t, "users-correct", build, choose(5, func() { u.detail.open(actOf(api.KindCorrectEmail)) }))
	captureFew(t, "users-end-signup", build, choose(5, func() { u.detail.open(actOf(api.KindEndSignUp)) }))
	captureFew(t, "users-approvals", build, func(fyne.Window) { u.tabs.Choose(1) })
	captureFew(t, "users-filter", build, func(fyne.Window) { u.list.setFiltering(true) })
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
	if got := said(w, "users.filter.said"); !strings.Contains(got, "Active") || !strings.Contains(got, "Administrator") {
		t.Errorf("the filter is said as %q", got)
	}
	tap(t, w, "users.filter.clear")
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

func TestUsers_aChosenUserHasANarrowWindowWhole(t *testing.T) {
	u, w := testUsers(t, testEnv(t), testStaff())
	tabs := func() bool { return findByID(w, "users.tab.approvals") != nil }
	w.Resize(fyne.NewSize(600, 500))
	settle(w)
	if !tabs() {
		t.Fatal("there are no tabs above the list")
	}
	u.list.list.OnOpened(1)
	settle(w)
	if tabs() || findByID(w, "users.back") == nil {
		t.Error("heading and tabs take the user's place, or there is no way back")
	}
	if !u.Back() {
		t.Error("there is nothing to go back from")
	}
	settle(w)
	if !tabs() {
		t.Error("the tabs stay away")
	}
}
