package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/mail"
)

const (
	flowA = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	flowB = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"
)

func signUp(flow, email, username string) api.SignUp {
	return api.SignUp{
		Flow: flow, FirstName: "Boris", FamilyName: "Ivanov", Email: email, Language: "fr", Username: username, Password: password,
		Membership: "sector-member", Country: "CH", OrganizationID: "itu1", AcceptTerms: true, ReadPrivacy: true,
	}
}

// The whole way of an account over HTTP.
func TestAccount_fromSignUpToReset(t *testing.T) {
	s := serve(t, nil)
	want := func(a answered, status int) answered {
		t.Helper()
		if a.StatusCode != status {
			t.Fatalf("%d, want %d: %s", a.StatusCode, status, a.body)
		}
		return a
	}
	newest := func() mail.Shown {
		t.Helper()
		for m, err := range s.outgoing() {
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		t.Fatal("no e-mail")
		return mail.Shown{}
	}
	logIn := func(password string) api.Session {
		t.Helper()
		var session api.Session
		a := want(s.post("/v1/session", api.LogIn{Identifier: "boris", Password: password}), 200)
		if err := json.Unmarshal(a.body, &session); err != nil {
			t.Fatal(err)
		}
		return session
	}
	want(s.post("/v1/account/sign-up", signUp(flowA, "boris@example.org", "boris")), 202)
	if a := want(s.post("/v1/session", api.LogIn{Identifier: "boris", Password: password}), 403); a.problem(t).Code != api.CodeNotActive {
		t.Errorf("got %s", a.body)
	}
	want(s.post("/v1/account/activate/resend", api.ResendActivation{Identifier: "boris", Password: password}), 202)
	m := newest()
	if !strings.HasPrefix(m.Secrets[mail.Link], "https://accounts.example.org/activate?lang=fr#") {
		t.Errorf("link %s", m.Secrets[mail.Link])
	}
	want(s.post("/v1/account/activate", api.Activate{Flow: flowA, Code: m.Secrets[mail.Code], Password: password}), 204)
	if a := want(s.post("/v1/account/sign-up/state", api.Flow{Token: flowA}), 200); !bytes.Contains(a.body, []byte(`"active"`)) {
		t.Errorf("got %s", a.body)
	}
	session := logIn(password)
	bearer := []string{"Authorization", "Bearer " + session.Access}
	if a := want(s.do("GET", "/v1/account", "", bearer...), 200); !bytes.Contains(a.body, []byte(`"username":"boris"`)) {
		t.Errorf("got %s", a.body)
	}
	want(s.post("/v1/session/refresh", api.Refresh{Refresh: session.Refresh}), 200)

	want(s.post("/v1/account/recovery", api.Recover{Flow: flowB, Identifier: "boris"}), 200)
	want(s.post("/v1/account/recovery/send", api.Flow{Token: flowB}), 202)
	m = newest()
	want(s.post("/v1/account/recovery/check", api.RecoveryCode{Flow: flowB, Code: m.Secrets[mail.Code]}), 200)
	if a := s.post("/v1/account/recovery/reset", api.Reset{Flow: flowB, Code: m.Secrets[mail.Code], Password: "weak"}); a.problem(t).Code != api.CodePasswordRefused {
		t.Errorf("got %s", a.body)
	}
	const next = "Br1ght_Otter^Meadow"
	want(s.post("/v1/account/recovery/reset", api.Reset{Flow: flowB, Code: m.Secrets[mail.Code], Password: next}), 204)
	want(s.do("GET", "/v1/account", "", bearer...), 401)

	session = logIn(next)
	want(s.do("DELETE", "/v1/session", "", "Authorization", "Bearer "+session.Access), 204)
	if a := want(s.post("/v1/session/refresh", api.Refresh{Refresh: session.Refresh}), 401); a.problem(t).Code != api.CodeSessionEnded {
		t.Errorf("got %s", a.body)
	}
	session = logIn(next)
	want(s.do("DELETE", "/v1/sessions", "", "Authorization", "Bearer "+session.Access), 204)
	want(s.do("GET", "/v1/account", "", "Authorization", "Bearer "+session.Access), 401)

	for _, secret := range []string{"boris@example.org", "Ivanov", password, next, session.Access, m.Secrets[mail.Code]} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

// shape is all of an answer that a stranger can compare, references and times aside.
func (a answered) shape() string {
	h := maps.Clone(a.Header)
	for _, name := range []string{"Date", api.HeaderTime, api.HeaderReference} {
		h.Del(name)
	}
	body := string(a.body)
	var p api.Problem
	if json.Unmarshal(a.body, &p) == nil && p.Reference != "" {
		body = strings.ReplaceAll(body, p.Reference, "")
	}
	var b strings.Builder
	b.WriteString(a.Status + "\n")
	for _, name := range slices.Sorted(maps.Keys(h)) {
		b.WriteString(name + ": " + strings.Join(h[name], ",") + "\n")
	}
	return b.String() + body
}

func TestAnswers_areEqualForTakenAndFreeAddresses(t *testing.T) {
	s := serve(t, nil)
	s.account("amina")
	for _, c := range []struct {
		name string
		ask  func(flow, address, username string) answered
	}{
		{"sign-up", func(flow, address, username string) answered {
			return s.post("/v1/account/sign-up", signUp(flow, address, username))
		}},
		{"log-in", func(_, address, _ string) answered {
			return s.post("/v1/session", api.LogIn{Identifier: address, Password: "wrong"})
		}},
		{"resend", func(_, address, _ string) answered {
			return s.post("/v1/account/activate/resend", api.ResendActivation{Identifier: address, Password: "wrong"})
		}},
		{"recover", func(flow, address, _ string) answered {
			return s.post("/v1/account/recovery", api.Recover{Flow: flow, Identifier: address})
		}},
		{"send", func(flow, _, _ string) answered { return s.post("/v1/account/recovery/send", api.Flow{Token: flow}) }},
		{"check", func(flow, _, _ string) answered {
			return s.post("/v1/account/recovery/check", api.RecoveryCode{Flow: flow, Code: "00000-00000"})
		}},
		{"reset", func(flow, _, _ string) answered {
			return s.post("/v1/account/recovery/reset", api.Reset{Flow: flow, Code: "00000-00000", Password: password})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			replace := strings.NewReplacer(flowA, "FLOW", flowB, "FLOW", "amina@example.org", "ADDRESS", "nobby@example.org", "ADDRESS")
			taken := replace.Replace(c.ask(flowA, "amina@example.org", "first").shape())
			free := replace.Replace(c.ask(flowB, "nobby@example.org", "other").shape())
			if taken != free {
				t.Errorf("taken:\n%s\n\nfree:\n%s", taken, free)
			}
		})
	}
}

func TestSecured_needsALivingSessionAndTheRole(t *testing.T) {
	s := serve(t, nil)
	person, staff := s.account("amina"), s.account("ada", api.RoleAdministrator)
	s.prove(staff.Access)
	const path = "/v1/users/nobody/changes"
	for _, c := range []struct {
		name, authorization string
		status              int
		code                api.Code
	}{
		{"nobody", "", 401, api.CodeUnauthenticated},
		{"no token", "Bearer x", 401, api.CodeUnauthenticated},
		{"other scheme", "Basic " + person.Access, 401, api.CodeUnauthenticated},
		{"refresh token", "Bearer " + staff.Refresh, 401, api.CodeUnauthenticated},
		{"without the role", "Bearer " + person.Access, 403, api.CodeForbidden},
		{"with the role", "bearer " + staff.Access, 404, api.CodeNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do(http.MethodPost, path, `{"kind":"end-sessions","reason":"asked for"}`, "Authorization", c.authorization)
			if p := a.problem(t); a.StatusCode != c.status || p.Code != c.code {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
			if (c.status == 401) != (a.Header.Get("WWW-Authenticate") != "") {
				t.Errorf("WWW-Authenticate %q", a.Header.Get("WWW-Authenticate"))
			}
			// Strangers learn nothing of what the operation takes.
			if c.status != 404 {
				if b := s.do(http.MethodPost, path, `{"x":1}`, "Authorization", c.authorization); b.StatusCode != c.status {
					t.Errorf("with a wrong body: %d %s", b.StatusCode, b.body)
				}
			}
		})
	}
}

func TestRetryAfter_isSent(t *testing.T) {
	s := serve(t, nil)
	var a answered
	for i := range 6 {
		a = s.post("/v1/account/sign-up", signUp(strings.Repeat(string(rune('C'+i)), 42)+"A", "boris@example.org", "boris"))
	}
	if a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "3600" && a.Header.Get("Retry-After") != "3599" {
		t.Errorf("%d, Retry-After %q: %s", a.StatusCode, a.Header.Get("Retry-After"), a.body)
	}
}

// The limits of a network count for where a request comes from: whoever has used them
// up behind one address leaves others theirs.
func TestLimits_ofANetworkAreThoseOfTheRequestsAddress(t *testing.T) {
	s := serve(t, func(d *Deps) { d.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	boss := s.proven(s.account("boss", api.RoleAdministrator))
	policies := read[api.Policies](t, s.call(boss, "GET", "/v1/policies", nil))
	policies.Limits.NetworkRequests = 50
	read[api.Policies](t, s.call(boss, "PUT", "/v1/policies", policies))
	recoverFrom := func(address string, i int) answered {
		body := mustJSON(t, api.Recover{Flow: fmt.Sprintf("%042dA", i), Identifier: "boss"})
		return s.do("POST", "/v1/account/recovery", body, "X-Forwarded-For", address)
	}
	for i := range policies.Limits.NetworkRequests {
		if a := recoverFrom("198.51.100.7", i); a.StatusCode != http.StatusOK {
			t.Fatalf("the %d. time: %d %s", i+1, a.StatusCode, a.body)
		}
	}
	if a := recoverFrom("198.51.100.7", 1000); a.problem(t).Code != api.CodeTooMany {
		t.Errorf("beyond the limit: %d %s", a.StatusCode, a.body)
	}
	if a := recoverFrom("203.0.113.9", 1001); a.StatusCode != http.StatusOK {
		t.Errorf("from elsewhere: %d %s", a.StatusCode, a.body)
	}
}
