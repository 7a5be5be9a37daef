package admin

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func testUsers(t *testing.T, e kit.Env, service *screentest.Staff) (*Users, fyne.Window) {
	t.Helper()
	u := NewUsers(e, service, &screentest.Directory{List: screentest.Organizations()}, service.Prove, screentest.Administrator, UsersEvents{})
	t.Cleanup(u.Close)
	return u, screentest.Show(t, u.Content(), 1100, 740)
}

// actOf is what one can do that is of a kind.
func actOf(kind string) *userAct {
	return &userActs[slices.IndexFunc(userActs, func(a userAct) bool { return a.kind == kind })]
}

func TestUsers_pictures(t *testing.T) {
	var u *Users
	build := func(e kit.Env) fyne.CanvasObject {
		u = NewUsers(e, screentest.NewStaff(), &screentest.Directory{List: screentest.Organizations()}, screentest.NewStaff().Prove, screentest.Administrator, UsersEvents{})
		t.Cleanup(u.Close)
		return u.Content()
	}
	choose := func(row int, then func()) func(fyne.Window) {
		return func(w fyne.Window) {
			screentest.Settle(w)
			u.list.List.Choose(row)
			u.list.Choose(row)
			u.panes.ShowDetail(true)
			then()
		}
	}
	screentest.Capture(t, "users-list", build)
	screentest.CaptureFew(t, "users-detail", build, choose(1, func() {}))
	screentest.Capture(t, "users-long", build, choose(4, func() {}))
	screentest.CaptureFew(t, "users-form", build, choose(1, func() { u.detail.open(actOf(api.KindResetAddress)) }))
	screentest.CaptureFew(t, "users-roles", build, choose(0, func() { u.detail.open(actOf(api.KindRoles)) }))
	screentest.CaptureFew(t, "users-profile", build, choose(1, func() { u.detail.open(actOf(api.KindCorrectProfile)) }))
	screentest.Capture(t, "users-invite", build, func(w fyne.Window) {
		screentest.Settle(w)
		u.detail.openInvite()
	})
	screentest.CaptureFew(t, "users-invite-end", build, func(w fyne.Window) {
		screentest.Settle(w)
		u.detail.openInvite()
		screentest.Settle(w)
		parts.IntoView(screentest.Widget(t, w, "users.invite.reason.field"))
	})
	screentest.CaptureFew(t, "users-invited", build, choose(7, func() {}))
	screentest.Capture(t, "users-registrations", build, func(w fyne.Window) {
		choose(1, func() {})(w)
		u.detail.moreRegistrations()
		screentest.Settle(w)
		parts.IntoView(screentest.Widget(t, w, "users.registration.R-2222-3333"))
	})
	screentest.CaptureFew(t, "users-signup", build, choose(5, func() {}))
	screentest.CaptureFew(t, "users-correct", build, choose(5, func() { u.detail.open(actOf(api.KindCorrectEmail)) }))
	screentest.CaptureFew(t, "users-end-signup", build, choose(5, func() { u.detail.open(actOf(api.KindEndSignUp)) }))
	screentest.CaptureFew(t, "users-approvals", build, func(fyne.Window) { u.tabs.Choose(1) })
	screentest.Capture(t, "users-export", build, func(fyne.Window) { u.export.Begin.Tapped(nil) })
	screentest.CaptureFew(t, "users-filter", build, func(fyne.Window) { u.list.SetFiltering(true) })
}

func TestUsers_searchesForWhatWasTypedLastOnly(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewStaff()
	u, _ := testUsers(t, e, service)
	steps.All()
	service.Asked = nil
	u.list.Search.SetText("e")
	u.list.Search.SetText("elena")
	steps.All()
	if len(service.Asked) != 1 || service.Asked[0].Query != "elena" {
		t.Fatalf("asked for %v, want elena only", service.Asked)
	}
	if len(u.listing.Rows) != 1 || u.listing.Rows[0].Username != "elena.garcia" {
		t.Errorf("shows %v", u.listing.Rows)
	}
}

func TestUsers_dropsAnAnswerToAnEarlierSearch(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewStaff()
	u, _ := testUsers(t, e, service)
	steps.All()
	u.list.Search.SetText("elena")
	for len(service.Asked) < 2 { // until the service has been asked; its answer is under way
		if !steps.Step() {
			t.Fatal("the service was not asked")
		}
	}
	u.list.Search.SetText("layla")
	steps.All()
	if len(u.listing.Rows) != 1 || u.listing.Rows[0].Username != "layla" {
		t.Errorf("shows %v, want the answer to the last search", u.listing.Rows)
	}
}

func TestUsers_enterActsOnAChosenRowOnly(t *testing.T) {
	e := screentest.NewEnv(t)
	u, w := testUsers(t, e, screentest.NewStaff())
	w.Resize(fyne.NewSize(620, 500)) // one pane replaces the other
	screentest.Settle(w)
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}
	u.list.Search.TypedKey(enter)
	if u.panes.DetailShown() || u.detail.summary.ID != "" {
		t.Fatal("Enter opened somebody who was not chosen")
	}
	u.list.Search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	u.list.Search.TypedKey(enter)
	if !u.panes.DetailShown() || u.detail.summary.ID != "u1" {
		t.Errorf("Enter did not open the chosen row, but %q", u.detail.summary.ID)
	}
}

