package accounts

import (
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// grant gives roles past every rule.
func (w *world) grant(id string, roles ...string) {
	w.t.Helper()
	for _, role := range roles {
		w.sql(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, id, role)
	}
}

func (w *world) rolesOf(id string) []string {
	w.t.Helper()
	u, err := w.User(w.t.Context(), caller.Caller{}, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return u.Roles
}

func (w *world) stateOf(id string) string {
	w.t.Helper()
	u, err := w.User(w.t.Context(), caller.Caller{}, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return u.State
}

// setSecondFactor turns two-step log-in on, past the app.
func (w *world) setSecondFactor(id string) {
	w.t.Helper()
	err := w.DB.Update(w.t.Context(), func(tx *store.Tx) error {
		w.Credentials.KeepSecondFactor(tx, id, "JBSWY3DPEHPK3PXP")
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.sql(`UPDATE second_factors SET confirmed_at = 1 WHERE account_id = $1`, id)
	w.sql(`INSERT INTO recovery_codes (account_id, mac) VALUES ($1, $2)`, id, []byte("mac"))
}

// doChange asks for a change of a kind that changes something.
func (w *world) doChange(p caller.Caller, kind, id string) (api.Outcome, error) {
	switch kind {
	case api.KindResetAddress:
		return w.setAddress(p, id, "area@example.org")
	case api.KindActivate, api.KindRemoveSecondFactor:
		return w.changeUser(p, id, api.ChangeUser{Kind: kind})
	default:
		return w.setRoles(p, id, strings.Fields(strings.TrimPrefix(kind, "roles"))...)
	}
}

// was tells whether a change of a kind was done.
func (w *world) was(kind, id string) bool {
	w.t.Helper()
	u, err := w.User(w.t.Context(), caller.Caller{}, id)
	if err != nil {
		w.t.Fatal(err)
	}
	switch kind {
	case api.KindActivate:
		return u.State == api.UserActive
	case api.KindResetAddress:
		return u.ResetAddress != nil && u.ResetAddress.Email == "area@example.org"
	case api.KindRemoveSecondFactor:
		return !u.SecondFactor
	default:
		return slices.Equal(u.Roles, append([]string{api.RoleParticipant}, strings.Fields(strings.TrimPrefix(kind, "roles"))...))
	}
}

// Which changes are done at once, and which need a second administrator.
func TestChanges_needASecondAdministratorWhereThereIsARole(t *testing.T) {
	const manager, admin = api.RoleMeetingManager, api.RoleAdministrator
	kinds := []struct {
		kind   string
		second map[string]bool // by the user's role, "" for none
	}{
		{api.KindActivate, map[string]bool{"": false, manager: true, admin: true}},
		{api.KindResetAddress, map[string]bool{"": false, manager: true, admin: true}},
		{api.KindRemoveSecondFactor, map[string]bool{"": false, manager: true, admin: true}},
		{"roles", map[string]bool{manager: true, admin: true}},
		{"roles meeting-manager", map[string]bool{"": false, admin: true}},
		{"roles administrator", map[string]bool{"": true, manager: true}},
		{"roles administrator meeting-manager", map[string]bool{"": true, manager: true, admin: true}},
	}
	each(t, func(t *testing.T, w *world) {
		first, second := w.administrator("first"), w.administrator("second")
		n := 0
		for _, k := range kinds {
			for role, needed := range k.second {
				n++
				name := "user" + string(rune('a'+n/10)) + string(rune('0'+n%10))
				id := w.person(name, "Some", "One", "Example")
				if role != "" {
					w.grant(id, role)
				}
				w.setSecondFactor(id)
				if k.kind == api.KindActivate || k.kind == api.KindResetAddress {
					if err := w.Deactivate(t.Context(), name); err != nil {
						t.Fatal(err)
					}
				}
				out, err := w.doChange(first, k.kind, id)
				if err != nil || out.Waiting != needed || (out.Approval != "") != needed {
					t.Errorf("%s of role %q: %+v, %v", k.kind, role, out, err)
					continue
				}
				if w.was(k.kind, id) == needed {
					t.Errorf("%s of role %q: done %v before an approval", k.kind, role, !needed)
				}
				if !needed {
					continue
				}
				if err := w.DecideApproval(t.Context(), second, out.Approval, api.DecideApproval{Approve: true}); err != nil {
					t.Errorf("%s of role %q: approve: %v", k.kind, role, err)
				}
				if !w.was(k.kind, id) {
					t.Errorf("%s of role %q: not done after the approval", k.kind, role)
				}
			}
		}
		if list, err := w.Approvals(t.Context(), first, ""); err != nil || len(list.Approvals) != 0 {
			t.Errorf("still waiting: %+v, %v", list, err)
		}
	})
}

func TestChanges_refuse(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss, other := w.administrator("boss"), w.administrator("other")
		manager := caller.Caller{AccountID: w.person("manager", "Mina", "Ger", "Example", api.RoleMeetingManager)}
		nobody := caller.Caller{AccountID: w.person("nobody", "No", "Body", "Example")}
		target := w.person("target", "Tar", "Get", "Example")
		gone := "00000000-0000-7000-8000-000000000000"
		roles := func(p caller.Caller, id string, roles ...string) error {
			_, err := w.setRoles(p, id, roles...)
			return err
		}
		address := func(p caller.Caller, id, email string) error {
			_, err := w.setAddress(p, id, email)
			return err
		}
		outcome := func(_ api.Outcome, err error) error { return err }
		for name, c := range map[string]struct {
			err  error
			want api.Code
		}{
			"own activation":                {w.staffDoes(boss, boss.AccountID, api.KindActivate), api.CodeOwnRoles},
			"own deactivation":              {w.staffDoes(boss, boss.AccountID, api.KindDeactivate), api.CodeOwnRoles},
			"own sessions":                  {w.staffDoes(boss, boss.AccountID, api.KindEndSessions), api.CodeOwnRoles},
			"own reset address":             {address(boss, boss.AccountID, "area@example.org"), api.CodeOwnRoles},
			"removing one's own":            {w.staffDoes(boss, boss.AccountID, api.KindRemoveResetAddress), api.CodeOwnRoles},
			"own second factor":             {w.staffDoes(boss, boss.AccountID, api.KindRemoveSecondFactor), api.CodeOwnRoles},
			"own roles, lowered":            {roles(boss, boss.AccountID), api.CodeOwnRoles},
			"own roles, raised":             {roles(boss, boss.AccountID, api.RoleAdministrator, api.RoleMeetingManager), api.CodeOwnRoles},
			"a manager raises themselves":   {roles(manager, manager.AccountID, api.RoleAdministrator), api.CodeOwnRoles},
			"a manager deactivates":         {w.staffDoes(manager, target, api.KindDeactivate), api.CodeForbidden},
			"a participant gives roles":     {roles(nobody, target, api.RoleMeetingManager), api.CodeForbidden},
			"a participant ends sessions":   {w.staffDoes(nobody, target, api.KindEndSessions), api.CodeForbidden},
			"a manager sets an address":     {address(manager, target, "area@example.org"), api.CodeForbidden},
			"an unknown role":               {roles(boss, target, "king"), api.CodeInvalid},
			"a role in other letters":       {roles(boss, target, "Administrator"), api.CodeInvalid},
			"no address":                    {address(boss, target, "area"), api.CodeInvalid},
			"an address with a line break":  {address(boss, target, "area@example.org\r\nBcc: x@example.org"), api.CodeInvalid},
			"the account's own address":     {address(boss, target, "Target@EXAMPLE.org"), api.CodeInvalid},
			"nobody there":                  {roles(boss, gone, api.RoleMeetingManager), api.CodeNotFound},
			"nobody to activate":            {w.staffDoes(boss, gone, api.KindActivate), api.CodeNotFound},
			"no id":                         {w.staffDoes(boss, "\x00' OR 1=1", api.KindDeactivate), api.CodeNotFound},
			"no reason":                     {outcome(w.changeUser(boss, target, api.ChangeUser{Kind: api.KindDeactivate, Reason: " a\n "})), api.CodeInvalid},
			"a reason of a book's length":   {outcome(w.changeUser(boss, target, api.ChangeUser{Kind: api.KindEndSessions, Reason: strings.Repeat("x", 501)})), api.CodeInvalid},
			"a reason that does not show":   {outcome(w.changeUser(boss, target, api.ChangeUser{Kind: api.KindActivate, Reason: "\u202e\u200e\u2066\u0000"})), api.CodeInvalid},
			"somebody else's administrator": {w.staffDoes(caller.Caller{AccountID: gone}, other.AccountID, api.KindDeactivate), api.CodeForbidden},
		} {
			if got := code(t, c.err); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		for id, want := range map[string][]string{
			boss.AccountID: {"participant", "administrator"}, other.AccountID: {"participant", "administrator"},
			manager.AccountID: {"participant", "meeting-manager"}, target: {"participant"}, nobody.AccountID: {"participant"},
		} {
			if got := w.rolesOf(id); !slices.Equal(got, want) || w.stateOf(id) != api.UserActive {
				t.Errorf("%s is %s with %q", id, w.stateOf(id), got)
			}
		}
	})
}

func TestChanges_thatChangeNothingTellNobody(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		w.administrator("other")
		mails, entries := w.mailCount(), w.rows(`SELECT COUNT(*) FROM audit`)
		for _, kind := range []string{api.KindActivate, api.KindRemoveSecondFactor, "roles", "roles participant"} {
			if out, err := w.doChange(boss, kind, target); err != nil || out.Waiting {
				t.Errorf("%s: %+v, %v", kind, out, err)
			}
		}
		if err := w.staffDoes(boss, target, api.KindRemoveResetAddress); err != nil {
			t.Error(err)
		}
		if w.mailCount() != mails || w.rows(`SELECT COUNT(*) FROM audit`) != entries {
			t.Errorf("%d e-mails more, %d entries more", w.mailCount()-mails, w.rows(`SELECT COUNT(*) FROM audit`)-entries)
		}
	})
}

func TestChangeRoles_tellsTheOwnerAndEndsAResetAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		if _, err := w.doChange(boss, api.KindResetAddress, target); err != nil {
			t.Fatal(err)
		}
		flow, m := w.recover("target")
		if m.To != "area@example.org" {
			t.Fatalf("the reset e-mail went to %s", m.To)
		}
		if _, err := w.doChange(boss, "roles meeting-manager", target); err != nil {
			t.Fatal(err)
		}
		told := w.lastMail(mail.RolesChanged)
		if told.To != "target@example.org" || !strings.Contains(told.Text, "participant, meeting manager") {
			t.Errorf("to %s: %s", told.To, told.Text)
		}
		// Else one administrator alone could get into an account with a role.
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), api.CodeCodeExpired)
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), api.CodeCodeExpired)
		w.mustLogIn("target", goodPassword)
	})
}

