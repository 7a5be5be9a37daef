package accounts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
)

// invite invites somebody for an administrator.
func (w *world) invite(by caller.Caller, email string, roles ...string) (id string, err error) {
	w.t.Helper()
	in, err := w.InviteUser(audit.From(w.t.Context(), audit.Origin{Actor: by.AccountID}), by, api.InviteUser{
		FirstName: "Inês", FamilyName: "Costa", Email: email, Language: "en", OrganizationID: itu.ID, Roles: roles, Reason: why,
	})
	return in.ID, err
}

// accept accepts an invitation by the link of its e-mail.
func (w *world) accept(m mail.Shown, username string) error {
	return w.ResetByLink(w.t.Context(), api.ResetByLink{
		Token: token(w.t, m), Password: otherPassword, AcceptTerms: true, ReadPrivacy: true, Username: username,
	})
}

// By the link or by the code, the person sees for whom it is, accepts the terms, chooses
// username and password, and is in; nothing works before.
func TestInvite_isAcceptedByLinkOrCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		w.person("ines.costa", "Inês", "Costa", "Another") // the proposed username is taken
		for _, by := range []string{"link", "code"} {
			email := by + "@example.net"
			id, err := w.invite(boss, email)
			if err != nil {
				t.Fatal(err)
			}
			m := w.lastMail(mail.Invited)
			if m.To != email || strings.Contains(m.Text, "Costa") || strings.Contains(m.Text, "ines") || strings.Contains(m.Text, why) {
				t.Errorf("to %s, an address that is not verified: %s", m.To, m.Text)
			}
			u, err := w.User(t.Context(), boss, id)
			if err != nil || u.State != api.UserInvited || u.Name != "Inês Costa" || u.Email != email || !strings.HasPrefix(u.Username, "ines.costa") {
				t.Fatalf("%+v, %v", u, err)
			}
			if got := u.History; len(got) != 1 || got[0].Event != string(audit.Invited) || got[0].Reason != why || got[0].Actor != "boss" {
				t.Errorf("history: %+v", got)
			}
			// Nothing works yet.
			for _, password := range []string{"", otherPassword} {
				_, err := w.logIn(email, password)
				wantCode(t, err, api.CodeCredentials)
			}
			want := api.LinkedSignUp{Who: "Inês Costa", Organization: itu.Name, Asked: w.Now(), Terms: true, Username: u.Username}
			var flow string
			reset := func(username, password string, accepts bool) error {
				if by == "link" {
					return w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: password, AcceptTerms: accepts, ReadPrivacy: accepts, Username: username})
				}
				return w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: password, AcceptTerms: accepts, ReadPrivacy: accepts, Username: username})
			}
			var shown api.LinkedSignUp
			if by == "link" {
				shown, err = w.ResetByLinkOf(t.Context(), api.Link{Token: token(t, m)})
			} else { // "I already have a code", in the program
				flow = tokens.New()
				if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: email}); err != nil {
					t.Fatal(err)
				}
				shown, err = w.CheckCode(t.Context(), api.RecoveryCode{Flow: flow, Code: m.Secrets[mail.Code]})
			}
			if err != nil || shown != want {
				t.Errorf("%s: shown is %+v, %v", by, shown, err)
			}
			wantCode(t, reset(by+".costa", otherPassword, false), api.CodeInvalid)
			wantCode(t, reset("x", otherPassword, true), api.CodeInvalid)
			wantCode(t, reset(by+".costa", "Ines.Costa1!", true), api.CodePasswordRefused)
			wantCode(t, reset("boss", otherPassword, true), "") // taken: with a number
			wantCode(t, reset("", otherPassword, true), api.CodeCodeExpired)
			s := w.mustLogIn(email, otherPassword)
			if s.Account.ID != id || !strings.HasPrefix(s.Account.Username, "boss") || s.Account.Username == "boss" || len(s.Account.Roles) != 1 {
				t.Errorf("%s: %+v", by, s.Account)
			}
			if n := w.rows(`SELECT COUNT(*) FROM usernames WHERE username_key LIKE 'ines.costa%'`); n != 1 {
				t.Errorf("%s: the proposed username is still taken", by)
			}
		}
		if n := w.rows(`SELECT COUNT(*) FROM invitations`); n != 0 {
			t.Errorf("%d invitations are left", n)
		}
	})
}

