package httpapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/mail"
)

// own are the operations of self.go.
var own = []struct {
	method, path, body string
	proof              bool
	status             int // with a session and a proof
}{
	{"PUT", "/v1/account/profile", `{"first_name":"Amina","language":"fr","version":"VERSION"}`, false, 200},
	{"PUT", "/v1/account/username", `{"username":"amina2"}`, true, 200},
	{"POST", "/v1/account/email", `{"email":"new@example.net"}`, true, 202},
	{"POST", "/v1/account/email/confirm", `{"code":"0000000000"}`, false, 422},
	{"POST", "/v1/account/email/adopt", "", true, 404},
	{"GET", "/v1/sessions", "", false, 200},
	{"DELETE", "/v1/sessions/nobody", "", false, 404},
	{"POST", "/v1/devices/forget", `{"device":"` + flowA + `"}`, false, 204},
	{"GET", "/v1/account/export", "", true, 200},
	{"POST", "/v1/account/deletion", "", true, 200},
	{"GET", "/v1/account/deletion", "", false, 200},
	{"DELETE", "/v1/account/deletion", "", false, 204},
}

func TestSelf_needsASessionAndWhereItMattersAProof(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	for _, o := range own {
		if a := s.do(o.method, o.path, o.body); a.problem(t).Code != api.CodeUnauthenticated {
			t.Errorf("%s %s without a session: %s", o.method, o.path, a.body)
		}
		if o.proof {
			a := s.do(o.method, o.path, o.body, "Authorization", "Bearer "+session.Access)
			if a.problem(t).Code != api.CodeProofNeeded {
				t.Errorf("%s %s without a proof: %s", o.method, o.path, a.body)
			}
		}
	}
	s.prove(session.Access)
	var owner api.Account
	s.as(session, "GET", "/v1/account", nil, &owner)
	for _, o := range own {
		body := strings.ReplaceAll(o.body, "VERSION", owner.Version)
		if a := s.do(o.method, o.path, body, "Authorization", "Bearer "+session.Access); a.StatusCode != o.status {
			t.Errorf("%s %s: %d %s", o.method, o.path, a.StatusCode, a.body)
		}
	}
}

// What is no field of an operation is refused, and nothing of the rest happens.
func TestSelf_refusesSmuggledFields(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	s.prove(session.Access)
	var before api.Account
	s.as(session, "GET", "/v1/account", nil, &before)
	for _, o := range own {
		if o.body == "" {
			continue
		}
		for _, extra := range []string{
			`"roles":["administrator"]`, `"state":"active"`, `"id":"x"`, `"account_id":"x"`, `"password":"x"`, `"taken":false`, `"Language":"ar"`,
		} {
			body := strings.TrimSuffix(o.body, "}") + "," + extra + "}"
			a := s.do(o.method, o.path, body, "Authorization", "Bearer "+session.Access)
			if a.StatusCode != 422 && a.StatusCode != 400 {
				t.Errorf("%s %s %s: %d %s", o.method, o.path, body, a.StatusCode, a.body)
			}
			a.problem(t)
		}
	}
	var after api.Account
	s.as(session, "GET", "/v1/account", nil, &after)
	if a, b := mustJSON(t, before), mustJSON(t, after); a != b {
		t.Errorf("%s became %s", a, b)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSelf_hostileInputIsRefused(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	stranger := s.account("boris")
	s.prove(session.Access)
	var theirs api.Sessions
	s.as(stranger, "GET", "/v1/sessions", nil, &theirs)
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"PUT", "/v1/account/profile", `{"first_name":"A\r\nBcc: x@example.org","language":"en","version":"1"}`, 422},
		{"PUT", "/v1/account/profile", `{"first_name":"A\u0000","language":"en","version":"1"}`, 400},
		{"PUT", "/v1/account/profile", `{"first_name":"A","language":"tlh","version":"1"}`, 422},
		{"PUT", "/v1/account/profile", `{"first_name":"` + strings.Repeat("A", 101) + `","language":"en","version":"1"}`, 422},
		{"PUT", "/v1/account/profile", `{"first_name":"A","first_name":"B","language":"en","version":"1"}`, 400},
		{"PUT", "/v1/account/profile", `{"first_name":"` + strings.Repeat("A", 10<<20) + `","language":"en","version":"1"}`, 413},
		{"PUT", "/v1/account/username", `{"username":"a@example.org"}`, 422},
		{"POST", "/v1/account/email", `{"email":"a@example.org\nBcc: b@example.org"}`, 422},
		{"POST", "/v1/account/email", `{"email":"amina@example.org"}`, 422},
		{"POST", "/v1/account/email/confirm", `{"code":"` + strings.Repeat("1", 41) + `"}`, 422},
		{"POST", "/v1/devices/forget", `{"device":"short"}`, 422},
		{"DELETE", "/v1/sessions/" + theirs.Sessions[0].ID, "", 404},
		{"DELETE", "/v1/sessions/%00", "", 400},
		{"DELETE", "/v1/sessions/%ff%fe", "", 400},
		{"DELETE", "/v1/sessions/" + strings.Repeat("a", 41), "", 422},
	} {
		a := s.do(c.method, c.path, c.body, "Authorization", "Bearer "+session.Access)
		if a.StatusCode != c.status {
			t.Errorf("%s %s %.60s: %d %s", c.method, c.path, c.body, a.StatusCode, a.body)
		}
		a.problem(t)
	}
	if a := s.as(stranger, "GET", "/v1/account", nil, nil); a.StatusCode != 200 {
		t.Errorf("the stranger's session: %d", a.StatusCode)
	}
}