func TestUsers_enterWaitsForTheAnswerToTheSearch(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	u, w := testUsers(t, e, screentest.NewStaff())
	steps.All()
	w.Resize(fyne.NewSize(620, 500))
	screentest.Settle(w)
	u.list.Search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	u.list.Search.SetText("layla")
	u.list.Search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if u.panes.DetailShown() {
		t.Error("Enter opened a row of another search")
	}
}

func TestUsers_showsMoreOnceForEachAnswer(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	service := &screentest.Staff{}
	for i := range 120 {
		service.People = append(service.People, api.User{UserSummary: screentest.Summary(fmt.Sprint("u", i), fmt.Sprintf("user%03d", i), "", "", "", api.UserActive)})
	}
	u, w := testUsers(t, e, service)
	steps.All()
	screentest.Tap(t, w, "users.more")
	screentest.Tap(t, w, "users.more") // a double click
	steps.All()
	if got := len(u.listing.Rows); got != 100 {
		t.Fatalf("%d rows after the second page, want 100", got)
	}
	screentest.Tap(t, w, "users.more")
	steps.All()
	if got := len(u.listing.Rows); got != 120 || screentest.Find(w, "users.more") != nil {
		t.Errorf("%d rows at the end, want 120 and nothing more to show", got)
	}
}

func TestUsers_filterByStateAndRole(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "users.filter")
	screentest.Tap(t, w, "users.filter.state.active")
	screentest.Tap(t, w, "users.filter.role.administrator")
	if f := service.Asked[len(service.Asked)-1]; f.State != api.UserActive || f.Role != api.RoleAdministrator {
		t.Fatalf("asked for %+v", f)
	}
	if got := screentest.Said(w, "users.filter.said"); !strings.Contains(got, "Active") || !strings.Contains(got, "Administrator") {
		t.Errorf("the filter is said as %q", got)
	}
	screentest.Tap(t, w, "users.filter.clear")
	if len(u.listing.Rows) != len(service.People) {
		t.Errorf("%d rows without a filter, want all", len(u.listing.Rows))
	}
}

func TestUsers_areSortedOnceAllAreThere(t *testing.T) {
	office := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), office)
	w.Resize(fyne.NewSize(1600, 900))
	screentest.Tap(t, w, "users.column.username")
	places := map[float32]string{}
	for _, p := range office.People {
		places[screentest.Widget(t, w, "users.row."+p.ID).Position().Y] = p.Username
	}
	last := ""
	for _, y := range slices.Sorted(maps.Keys(places)) {
		if places[y] < last {
			t.Errorf("%s stands after %s", places[y], last)
		}
		last = places[y]
	}
	for i := range 120 {
		office.People = append(office.People, api.User{UserSummary: screentest.Summary(fmt.Sprint("more", i), fmt.Sprintf("user%03d", i), "", "", "", api.UserActive)})
	}
	u.listing.Load()
	if head, ok := screentest.Widget(t, w, "users.column.username").(fyne.Disableable); !ok || !head.Disabled() {
		t.Error("a part of the users can be sorted as if it were all")
	}
}

func TestUsers_showsTheUserThatWasChosenLast(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	u, w := testUsers(t, e, screentest.NewStaff())
	steps.All()
	u.list.Choose(0)
	steps.Step() // the pause after the choice
	u.list.Choose(1)
	steps.All()
	if u.detail.user == nil || u.detail.user.ID != "u2" {
		t.Fatalf("shows %+v, want the last one", u.detail.user)
	}
	if got := screentest.Widget(t, w, "users.detail.name").(*parts.Text).String(); got != "Elena García" {
		t.Errorf("the detail is about %q", got)
	}
}

func TestUsers_withoutNetworkSaysSoAndComesBack(t *testing.T) {
	service := screentest.NewStaff()
	service.Err = client.ErrUnreachable
	u, w := testUsers(t, screentest.NewEnv(t), service)
	screentest.Says(t, u.bar.String(), "cannot be reached")
	if screentest.Find(w, "users.bar.action") == nil {
		t.Error("there is no way to try again")
	}
	u.SetOnline(false)
	if len(service.Asked) != 1 {
		t.Errorf("asked %d times while there is no network", len(service.Asked))
	}
	service.Err = nil
	u.SetOnline(true)
	if u.bar.String() != "" || len(u.listing.Rows) != len(service.People) || len(u.approvals.list) != 2 {
		t.Errorf("after the network came back: %q, %d users, %d approvals", u.bar.String(), len(u.listing.Rows), len(u.approvals.list))
	}
}

func TestUsers_detailThatDoesNotComeCanBeAskedForAgain(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	service.Err = client.ErrTimeout
	u.list.Choose(1)
	service.Err = nil
	screentest.Tap(t, w, "users.detail.bar.action")
	if u.detail.user == nil || u.detail.user.ID != "u2" {
		t.Error("the user is not shown after another try")
	}
}

