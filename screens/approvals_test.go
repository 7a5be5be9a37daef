package screens

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestApprovals_areDecidedByAnotherAdministratorOnly(t *testing.T) {
	office := testStaff()
	waiting := -1
	e := testEnv(t)
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
