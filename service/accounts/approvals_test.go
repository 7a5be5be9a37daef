package accounts

import (
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

func TestApprovals_showWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first, second := w.administrator("first"), w.administrator("second")
		manager := w.person("manager", "Mina", "Ger", "Example", api.RoleMeetingManager)
		if _, err := w.doChange(first, api.KindResetAddress, manager); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		if _, err := w.doChange(second, "roles administrator meeting-manager", manager); err != nil {
			t.Fatal(err)
		}
		list, err := w.Approvals(t.Context(), second, "")
		if err != nil || len(list.Approvals) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		address, roles := list.Approvals[0], list.Approvals[1]
		if address.Kind != api.KindResetAddress || address.Email != "area@example.org" || address.Own || address.By != "first" ||
			address.User.Username != "manager" || address.Reason != why || !address.Asked.Equal(start) || !address.Expires.Equal(start.Add(staff.ApprovalLife)) {
			t.Errorf("%+v", address)
		}
		if roles.Kind != api.KindRoles || !roles.Own || !slices.Equal(roles.Roles, []string{"participant", "administrator", "meeting-manager"}) {
			t.Errorf("%+v", roles)
		}
	})
}

func TestApprovals_pagesHoldEachOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first, second := w.administrator("first"), w.administrator("second")
		manager := w.person("manager", "Mina", "Ger", "Example", api.RoleMeetingManager)
		const all = staff.ApprovalsPage + 7
		for i := range all {
			id, err := account.NewID()
			if err != nil {
				t.Fatal(err)
			}
			w.sql(`INSERT INTO approvals (id, account_id, kind, change, reason, asked_by, asked_at, expires_at) VALUES ($1, $2, $3, '{}', 'why', $4, $5, $6)`,
				id, manager, api.KindActivate, first.AccountID, store.Micros(w.Now())+int64(i/3), store.Micros(w.Now().Add(staff.ApprovalLife)))
		}
		seen := map[string]bool{}
		for after := ""; ; {
			page, err := w.Approvals(t.Context(), second, after)
			if err != nil || len(page.Approvals) > staff.ApprovalsPage {
				t.Fatalf("a page of %d, %v", len(page.Approvals), err)
			}
			for _, a := range page.Approvals {
				seen[a.ID] = true
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(seen) != all {
			t.Errorf("%d approvals", len(seen))
		}
		_, err := w.Approvals(t.Context(), second, "\x00")
		wantCode(t, err, api.CodeInvalid)
	})
}

func TestDecideApproval_of50OneCounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.administrator("first")
		var seconds []caller.Caller
		for i := range 5 {
			seconds = append(seconds, w.administrator("second"+string(rune('a'+i))))
		}
		target := w.person("target", "Tar", "Get", "Example")
		out, err := w.doChange(first, "roles administrator", target)
		if err != nil {
			t.Fatal(err)
		}
		got := count(t, 50, func(i int) error {
			return w.DecideApproval(t.Context(), seconds[i%5], out.Approval, api.DecideApproval{Approve: true})
		})
		if got[""] != 1 || got[api.CodeNotFound] != 49 {
			t.Errorf("got %v", got)
		}
		for event, want := range map[string]int{"approval-given": 1, "roles-changed": 1} {
			if n := w.rows(`SELECT COUNT(*) FROM audit WHERE event = $1`, event); n != want {
				t.Errorf("%d entries %s", n, event)
			}
		}
		told := 0
		for _, m := range w.mails() {
			if m.Template == mail.RolesChanged {
				told++
			}
		}
		if told != 1 || !slices.Contains(w.rolesOf(target), api.RoleAdministrator) {
			t.Errorf("%d e-mails, roles %q", told, w.rolesOf(target))
		}
	})
}

func TestDecideApproval_refusesAndTakesBack(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		first, second := w.administrator("first"), w.administrator("second")
		target := w.person("target", "Tar", "Get", "Example")
		for name, by := range map[string]caller.Caller{"refused": second, "taken back": first} {
			out, err := w.doChange(first, "roles administrator", target)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.DecideApproval(t.Context(), by, out.Approval, api.DecideApproval{Reason: "not now"}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			wantCode(t, w.DecideApproval(t.Context(), second, out.Approval, api.DecideApproval{Approve: true}), api.CodeNotFound)
		}
		if got := w.rolesOf(target); len(got) != 1 {
			t.Errorf("roles %q", got)
		}
		if n := w.rows(`SELECT COUNT(*) FROM audit WHERE event = 'approval-refused' AND actor = ''`); n != 2 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestDecideApproval_expires(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		first, second := w.administrator("first"), w.administrator("second")
		target := w.person("target", "Tar", "Get", "Example")
		out, err := w.doChange(first, "roles administrator", target)
		if err != nil {
			t.Fatal(err)
		}
		w.pass(staff.ApprovalLife)
		wantCode(t, w.DecideApproval(t.Context(), second, out.Approval, api.DecideApproval{Approve: true}), api.CodeNotFound)
		if list, err := w.Approvals(t.Context(), second, ""); err != nil || len(list.Approvals) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		if err := w.Housekeep(t.Context()); err != nil || w.rows(`SELECT COUNT(*) FROM approvals`) != 0 {
			t.Errorf("it is still there: %v", err)
		}
	})
}

// A change that has become another one, or impossible, says so and ends.
func TestDecideApproval_whatHasBecomeImpossible(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		first, second := w.administrator("first"), w.administrator("second")
		n := 0
		for name, c := range map[string]struct {
			kind string
			then func(id, username string)
		}{
			"roles changed meanwhile": {"roles administrator meeting-manager", func(id, _ string) { w.sql(`DELETE FROM account_roles WHERE account_id = $1`, id) }},
			"who asked has no role any more": {api.KindResetAddress, func(string, string) {
				w.sql(`DELETE FROM account_roles WHERE account_id = $1`, first.AccountID)
			}},
			"active already": {api.KindActivate, func(_, username string) {
				if err := w.Reactivate(t.Context(), username); err != nil {
					t.Fatal(err)
				}
			}},
			"the address has become the account's own": {api.KindResetAddress, func(id, _ string) {
				w.sql(`UPDATE accounts SET email = 'area@example.org', email_key = 'area@example.org' WHERE id = $1`, id)
			}},
			"two-step log-in is off already": {api.KindRemoveSecondFactor, func(id, _ string) { w.sql(`DELETE FROM second_factors WHERE account_id = $1`, id) }},
		} {
			n++
			username := "target" + string(rune('a'+n))
			id := w.person(username, "Tar", "Get", "Example", api.RoleMeetingManager)
			w.setSecondFactor(id)
			if c.kind == api.KindActivate {
				if err := w.Deactivate(t.Context(), username); err != nil {
					t.Fatal(err)
				}
			}
			out, err := w.doChange(first, c.kind, id)
			if err != nil || !out.Waiting {
				t.Fatalf("%s: %+v, %v", name, out, err)
			}
			c.then(id, username)
			if err := w.DecideApproval(t.Context(), second, out.Approval, api.DecideApproval{Approve: true}); code(t, err) != api.CodeWrongState {
				t.Errorf("%s: %v", name, err)
			}
			wantCode(t, w.DecideApproval(t.Context(), second, out.Approval, api.DecideApproval{Approve: true}), api.CodeNotFound)
			w.sql(`DELETE FROM account_roles WHERE account_id = $1`, first.AccountID)
			w.grant(first.AccountID, api.RoleAdministrator)
			w.sql(`UPDATE accounts SET email_key = id WHERE id = $1`, id)
		}
	})
}