// It is good for 72 hours, can be sent again, which voids what was sent before and begins
// them anew, corrected, and withdrawn.
func TestInvite_lastsAndIsSentAgainAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		id, err := w.invite(boss, "ines@example.net")
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.invite(boss, "INES@example.net")
		wantCode(t, err, api.CodeInvalid) // it waits already
		_, err = w.invite(boss, "boss@example.org")
		wantCode(t, err, api.CodeInvalid) // an account
		first := w.lastMail(mail.Invited)
		w.pass(71 * time.Hour)
		wantCode(t, w.changeSignUp(boss, id, api.KindSendActivation, ""), "")
		second := w.lastMail(mail.Invited)
		wantCode(t, w.accept(first, ""), api.CodeCodeExpired)
		w.pass(71 * time.Hour)
		if _, err := w.ResetByLinkOf(t.Context(), api.Link{Token: token(t, second)}); err != nil {
			t.Errorf("after 71 hours: %v", err)
		}
		wantCode(t, w.changeSignUp(boss, id, api.KindCorrectEmail, "inez@example.net"), "")
		third := w.lastMail(mail.Invited)
		if third.To != "inez@example.net" {
			t.Errorf("went to %s", third.To)
		}
		wantCode(t, w.accept(second, ""), api.CodeCodeExpired)
		w.pass(72 * time.Hour)
		wantCode(t, w.accept(third, ""), api.CodeCodeExpired)
		if err := w.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.User(t.Context(), boss, id); code(t, err) != api.CodeNotFound {
			t.Errorf("after 72 hours: %v", err)
		}

		if id, err = w.invite(boss, "ines@example.net"); err != nil {
			t.Fatal(err)
		}
		list, err := w.Users(t.Context(), boss, api.UserFilter{State: api.UserInvited})
		if err != nil || len(list.Users) != 1 || list.Users[0].ID != id {
			t.Errorf("the filter gives %+v, %v", list, err)
		}
		if list, err := w.Users(t.Context(), boss, api.UserFilter{State: api.UserUnverified}); err != nil || len(list.Users) != 0 {
			t.Errorf("sign-ups: %+v, %v", list, err)
		}
		last := w.lastMail(mail.Invited)
		wantCode(t, w.changeSignUp(boss, id, api.KindEndSignUp, ""), "")
		wantCode(t, w.accept(last, ""), api.CodeCodeExpired)
		if tables := w.holds("ines@example.net"); len(tables) != 0 {
			t.Errorf("after it was withdrawn the address is in %q", tables)
		}
	})
}

// Roles count once the person has accepted: that of an administrator after a second one
// has approved, whom the first one's e-mail is from; and only while who invited may.
func TestInvite_roles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, second := w.administrator("boss"), w.administrator("second")
		accepted := func(email string, roles ...string) string {
			id, err := w.invite(boss, email, roles...)
			if err != nil {
				t.Fatal(err)
			}
			wantCode(t, w.accept(w.lastMail(mail.Invited), ""), "")
			return id
		}
		if got := w.rolesOf(accepted("manager@example.net", api.RoleMeetingManager)); !slices.Equal(got, []string{"participant", "meeting-manager"}) {
			t.Errorf("a meeting manager has %q", got)
		}
		id := accepted("admin@example.net", api.RoleAdministrator)
		if got := w.rolesOf(id); len(got) != 1 {
			t.Errorf("before the approval: %q", got)
		}
		to, text := w.toldOf(mail.ApprovalAsked)
		if len(to) != 1 || !strings.HasPrefix(to[0], "second@") || !strings.Contains(text, "boss") {
			t.Errorf("told %q: %s", to, text)
		}
		list, err := w.Approvals(t.Context(), second, "")
		if err != nil || len(list.Approvals) != 1 || list.Approvals[0].By != "boss" || list.Approvals[0].Reason != why {
			t.Fatalf("%+v, %v", list, err)
		}
		wantCode(t, w.DecideApproval(t.Context(), boss, list.Approvals[0].ID, api.DecideApproval{Approve: true}), api.CodeSecondPerson)
		wantCode(t, w.DecideApproval(t.Context(), second, list.Approvals[0].ID, api.DecideApproval{Approve: true}), "")
		if got := w.rolesOf(id); !slices.Equal(got, []string{"participant", "administrator"}) {
			t.Errorf("after the approval: %q", got)
		}
		// Who invited is no administrator any more when it is accepted.
		if id, err = w.invite(boss, "late@example.net", api.RoleMeetingManager); err != nil {
			t.Fatal(err)
		}
		late := w.lastMail(mail.Invited)
		if err := w.Deactivate(t.Context(), "boss"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.accept(late, ""), "")
		if got := w.rolesOf(id); len(got) != 1 {
			t.Errorf("invited by somebody who may no more: %q", got)
		}
		_, err = w.invite(boss, "later@example.net")
		wantCode(t, err, api.CodeForbidden)
	})
}

func TestInvite_refuses(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		for name, change := range map[string]func(*api.InviteUser){
			"no name":         func(in *api.InviteUser) { in.FirstName, in.FamilyName = "", " " },
			"no organization": func(in *api.InviteUser) { in.OrganizationID = "" },
			"no address":      func(in *api.InviteUser) { in.Email = "ines" },
			"no reason":       func(in *api.InviteUser) { in.Reason = " a " },
			"a king":          func(in *api.InviteUser) { in.Roles = []string{"king"} },
		} {
			in := api.InviteUser{FirstName: "Inês", Email: "ines@example.net", Language: "en", OrganizationID: itu.ID, Reason: why}
			change(&in)
			if _, err := w.InviteUser(t.Context(), boss, in); code(t, err) != api.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := w.rows(`SELECT COUNT(*) FROM sign_ups WHERE state = 'waiting'`); n != 0 {
			t.Errorf("%d were invited", n)
		}
	})
}
