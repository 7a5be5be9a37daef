package accounts

import (
	"slices"
	"testing"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/mail"
)

func TestDeactivateUser_endsEverythingAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, second := w.administrator("boss"), w.administrator("second")
		target := w.administrator("target")
		session := w.mustLogIn("target", goodPassword)
		flow, reset := w.recover("target")
		asked, err := w.setRoles(target, second.AccountID)
		if err != nil || !asked.Waiting {
			t.Fatalf("%+v, %v", asked, err)
		}
		about, err := w.doChange(boss, api.KindResetAddress, target.AccountID)
		if err != nil || !about.Waiting {
			t.Fatalf("%+v, %v", about, err)
		}
		for range 2 {
			if err := w.staffDoes(boss, target.AccountID, api.KindDeactivate); err != nil {
				t.Fatal(err)
			}
		}
		if m := w.lastMail(mail.Deactivated); m.To != "target@example.org" {
			t.Errorf("told %s", m.To)
		}
		if _, err := w.Authenticate(t.Context(), session.Access); err == nil {
			t.Error("the session goes on")
		}
		_, err = w.Refresh(t.Context(), api.Refresh{Refresh: session.Refresh})
		wantCode(t, err, api.CodeSessionEnded)
		_, err = w.logIn("target", "wrong")
		wantCode(t, err, api.CodeCredentials) // only whoever has the password learns of it
		_, err = w.logIn("target", goodPassword)
		wantCode(t, err, api.CodeDeactivatedByStaff)
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: reset.Secrets[mail.Code], Password: otherPassword}), api.CodeCodeExpired)
		for _, id := range []string{asked.Approval, about.Approval} {
			wantCode(t, w.DecideApproval(t.Context(), boss, id, api.DecideApproval{Approve: true}), api.CodeNotFound)
		}
		// Kept out, one decides nothing, also with a session that was looked up before.
		wantCode(t, w.staffDoes(target, boss.AccountID, api.KindDeactivate), api.CodeForbidden)
		if n := w.rows(`SELECT COUNT(*) FROM devices WHERE account_id = $1`, target.AccountID); n != 0 {
			t.Errorf("%d known devices are left", n)
		}
		// There is no reset that would not let the owner in: the owner is told so.
		w.recoverQuietly("target")
		if m := w.lastMail(mail.Deactivated); m.To != "target@example.org" || m.Secrets[mail.Link] != "" || m.Secrets[mail.Code] != "" {
			t.Errorf("to %s: %v", m.To, m.Secrets)
		}
		_, err = w.logIn("target", goodPassword)
		wantCode(t, err, api.CodeDeactivatedByStaff)
	})
}

func TestAdministrators_theLastOneStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		one, two := w.administrator("one"), w.administrator("two")
		if err := w.staffDoes(one, two.AccountID, api.KindDeactivate); err != nil {
			t.Fatal(err)
		}
		_, err := w.AskDeletion(t.Context(), one)
		wantCode(t, err, api.CodeLastAdministrator)
		wantCode(t, w.SetRoles(t.Context(), "one", nil), api.CodeLastAdministrator)
		// Now two is back, and asks for a change of roles that becomes the last one's.
		if err := w.Reactivate(t.Context(), "two"); err != nil {
			t.Fatal(err)
		}
		three := w.administrator("three")
		asked, err := w.setRoles(two, one.AccountID)
		if err != nil || !asked.Waiting {
			t.Fatalf("%+v, %v", asked, err)
		}
		if err := w.DecideApproval(t.Context(), three, asked.Approval, api.DecideApproval{Approve: true}); err != nil {
			t.Fatal(err)
		}
		if got := w.rolesOf(one.AccountID); !slices.Equal(got, []string{api.RoleParticipant}) {
			t.Errorf("roles %q", got)
		}
	})
}

// Staff that logs somebody out everywhere ends what could let somebody else in again.
func TestEndUserSessions_voidsResets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		flow, m := w.recover("target")
		if err := w.staffDoes(boss, target, api.KindEndSessions); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), api.CodeCodeExpired)
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), api.CodeCodeExpired)
		w.mustLogIn("target", goodPassword)
	})
}

// Two administrators, or three, who remove each other at once: one stays.
func TestAdministrators_whoRemoveEachOtherAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for round := range 8 {
			names := []string{"first", "second", "third"}[:2+round%2]
			var all []caller.Caller
			for _, name := range names {
				name += string(rune('a' + round))
				w.person(name, "Ada", "Min", "Example", api.RoleAdministrator)
				all = append(all, w.who(name))
			}
			got := count(t, 4*len(all), func(i int) error {
				return w.staffDoes(all[i%len(all)], all[(i+1)%len(all)].AccountID, api.KindDeactivate)
			})
			for c := range got {
				if !slices.Contains([]api.Code{"", api.CodeForbidden, api.CodeLastAdministrator}, c) {
					t.Errorf("got %v", got)
				}
			}
			active := 0
			for _, p := range all {
				if w.stateOf(p.AccountID) == api.UserActive {
					active++
				}
			}
			if active == 0 || active == len(all) {
				t.Errorf("round %d: %d of %d stay: %v", round, active, len(all), got)
			}
			// The next round begins without administrators.
			w.sql(`DELETE FROM account_roles`)
		}
	})
}
