package service_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/mail"
	"plenary/service/mail/mailtest"
	"plenary/service/policy"
	"plenary/service/secret"
	"plenary/service/store/storetest"
)

// call asks a node something as whoever has the token.
func call(t *testing.T, s *service.Service, token, method, path string, body, into any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	w := send(t, s, token, method, path, text)
	if w.Code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

// send asks a node something, from this machine.
func send(t *testing.T, s *service.Service, token, method, path string, text []byte) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(text))
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// refuse asks a node what it has to refuse with a code.
func refuse(t *testing.T, s *service.Service, method, path string, body any, code api.Code) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var p api.Problem
	w := send(t, s, "", method, path, text)
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != code {
		t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
}

// An administrator saves a mail server on one node; the other one, which does
// not know of it, sends through it, and nobody is told any more that e-mails wait.
func TestMailServer_savedOnOneNodeCountsOnAll(t *testing.T) {
	const password = "Tr4vel-Lemur&Quartz"
	server := mailtest.Start(t, mailtest.Manners{})
	policies := policy.Default()
	policies.SecondFactor = api.SecondFactorFree
	config := service.Config{
		Policies: &policies,
		Database: storetest.PostgresDSN(t), Key: secret.Generate(), Log: quiet(), Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
		MailLimits: mail.Limits{None: true, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
	}
	if _, err := service.Init(t.Context(), config.Database, settings, quiet()); err != nil {
		t.Fatal(err)
	}
	var both [2]*service.Service
	for i := range both {
		s, err := service.New(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		both[i] = s
	}
	if _, err := both[0].Accounts().Create(t.Context(), staff.NewAccount{
		Username: "admin", Email: "admin@example.org", Password: password, FirstName: "Ada", Roles: []string{api.RoleAdministrator},
		Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
	}); err != nil {
		t.Fatal(err)
	}
	var session api.Session
	call(t, both[0], "", "POST", "/v1/session", api.LogIn{Identifier: "admin", Password: password}, &session)
	call(t, both[0], session.Access, "POST", "/v1/session/proof", api.Reauthenticate{Password: password}, nil)
	for i, s := range both {
		if !ask(t, s).MailWaits {
			t.Errorf("node %d has a mail server before there is one", i)
		}
	}
	var missing api.MailSettings
	call(t, both[0], session.Access, "GET", "/v1/mail/settings", nil, &missing)
	call(t, both[0], session.Access, "PUT", "/v1/mail/settings", api.MailSettings{
		Host: server.Host, Port: server.Port, Security: api.MailNone, Sender: "no-reply@example.org", Version: missing.Version,
	}, nil)
	if ask(t, both[0]).MailWaits {
		t.Error("e-mails wait at the node that has saved the server")
	}
	within(t, 15*time.Second, "known to the other node", func() bool { return !ask(t, both[1]).MailWaits })
	flow := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	call(t, both[1], "", "POST", "/v1/account/recovery", api.Recover{Flow: flow, Identifier: "admin"}, nil)
	call(t, both[1], "", "POST", "/v1/account/recovery/send", api.Flow{Token: flow}, nil)
	within(t, 15*time.Second, "all arrived", func() bool { return len(server.Inbox()) >= 2 })
	var subjects []string
	for _, got := range server.Inbox() {
		subjects = append(subjects, got.Message(t).Header.Get("Subject"))
		if got.To != "admin@example.org" || got.From != "no-reply@example.org" {
			t.Errorf("arrived: %s from %s", got.To, got.From)
		}
	}
	slices.Sort(subjects) // the administrator was told of the change, too
	if want := []string{"Changed in Plenary: the mail server", "Reset your password"}; !slices.Equal(subjects, want) {
		t.Errorf("arrived: %q", subjects)
	}
}
