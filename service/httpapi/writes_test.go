package httpapi

import (
	"net/http"
	"testing"

	"plenary/api"
)

// An account can ask for so many changes in an hour. What ends its sessions, and what
// reads, is not counted.
func TestWrites_haveABudget(t *testing.T) {
	s := serve(t, nil)
	amina, bela := s.account("amina"), s.account("bela")
	change := func(who api.Session) answered {
		return s.as(who, http.MethodPut, "/v1/account/profile", struct{}{}, nil)
	}
	for n := range 600 {
		if a := change(amina); a.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("change %d: %d %s", n+1, a.StatusCode, a.body)
		}
	}
	if a := change(amina); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("once more: %d %s", a.StatusCode, a.body)
	}
	if a := change(bela); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("somebody else: %d %s", a.StatusCode, a.body)
	}
	if a := s.as(amina, http.MethodGet, "/v1/account", nil, nil); a.StatusCode != http.StatusOK {
		t.Errorf("reading: %d %s", a.StatusCode, a.body)
	}
	if a := s.as(amina, http.MethodDelete, "/v1/sessions", nil, nil); a.StatusCode != http.StatusNoContent {
		t.Errorf("logging out everywhere: %d %s", a.StatusCode, a.body)
	}
}
