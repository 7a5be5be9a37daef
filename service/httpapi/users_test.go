package httpapi

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/mail"
)

// proven gives a session a fresh proof.
func (s *server) proven(session api.Session) api.Session {
	s.t.Helper()
	s.prove(session.Access)
	return session
}

// outgoing are all e-mails, newest first.
func (s *server) outgoing() iter.Seq2[mail.Shown, error] {
	return mail.Outgoing(s.t.Context(), s.deps.DB, serviceKey, mail.Info{Organization: "Example", ServiceDesk: "desk@example.org"})
}

func (s *server) newestMail(template string) mail.Shown {
	s.t.Helper()
	for m, err := range s.outgoing() {
		if err != nil {
			s.t.Fatal(err)
		}
		if m.Template == template {
			return m
		}
	}
	s.t.Fatalf("no e-mail %s", template)
	return mail.Shown{}
}

// changes is the address of the changes to a user.
func (s *server) changes(id string) string { return "/v1/users/" + id + "/changes" }

func resetAddress(email string) api.ChangeUser {
	return api.ChangeUser{Kind: api.KindResetAddress, Email: email, Reason: "no access"}
}

// roles are those that a user gets who was read as version.
func roles(version string, roles ...string) api.ChangeUser {
	return api.ChangeUser{Kind: api.KindRoles, Roles: roles, Reason: "a new task", Version: version}
}

// userVersion is the version of a user as staff reads it.
func (s *server) userVersion(boss api.Session, id string) string {
	s.t.Helper()
	return read[api.User](s.t, s.call(boss, "GET", "/v1/users/"+id, nil)).Version
}

// userOperations are all operations on users, with what a good request sends.
func userOperations(id, approval string) []struct {
	method, path string
	body         map[string]any
	proof        bool
} {
	changes := "/v1/users/" + id + "/changes"
	change := func(kind string) map[string]any { return map[string]any{"kind": kind, "reason": reason} }
	return []struct {
		method, path string
		body         map[string]any
		proof        bool
	}{
		{"GET", "/v1/users", nil, false},
		{"GET", "/v1/users?query=target&state=active&role=participant", nil, false},
		{"GET", "/v1/users/" + id, nil, false},
		{"POST", "/v1/users", map[string]any{
			"family_name": "Costa", "email": "ines@example.net", "language": "en", "country": "AD", "membership": "media",
			"new_organization": map[string]any{"name": "Radio Andorra"}, "reason": reason,
		}, true},
		{"GET", "/v1/users/" + id + "/registrations", nil, false},
		{"POST", "/v1/exports/users", map[string]any{"query": "target"}, false},
		{"GET", "/v1/approvals", nil, false},
		{"POST", changes, change(api.KindActivate), true},
		{"POST", changes, change(api.KindRemoveSecondFactor), true},
		{"POST", changes, change(api.KindEndSessions), true},
		{"POST", changes, map[string]any{"kind": api.KindResetAddress, "email": "area@example.org", "reason": "no access"}, true},
		{"POST", changes, map[string]any{"kind": api.KindRemoveResetAddress}, true},
		{"POST", changes, map[string]any{"kind": api.KindRoles, "roles": []string{"meeting-manager"}, "reason": "new task", "version": "1"}, true},
		{"POST", changes, map[string]any{"kind": api.KindCorrectProfile, "profile": map[string]any{"family_name": "Corrected"}, "reason": "a letter was missing", "version": "1"}, true},
		{"POST", changes, change(api.KindDeactivate), true},
		{"POST", "/v1/approvals/" + approval, map[string]any{"approve": true}, true},
	}
}

func (s *server) userID(boss api.Session, username string) string {
	s.t.Helper()
	for _, u := range read[api.Users](s.t, s.call(boss, "GET", "/v1/users?query="+username, nil)).Users {
		if u.Username == username {
			return u.ID
		}
	}
	s.t.Fatalf("no user %s", username)
	return ""
}