func TestUsers_emailCanBeCopied(t *testing.T) {
	u, w := testUsers(t, screentest.NewEnv(t), screentest.NewStaff())
	u.list.Choose(1)
	screentest.Tap(t, w, "users.email.copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != u.detail.user.Email {
		t.Errorf("%q was copied, want %q", got, u.detail.user.Email)
	}
}

func TestUsers_nothingComesAfterTheScreenWasLeft(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	u, _ := testUsers(t, e, screentest.NewStaff())
	u.Close()
	steps.All()
	if len(u.listing.Rows) != 0 {
		t.Error("an answer changed a screen that is gone")
	}
}

func TestUsers_aChosenUserHasANarrowWindowWhole(t *testing.T) {
	u, w := testUsers(t, screentest.NewEnv(t), screentest.NewStaff())
	tabs := func() bool { return screentest.Find(w, "users.tab.approvals") != nil }
	w.Resize(fyne.NewSize(600, 500))
	screentest.Settle(w)
	if !tabs() {
		t.Fatal("there are no tabs above the list")
	}
	u.list.List.OnOpened(1)
	screentest.Settle(w)
	if tabs() || screentest.Find(w, "users.back") == nil {
		t.Error("heading and tabs take the user's place, or there is no way back")
	}
	if !u.Back() {
		t.Error("there is nothing to go back from")
	}
	screentest.Settle(w)
	if !tabs() {
		t.Error("the tabs stay away")
	}
}

// The formats stand in the place of what leads to them, and the keyboard goes along; whoever
// chooses none is where they were.
func TestUsers_offersFormatsToExportIn(t *testing.T) {
	u, w := testUsers(t, screentest.NewEnv(t), &screentest.Staff{})
	at := func(id parts.ID) {
		t.Helper()
		screentest.Settle(w)
		b, ok := w.Canvas().Focused().(*parts.Button)
		if !ok || b.ID != id {
			t.Errorf("the keyboard is at %v, not %s", w.Canvas().Focused(), id)
		}
	}
	for name, back := range map[string]func(){
		"Escape": func() { u.Back() },
		"Cancel": func() { screentest.Tap(t, w, "users.export.cancel") },
	} {
		parts.Focus(u.export.Begin)
		u.export.Begin.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		at("users.export.xlsx")
		if u.export.Begin.Visible() {
			t.Error("both are there")
		}
		back()
		at("users.export")
		for _, b := range u.export.Buttons() {
			if b.Visible() != (b == u.export.Begin) {
				t.Errorf("%s: %s is there: %v", name, b.ID, b.Visible())
			}
		}
	}
	if u.Back() {
		t.Error("there is something to go back from still")
	}
}

// What search and filter show is written, all of it, and the service notes it before; what
// somebody typed is no formula in it.
func TestUsers_exportsWhatTheFilterShows(t *testing.T) {
	service := &screentest.Staff{}
	for i := range 1200 {
		service.People = append(service.People, api.User{UserSummary: screentest.Summary(fmt.Sprint("u", i), fmt.Sprintf("user%04d", i), "=1+1", "Orange", "FR", api.UserActive)})
	}
	service.People[7].State = api.UserLocked
	u, w := testUsers(t, screentest.NewEnv(t), service)
	dir := t.TempDir()
	u.export.Folder = func() (string, error) { return dir, nil }
	screentest.Tap(t, w, "users.filter")
	screentest.Tap(t, w, "users.filter.state.active")
	screentest.Tap(t, w, "users.export")
	screentest.Tap(t, w, "users.export.csv")
	if want := []api.ExportUsers{{State: api.UserActive}}; !slices.Equal(service.ExportedUsers, want) {
		t.Fatalf("noted %+v", service.ExportedUsers)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || !strings.HasPrefix(files[0].Name(), "Plenary users ") {
		t.Fatalf("files: %v, %v", files, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	lines := strings.Split(strings.TrimSpace(string(text)), "\r\n")
	if err != nil || len(lines) != 1200 || !strings.Contains(lines[0], "Username") || strings.Contains(string(text), "user0007") {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if strings.HasPrefix(lines[1], "=") || !strings.Contains(lines[1], "user0000@example.org") || !strings.Contains(lines[1], "France") || !strings.Contains(lines[1], "Active") {
		t.Errorf("a line is %q", lines[1])
	}
	screentest.Says(t, u.bar.String(), files[0].Name())

	screentest.Tap(t, w, "users.export")
	screentest.Tap(t, w, "users.export.xlsx")
	workbook := files[0].Name()[:len(files[0].Name())-len(".csv")] + ".xlsx"
	screentest.Says(t, u.bar.String(), workbook)
	if data, err := os.ReadFile(filepath.Join(dir, workbook)); err != nil || !bytes.HasPrefix(data, []byte("PK")) {
		t.Errorf("%s: %v", workbook, err)
	}

	service.ChangeErr = client.ErrUnreachable // it cannot be noted
	screentest.Tap(t, w, "users.export")
	screentest.Tap(t, w, "users.export.xlsx")
	screentest.Says(t, u.bar.String(), "cannot be reached")
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Error("a file was written that nobody noted")
	}
}
