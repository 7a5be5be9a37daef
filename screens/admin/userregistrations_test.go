package admin

import (
	"testing"

	"plenary/client"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestUserRegistrations_areShownPageByPage(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	u.list.Choose(1)
	if screentest.Find(w, "users.registration.R-7F3K-92QD") == nil || screentest.Find(w, "users.registration.R-2222-3333") != nil {
		t.Fatal("the first page is not shown")
	}
	service.Err = client.ErrUnreachable
	screentest.Tap(t, w, "users.registrations.more")
	screentest.Says(t, u.bar.String(), "cannot be reached")
	service.Err = nil
	screentest.Tap(t, w, "users.registrations.more")
	if got := screentest.Widget(t, w, "users.registration.R-2222-3333").(*parts.Tag).Text(); got != "Waiting for the focal point" {
		t.Errorf("the second page says %q", got)
	}
	if screentest.Find(w, "users.registrations.more") != nil {
		t.Error("more is offered at the end")
	}
	u.list.Choose(0) // somebody without any
	if screentest.Find(w, "users.registration.R-7F3K-92QD") != nil {
		t.Error("registrations of one user stand under another")
	}
}
