package accounts

import (
	"context"
	"fmt"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/account/upkeep"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestCreate_makesAnActiveAccountWithRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.SecondFactor = api.SecondFactorFree })
		n := staff.NewAccount{
			Username: "manager", Email: "manager@example.org", Password: goodPassword, FirstName: "Mei", FamilyName: "Tanaka",
			Roles: []string{api.RoleMeetingManager}, Organization: itu,
		}
		waiting := signUpOf("manager@example.org", "early")
		w.signUp(waiting)
		id, err := w.Create(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Authenticate(t.Context(), w.mustLogIn("manager", goodPassword).Access)
		if err != nil || p.AccountID != id || !p.Has(api.RoleMeetingManager) || !p.Has(api.RoleParticipant) || p.Has(api.RoleAdministrator) {
			t.Errorf("got %+v, %v", p, err)
		}
		state, err := w.SignUpState(t.Context(), api.Flow{Token: waiting.Flow})
		if err != nil || state.State != api.SignUpEnded {
			t.Errorf("the waiting sign-up: %v, %v", state, err)
		}
		for name, change := range map[string]func(*staff.NewAccount){
			"taken address":  func(n *staff.NewAccount) { n.Username = "other" },
			"taken username": func(n *staff.NewAccount) { n.Email = "other@example.org" },
			"unknown role": func(n *staff.NewAccount) {
				n.Username, n.Email, n.Roles = "other", "other@example.org", []string{"king"}
			},
		} {
			bad := n
			change(&bad)
			_, err := w.Create(t.Context(), bad)
			if code(t, err) != api.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		list, err := w.List(t.Context(), "", 10)
		if err != nil || len(list) != 1 || list[0].Username != "manager" || len(list[0].Roles) != 2 {
			t.Errorf("got %+v, %v", list, err)
		}
	})
}

func TestHousekeep_removesWhatHasEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.mustLogIn("amina", goodPassword)
		if _, err := w.logIn("nobody", "x"); err == nil {
			t.Fatal("logged in")
		}
		w.signUp(signUpOf("late@example.org", "late"))
		w.recover("amina")
		w.pass(2 * keptIdleTime)
		if err := w.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"proofs", "recoveries", "sessions", "limits", "sign_ups"} {
			if n := w.rows(`SELECT COUNT(*) FROM ` + table); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		if n := w.rows(`SELECT COUNT(*) FROM usernames`); n != 1 {
			t.Errorf("%d usernames", n)
		}
		w.pass(time.Second)
		w.mustLogIn("amina", goodPassword)
	})
}

// However much has ended, no transaction of its removal is large, and all of it goes.
func TestHousekeep_removesInTransactionsOfABoundedSize(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
			for i := range 2*upkeep.SweptAtOnce + 1 {
				tx.Do(`INSERT INTO limits (name, allowed, failures, in_flight, in_flight_before, lease, ends_at, wait_until)
					VALUES ($1, 1, 1, 0, 0, 0, 1, 0)`, fmt.Appendf(nil, "%d", i))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var sizes []int
		before := w.rows(`SELECT COUNT(*) FROM limits`)
		stop := storetest.HoldOpen(w.DB, func(context.Context) {
			if after := w.rows(`SELECT COUNT(*) FROM limits`); after < before { // what those before have left
				sizes = append(sizes, before-after)
				before = after
			}
		})
		err := w.Housekeep(t.Context())
		stop()
		if err != nil {
			t.Fatal(err)
		}
		if n := w.rows(`SELECT COUNT(*) FROM limits`); n != 0 || fmt.Sprint(sizes) != fmt.Sprint([]int{upkeep.SweptAtOnce, upkeep.SweptAtOnce, 1}) {
			t.Errorf("%d are left, removed in %v", n, sizes)
		}
	})
}
