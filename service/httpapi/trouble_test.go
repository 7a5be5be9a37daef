package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"plenary/api"
)

// The service's own trouble is told with nothing but a reference, and stands
// under it in the log.
func TestTrouble_isToldByItsReference(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	if err := s.deps.DB.Close(); err != nil {
		t.Fatal(err)
	}
	for _, a := range []answered{
		s.do(http.MethodGet, "/v1/meetings", ""),
		s.do(http.MethodGet, "/v1/account", "", "Authorization", "Bearer "+session.Access),
		s.post("/v1/session", api.LogIn{Identifier: "amina", Password: password}),
		s.post("/v1/session/refresh", api.Refresh{Refresh: session.Refresh}),
	} {
		p := a.problem(t)
		if a.StatusCode != http.StatusInternalServerError || p.Code != api.CodeInternal || len(p.Errors) != 0 {
			t.Errorf("%s: %d %s", a.Request.URL.Path, a.StatusCode, a.body)
		}
		if !strings.Contains(s.log.String(), `"msg":"request failed","reference":"`+p.Reference) {
			t.Errorf("%s: not in the log", a.Request.URL.Path)
		}
	}
	if a := s.do(http.MethodGet, "/readyz", ""); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", a.StatusCode)
	}
	if a := s.do(http.MethodGet, "/healthz", ""); a.StatusCode != http.StatusOK {
		t.Errorf("healthy: %d", a.StatusCode)
	}
	if strings.Contains(s.log.String(), "amina") || strings.Contains(s.log.String(), session.Access) {
		t.Error("the log names somebody")
	}
}