func TestUsers_areForAdministratorsWithAFreshProof(t *testing.T) {
	s := serve(t, nil)
	boss, second := s.account("boss", api.RoleAdministrator), s.proven(s.account("second", api.RoleAdministrator))
	participant, manager := s.proven(s.account("participant")), s.proven(s.account("manager", api.RoleMeetingManager))
	s.account("target")
	id, managerID := s.userID(boss, "target"), s.userID(boss, "manager")
	asked := read[api.Outcome](t, s.call(second, "POST", s.changes(managerID), resetAddress("area@example.org")))
	if !asked.Waiting {
		t.Fatalf("%+v", asked)
	}
	for _, o := range userOperations(id, asked.Approval) {
		for name, c := range map[string]struct {
			session api.Session
			status  int
			code    api.Code
		}{
			"nobody":        {api.Session{}, 401, api.CodeUnauthenticated},
			"a participant": {participant, 403, api.CodeForbidden},
			"a manager":     {manager, 403, api.CodeForbidden},
			"no proof":      {boss, 403, api.CodeProofNeeded},
		} {
			if name == "no proof" && !o.proof {
				continue
			}
			// Also with a body that is refused: strangers learn nothing of what it takes.
			for _, body := range []any{o.body, map[string]any{"x": 1}} {
				if o.body == nil {
					body = nil
				}
				a := s.call(c.session, o.method, o.path, body)
				if a.StatusCode != c.status || a.problem(t).Code != c.code {
					t.Errorf("%s %s, %s: %d %s", o.method, o.path, name, a.StatusCode, a.body)
				}
			}
		}
	}
	if got := read[api.User](t, s.call(boss, "GET", "/v1/users/"+id, nil)); got.State != api.UserActive || len(got.Roles) != 1 || got.ResetAddress != nil {
		t.Errorf("somebody has changed the user: %+v", got)
	}
	s.proven(boss)
	for _, o := range userOperations(id, asked.Approval) {
		var body any
		if o.body != nil {
			body = o.body
		}
		if o.body["version"] != nil {
			o.body["version"] = s.userVersion(boss, id)
		}
		if a := s.call(boss, o.method, o.path, body); a.StatusCode != 200 && a.StatusCode != 204 {
			t.Errorf("%s %s: %d %s", o.method, o.path, a.StatusCode, a.body)
		}
	}
	if strings.Contains(s.log.String(), "area@example.org") || strings.Contains(s.log.String(), "at the desk") {
		t.Error("the log holds what was typed")
	}
}

func TestUsers_refuseSmuggledAndWrongFields(t *testing.T) {
	s := serve(t, nil)
	boss := s.proven(s.account("boss", api.RoleAdministrator))
	s.account("other", api.RoleAdministrator)
	s.account("target")
	id := s.userID(boss, "target")
	for _, o := range userOperations(id, "00000000-0000-7000-8000-000000000000") {
		if o.body == nil {
			continue
		}
		for _, field := range []string{"password", "state", "id", "account_id", "waiting", "by", "expires", "used", "approved_by"} {
			body := map[string]any{field: "x"}
			for k, v := range o.body {
				body[k] = v
			}
			if a := s.call(boss, o.method, o.path, body); a.StatusCode != 422 || a.problem(t).Code != api.CodeInvalid {
				t.Errorf("%s %s with %s: %d %s", o.method, o.path, field, a.StatusCode, a.body)
			}
		}
		if a := s.do(o.method, o.path, `{"reason":"first one","reason":"second one","approve":true,"approve":false}`, "Authorization", "Bearer "+boss.Access); a.StatusCode != 400 {
			t.Errorf("%s %s with keys twice: %d %s", o.method, o.path, a.StatusCode, a.body)
		}
	}
	for _, c := range []struct {
		method, path string
		body         any
		status       int
		code         api.Code
	}{
		{"GET", "/v1/users?state=happy", nil, 422, api.CodeInvalid},
		{"GET", "/v1/users?role=king", nil, 422, api.CodeInvalid},
		{"GET", "/v1/users?query=" + strings.Repeat("x", 201), nil, 422, api.CodeInvalid},
		{"GET", "/v1/users?query=%25_%27", nil, 200, ""},
		{"GET", "/v1/users?query=%E2%80%AE%27", nil, 200, ""},
		{"GET", "/v1/users?inside=true&query=%25_%27", nil, 200, ""},
		{"GET", "/v1/users?after=%E2%80%AE%27", nil, 422, api.CodeInvalid},
		{"GET", "/v1/approvals?after=%E2%80%AE%27", nil, 422, api.CodeInvalid},
		{"GET", "/v1/sessions?after=%E2%80%AE%27", nil, 422, api.CodeInvalid},
		{"GET", "/v1/users/nobody", nil, 404, api.CodeNotFound},
		{"GET", "/v1/users/%00", nil, 400, api.CodeMalformed},
		{"POST", s.changes(id), roles("1", "king"), 422, api.CodeInvalid},
		{"POST", s.changes(id), map[string]any{"kind": "roles", "roles": []string{}, "reason": "because"}, 422, api.CodeInvalid},
		{"POST", s.changes(id), map[string]any{"kind": "roles", "roles": []string{"administrator"}, "reason": "b"}, 422, api.CodeInvalid},
		{"POST", s.changes(id), roles("1", slices.Repeat([]string{"administrator"}, 11)...), 422, api.CodeInvalid},
		{"POST", s.changes(id), resetAddress("x@example.org\nBcc: y@example.org"), 422, api.CodeInvalid},
		{"POST", s.changes(id), resetAddress("target@example.org"), 422, api.CodeInvalid},
		{"POST", s.changes(s.userID(boss, "boss")), api.ChangeUser{Kind: api.KindDeactivate, Reason: "because"}, 409, api.CodeOwnRoles},
		{"POST", "/v1/approvals/nothing", api.DecideApproval{Approve: true}, 404, api.CodeNotFound},
	} {
		a := s.call(boss, c.method, c.path, c.body)
		if a.StatusCode != c.status || c.code != "" && a.problem(t).Code != c.code {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.StatusCode, a.body)
		}
	}
	if got := read[api.User](t, s.call(boss, "GET", "/v1/users/"+id, nil)); got.State != api.UserActive || len(got.Roles) != 1 || got.ResetAddress != nil || len(got.Pending) != 0 {
		t.Errorf("the user was changed: %+v", got)
	}
}

