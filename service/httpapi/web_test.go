package httpapi

import (
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/mail"
)

// What the script of the reset page does, from the e-mail to the new password.
func TestWeb_setsANewPasswordByTheLink(t *testing.T) {
	s := serve(t, nil)
	s.account("amina")
	flow := strings.Repeat("A", 43)
	if a := s.post("/v1/account/recovery", api.Recover{Flow: flow, Identifier: "amina"}); a.StatusCode != 200 {
		t.Fatalf("recover: %d %s", a.StatusCode, a.body)
	}
	if a := s.post("/v1/account/recovery/send", api.Flow{Token: flow}); a.StatusCode != 202 {
		t.Fatalf("send: %d %s", a.StatusCode, a.body)
	}
	_, token, _ := strings.Cut(s.newestMail(mail.Reset).Secrets[mail.Link], "#")
	if a := s.post("/web/reset/check", map[string]string{"token": token}); a.StatusCode != 200 || strings.TrimSpace(string(a.body)) != "{}" {
		t.Errorf("check: %d %s", a.StatusCode, a.body)
	}
	body := map[string]string{"token": token, "password": "Br1ght_Otter^Meadow", "second_factor": ""}
	if a := s.post("/web/reset", body); a.StatusCode != 204 {
		t.Errorf("reset: %d %s", a.StatusCode, a.body)
	}
	if a := s.post("/web/reset", body); a.StatusCode != 410 {
		t.Errorf("the same link again: %d %s", a.StatusCode, a.body)
	}
	if a := s.post("/v1/session", api.LogIn{Identifier: "amina", Password: "Br1ght_Otter^Meadow"}); a.StatusCode != 200 {
		t.Errorf("log in: %d %s", a.StatusCode, a.body)
	}
}
