package httpapi

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"plenary/api"
)

// call sends JSON with a session's access token.
func (s *server) call(session api.Session, method, path string, body any) answered {
	s.t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		text = string(b)
	}
	return s.do(method, path, text, "Authorization", "Bearer "+session.Access)
}

func read[B any](t *testing.T, a answered) (body B) {
	t.Helper()
	if a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// What needs a fresh proof says so to a session that has given none, whatever
// is sent with it.
func TestProof_isAskedFor(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	guarded := []struct {
		method, path string
		body         any
	}{
		{"POST", "/v1/account/second-factor", nil},
		{"POST", "/v1/account/second-factor/confirm", api.ConfirmSecondFactor{Code: "123456"}},
		{"POST", "/v1/account/second-factor/recovery-codes", nil},
		{"DELETE", "/v1/account/second-factor", nil},
		{"PUT", "/v1/account/secret-question", api.SetSecretQuestion{Question: "first-street", Answer: "Main Street"}},
		{"DELETE", "/v1/account/secret-question", nil},
	}
	for _, g := range guarded {
		for _, body := range []any{g.body, map[string]any{"x": 1}} {
			if a := s.call(session, g.method, g.path, body); a.StatusCode != 403 || a.problem(t).Code != api.CodeProofNeeded {
				t.Errorf("%s %s: %d %s", g.method, g.path, a.StatusCode, a.body)
			}
		}
		if a := s.do(g.method, g.path, ""); a.StatusCode != 401 {
			t.Errorf("%s %s without a session: %d", g.method, g.path, a.StatusCode)
		}
	}
	if a := s.call(session, "POST", "/v1/session/proof", api.Reauthenticate{Password: "wrong"}); a.StatusCode != 401 || a.problem(t).Code != api.CodeCredentials {
		t.Errorf("wrong password: %d %s", a.StatusCode, a.body)
	}
	if a := s.call(session, "POST", "/v1/session/proof", api.Reauthenticate{Password: password}); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, g := range guarded {
		if a := s.call(session, g.method, g.path, g.body); a.StatusCode == 403 || a.StatusCode >= 500 {
			t.Errorf("%s %s: %d %s", g.method, g.path, a.StatusCode, a.body)
		}
	}
}

// Two-step log-in over HTTP, from the set-up to the log-in.
func TestSecondFactor_overHTTP(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	if a := s.call(session, "POST", "/v1/session/proof", api.Reauthenticate{Password: password}); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	setup := read[api.SecondFactorSetup](t, s.call(session, "POST", "/v1/account/second-factor", nil))
	code, err := totp.GenerateCode(setup.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	codes := read[api.RecoveryCodes](t, s.call(session, "POST", "/v1/account/second-factor/confirm", api.ConfirmSecondFactor{Code: code}))
	if f := read[api.SecondFactor](t, s.call(session, "GET", "/v1/account/second-factor", nil)); !f.On || f.RecoveryCodes != len(codes.Codes) {
		t.Errorf("got %+v", f)
	}
	in := api.LogIn{Identifier: "amina", Password: password}
	for _, c := range []struct {
		second string
		status int
		code   api.Code
	}{
		{"", 401, api.CodeSecondFactorNeeded},
		{"000-000", 401, api.CodeSecondFactorWrong},
		{codes.Codes[0], 200, ""},
		{codes.Codes[0], 401, api.CodeSecondFactorWrong},
	} {
		in.SecondFactor = c.second
		a := s.post("/v1/session", in)
		if a.StatusCode != c.status || c.status != 200 && a.problem(t).Code != c.code {
			t.Errorf("%q: %d %s", c.second, a.StatusCode, a.body)
		}
	}
	for _, secret := range append(codes.Codes, setup.Secret, setup.URI) {
		if strings.Contains(s.log.String(), secret) {
			t.Error("the log holds a secret")
		}
	}
}

func TestChangePassword_overHTTP(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	const next = "Br1ght_Otter^Meadow"
	for _, c := range []struct {
		in     api.ChangePassword
		status int
	}{
		{api.ChangePassword{Current: password, New: "weak"}, 422},
		{api.ChangePassword{Current: "wrong", New: next}, 401},
		{api.ChangePassword{Current: password, New: password}, 422},
		{api.ChangePassword{Current: password, New: next}, 200},
		{api.ChangePassword{Current: next, New: password}, 401}, // with the tokens of before
	} {
		a := s.call(session, "POST", "/v1/account/password", c.in)
		if a.StatusCode != c.status {
			t.Errorf("%+v: %d %s", c.in, a.StatusCode, a.body)
		}
		if c.status == 200 {
			var now api.Session
			if err := json.Unmarshal(a.body, &now); err != nil {
				t.Fatal(err)
			}
			if a := s.call(now, "GET", "/v1/account", nil); a.StatusCode != 200 {
				t.Errorf("with the new tokens: %d %s", a.StatusCode, a.body)
			}
		}
	}
}

// The answers on the way of the secret question tell nothing of who exists.
func TestAnswers_toTheSecretQuestionAreEqualForTakenAndFreeNames(t *testing.T) {
	s := serve(t, nil)
	s.account("amina")
	for flow, identifier := range map[string]string{flowA: "amina", flowB: "nobby"} {
		if a := s.post("/v1/account/recovery", api.Recover{Flow: flow, Identifier: identifier, Device: flowA}); a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	for name, ask := range map[string]func(flow string) answered{
		"question": func(flow string) answered {
			return s.post("/v1/account/recovery/question", api.RecoveryCode{Flow: flow, Code: "00000-00000"})
		},
		"answer": func(flow string) answered {
			return s.post("/v1/account/recovery/answer", api.RecoveryAnswer{Flow: flow, Answer: "Main Street"})
		},
		"answer with a code": func(flow string) answered {
			return s.post("/v1/account/recovery/answer", api.RecoveryAnswer{Flow: flow, Code: "00000-00000", Answer: "Main Street"})
		},
		"reset": func(flow string) answered {
			return s.post("/v1/account/recovery/reset", api.Reset{Flow: flow, Answer: "Main Street", Password: password})
		},
	} {
		if taken, free := ask(flowA).shape(), ask(flowB).shape(); taken != free {
			t.Errorf("%s: taken:\n%s\n\nfree:\n%s", name, taken, free)
		}
	}
}