// The answers to a change to a taken and to a free address do not differ.
func TestChangeEmail_answersEquallyForTakenAndFreeAddresses(t *testing.T) {
	s := serve(t, nil)
	s.account("boris")
	session := s.account("amina")
	s.prove(session.Access)
	shapes := map[string]string{}
	for _, email := range []string{"boris@example.org", "free@example.org"} {
		a := s.as(session, "POST", "/v1/account/email", api.ChangeEmail{Email: email}, nil)
		b := s.as(session, "POST", "/v1/account/email/confirm", api.ConfirmEmail{Code: "0000000000"}, nil)
		c := s.as(session, "GET", "/v1/account", nil, nil)
		if a.StatusCode != 202 || b.problem(t).Code != api.CodeCodeWrong || !strings.Contains(string(c.body), email) {
			t.Errorf("%s: %d, %s, %s", email, a.StatusCode, b.body, c.body)
		}
		shapes[a.shape()+b.shape()] = email
	}
	if len(shapes) != 1 {
		t.Errorf("they differ: %v", slices.Collect(maps.Keys(shapes)))
	}
}

// The own data over HTTP: with the registrations, and gone after the deletion.
func TestSelf_exportAndDeletion(t *testing.T) {
	s := serve(t, nil)
	s.meeting()
	session := s.account("amina")
	s.as(session, "POST", "/v1/operations", api.Deliver{Stream: "01890000-0000-7000-8000-000000000001", Operations: []api.Operation{registerOperation(1)}}, nil)
	s.prove(session.Access)
	var e api.Export
	if a := s.as(session, "GET", "/v1/account/export", nil, &e); a.StatusCode != 200 || e.Account.Email != "amina@example.org" ||
		!strings.Contains(string(e.Data["registrations"]), meetingCode) || !strings.Contains(string(e.Data["operations"]), api.OpRegister) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	var d api.Deletion
	if a := s.as(session, "POST", "/v1/account/deletion", nil, &d); a.StatusCode != http.StatusOK || d.Due.Sub(d.Asked).Hours() != 14*24 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	newest, err := "", error(nil)
	for m, e := range s.outgoing() {
		newest, err = m.Template, e
		break
	}
	if err != nil || newest != mail.DeletionAsked {
		t.Errorf("%s, %v", newest, err)
	}
	var taken api.Deletion
	s.as(session, "DELETE", "/v1/account/deletion", nil, nil)
	if a := s.as(session, "GET", "/v1/account/deletion", nil, &taken); !taken.Due.IsZero() || taken.GraceDays != 14 {
		t.Errorf("%s", a.body)
	}
}