// Option 2 of the reset options over HTTP, for somebody with a role: asked for,
// approved, looked at and stopped by the owner.
func TestResetAddress_overHTTP(t *testing.T) {
	s := serve(t, nil)
	first, second := s.proven(s.account("first", api.RoleAdministrator)), s.proven(s.account("second", api.RoleAdministrator))
	s.account("manager", api.RoleMeetingManager)
	id := s.userID(first, "manager")
	out := read[api.Outcome](t, s.call(first, "POST", s.changes(id), resetAddress("area@example.org")))
	list := read[api.Approvals](t, s.call(second, "GET", "/v1/approvals", nil))
	if !out.Waiting || len(list.Approvals) != 1 || list.Approvals[0].ID != out.Approval || list.Approvals[0].Own {
		t.Fatalf("%+v, %+v", out, list)
	}
	decide := func(by api.Session, approve bool) answered {
		return s.call(by, "POST", "/v1/approvals/"+out.Approval, api.DecideApproval{Approve: approve})
	}
	if a := decide(first, true); a.StatusCode != 409 || a.problem(t).Code != api.CodeSecondPerson {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := decide(second, true); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := decide(second, true); a.StatusCode != 404 {
		t.Errorf("again: %d %s", a.StatusCode, a.body)
	}
	u := read[api.User](t, s.call(first, "GET", "/v1/users/"+id, nil))
	if u.ResetAddress == nil || u.ResetAddress.Email != "area@example.org" || u.ResetAddress.By != "first" || u.ResetAddress.Reason != "no access" {
		t.Errorf("%+v", u.ResetAddress)
	}
	r := read[api.Recovery](t, s.post("/v1/account/recovery", api.Recover{Flow: flowA, Identifier: "manager"}))
	if !strings.HasPrefix(r.Address, "a•") {
		t.Errorf("the address shown is %s", r.Address)
	}

	_, token, _ := strings.Cut(s.newestMail(mail.ResetAddressSet).Secrets[mail.Link], "#")
	check := func() answered { return s.post("/web/stop/check", map[string]string{"token": token}) }
	for range 2 { // looking changes nothing
		if a := check(); a.StatusCode != 200 || !strings.Contains(string(a.body), `"username":"manager"`) || strings.Contains(string(a.body), "area@") {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	if a := s.do("GET", "/web/stop", ""); a.StatusCode == 204 {
		t.Error("GET stops")
	}
	if a := s.post("/web/stop", map[string]string{"token": flowB}); a.StatusCode != 410 {
		t.Errorf("a made-up token: %d %s", a.StatusCode, a.body)
	}
	if a := s.post("/web/stop", map[string]string{"token": token}); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, a := range []answered{check(), s.post("/web/stop", map[string]string{"token": token})} {
		if a.StatusCode != 410 || a.problem(t).Code != api.CodeCodeExpired {
			t.Errorf("stopped already: %d %s", a.StatusCode, a.body)
		}
	}
	if u := read[api.User](t, s.call(first, "GET", "/v1/users/"+id, nil)); u.ResetAddress != nil {
		t.Errorf("%+v", u.ResetAddress)
	}
	if strings.Contains(s.log.String(), token) {
		t.Error("the log holds the token")
	}
}
