package screens

import (
	"testing"

	"fyne.io/fyne/v2"
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
	capture(t, "users-form", build, choose(1, func() { u.detail.open(&userActs[1]) }))
	captureFew(t, "users-roles", build, choose(0, func() { u.detail.open(&userActs[3]) }))
	captureFew(t, "users-approvals", build, func(fyne.Window) { u.tabs.Choose(1) })
	captureFew(t, "users-filter", build, func(fyne.Window) { u.list.setFiltering(true) })
}