func TestRemoveUserSecondFactor_leavesThePasswordAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		w.setSecondFactor(target)
		_, err := w.logIn("target", goodPassword)
		wantCode(t, err, api.CodeSecondFactorNeeded)
		if _, err := w.doChange(boss, api.KindRemoveSecondFactor, target); err != nil {
			t.Fatal(err)
		}
		if m := w.lastMail(mail.SecondFactorOff); m.To != "target@example.org" {
			t.Errorf("told %s", m.To)
		}
		if n := w.rows(`SELECT COUNT(*) FROM recovery_codes`); n != 0 {
			t.Errorf("%d recovery codes are left", n)
		}
		w.mustLogIn("target", goodPassword)
	})
}

// What one administrator alone must not reach, whatever they try.
func TestOneAdministrator_getsNoFurtherAlone(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		rogue, honest := w.administrator("rogue"), w.administrator("honest")
		puppet := w.person("puppet", "Pup", "Pet", "Example")
		puppeteer := w.who("puppet")

		// Making the puppet an administrator, or approving that as the puppet.
		asked, err := w.doChange(rogue, "roles administrator", puppet)
		if err != nil || !asked.Waiting {
			t.Fatalf("%+v, %v", asked, err)
		}
		wantCode(t, w.DecideApproval(t.Context(), rogue, asked.Approval, api.DecideApproval{Approve: true}), api.CodeSecondPerson)
		wantCode(t, w.DecideApproval(t.Context(), puppeteer, asked.Approval, api.DecideApproval{Approve: true}), api.CodeOwnRoles)
		stranger := w.person("stranger", "Stran", "Ger", "Example", api.RoleMeetingManager)
		wantCode(t, w.DecideApproval(t.Context(), caller.Caller{AccountID: stranger}, asked.Approval, api.DecideApproval{Approve: true}), api.CodeForbidden)

		// A puppet with a small role decides as little.
		if out, err := w.doChange(rogue, "roles meeting-manager", puppet); err != nil || out.Waiting {
			t.Fatalf("%+v, %v", out, err)
		}
		again, err := w.doChange(rogue, "roles administrator meeting-manager", puppet)
		if err != nil || !again.Waiting {
			t.Fatalf("%+v, %v", again, err)
		}
		wantCode(t, w.DecideApproval(t.Context(), puppeteer, again.Approval, api.DecideApproval{Approve: true}), api.CodeOwnRoles)
		// The first request was replaced by the second.
		wantCode(t, w.DecideApproval(t.Context(), honest, asked.Approval, api.DecideApproval{Approve: true}), api.CodeNotFound)

		// Getting into the other administrator's account.
		for _, kind := range []string{api.KindResetAddress, "roles"} {
			out, err := w.doChange(rogue, kind, honest.AccountID)
			if err != nil || !out.Waiting {
				t.Fatalf("%s: %+v, %v", kind, out, err)
			}
			wantCode(t, w.DecideApproval(t.Context(), rogue, out.Approval, api.DecideApproval{Approve: true}), api.CodeSecondPerson)
		}
		if _, m := w.recover("honest"); m.To != "honest@example.org" {
			t.Errorf("the reset e-mail went to %s", m.To)
		}
		// The one whom it is about decides nothing either: nobody raises, and nobody shields, themselves.
		list, err := w.Approvals(t.Context(), honest, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list.Approvals {
			for _, approve := range []bool{true, false} {
				err := w.DecideApproval(t.Context(), honest, a.ID, api.DecideApproval{Approve: approve})
				if a.User.Username == "honest" && code(t, err) != api.CodeOwnRoles {
					t.Errorf("%s, approve %v: %v", a.Kind, approve, err)
				} else if a.User.Username != "honest" && code(t, err) == api.CodeOwnRoles {
					t.Errorf("%s, approve %v: %v", a.Kind, approve, err)
				}
				if a.User.Username != "honest" {
					break // decided
				}
			}
		}
		// Kept out by the other one, what was asked for before is void.
		if err := w.staffDoes(honest, rogue.AccountID, api.KindDeactivate); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Approvals(t.Context(), honest, ""); err != nil || len(list.Approvals) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		wantCode(t, func() error { _, err := w.doChange(rogue, "roles", honest.AccountID); return err }(), api.CodeForbidden)
	})
}
