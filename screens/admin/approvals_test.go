package admin

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/screens/screentest"
)

func TestApprovals_areDecidedByAnotherAdministratorOnly(t *testing.T) {
	service := screentest.NewStaff()
	waiting := -1
	e := screentest.NewEnv(t)
	u := NewUsers(e, service, &screentest.Directory{List: screentest.Organizations()}, service.Prove, screentest.Administrator, UsersEvents{Waiting: func(n int) { waiting = n }})
	t.Cleanup(u.Close)
	w := screentest.Show(t, u.Content(), 1100, 740)
	if waiting != 1 {
		t.Errorf("told that %d wait, want the one of the other administrator", waiting)
	}
	screentest.Tap(t, w, "users.tab.approvals")
	if screentest.Find(w, "users.approval.approve.a2") != nil || screentest.Find(w, "users.approval.withdraw.a1") != nil {
		t.Error("one's own can be approved, or another's withdrawn")
	}
	screentest.Tap(t, w, "users.approval.refuse.a1")
	if len(service.Done) != 0 || u.bar.String() == "" {
		t.Fatalf("refused without a reason: %q", service.Done)
	}
	test.Type(screentest.Widget(t, w, "users.approval.reason.a1").(fyne.Focusable), "Not agreed")
	screentest.Tap(t, w, "users.approval.refuse.a1")
	screentest.Tap(t, w, "users.approval.withdraw.a2")
	if want := []string{"decide a1: false Not agreed", "decide a2: false "}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
	if waiting != 0 || len(u.approvals.list) != 0 {
		t.Errorf("%d wait, %d are listed, want none", waiting, len(u.approvals.list))
	}
}

func TestApprovals_approvingAsksAndNamesWhatHappens(t *testing.T) {
	service := screentest.NewStaff()
	_, w := testUsers(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "users.tab.approvals")
	screentest.Tap(t, w, "users.approval.approve.a1")
	if len(service.Done) != 0 {
		t.Fatal("approved without a question")
	}
	screentest.Tap(t, w, "users.approval.yes")
	if !slices.Equal(service.Done, []string{"decide a1: true "}) {
		t.Errorf("done %q", service.Done)
	}
}

func TestApprovals_decidedMeanwhile(t *testing.T) {
	service := screentest.NewStaff()
	u, w := testUsers(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "users.tab.approvals")
	service.ChangeErr = &api.Problem{Code: api.CodeNotFound}
	u.approvals.decide(&u.approvals.list[0], true, "")
	screentest.Says(t, u.bar.String(), "Somebody else has dealt with this")
}
