package httpapi

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// passes checks an answer to what could not be done for the moment.
func (s *server) passes(t *testing.T, a answered, code api.Code) {
	t.Helper()
	p := a.problem(t)
	if a.StatusCode != http.StatusServiceUnavailable || p.Code != code || a.Header.Get("Retry-After") == "" {
		t.Errorf("%s %s: %d %s, Retry-After %q", a.Request.Method, a.Request.URL.Path, a.StatusCode, a.body, a.Header.Get("Retry-After"))
	}
	if said := s.log.String(); !strings.Contains(said, `"msg":"request not taken","reference":"`+p.Reference) || strings.Contains(said, `"level":"ERROR"`) {
		t.Errorf("%s: the log says\n%s", a.Request.URL.Path, said)
	}
}

// ready checks what /readyz says.
func (s *server) ready(t *testing.T, status int, what string) {
	t.Helper()
	if a := s.do(http.MethodGet, "/readyz", ""); a.StatusCode != status || !strings.Contains(string(a.body), what) {
		t.Errorf("ready: %d %s, want %d %q", a.StatusCode, a.body, status, what)
	}
}

// A database that is away is no defect of the service, and no reason to give up.
func TestOutage_ofTheDatabaseIsAnswered503OnPostgres(t *testing.T) {
	postgres := storetest.NewServer(t)
	db, err := store.Open(t.Context(), postgres.DSN(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := serveOn(t, db, nil)
	session := s.account("amina")
	s.ready(t, http.StatusOK, "ok")
	postgres.Stop()
	var work sync.WaitGroup
	for _, ask := range []func() answered{
		func() answered { return s.do(http.MethodGet, "/v1/meetings", "") },
		func() answered {
			return s.do(http.MethodGet, "/v1/account", "", "Authorization", "Bearer "+session.Access)
		},
		func() answered { return s.post("/v1/session", api.LogIn{Identifier: "amina", Password: password}) },
		func() answered { return s.post("/v1/session/refresh", api.Refresh{Refresh: session.Refresh}) },
	} {
		work.Go(func() { s.passes(t, ask(), api.CodeUnavailable) })
	}
	work.Wait()
	s.ready(t, http.StatusServiceUnavailable, "does not answer")
	postgres.Start()
	if a := s.post("/v1/session", api.LogIn{Identifier: "amina", Password: password}); a.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.StatusCode, a.body)
	}
	s.ready(t, http.StatusOK, "ok")
}

func TestOutage_ofTheDiskIsAnswered503(t *testing.T) {
	s := serve(t, nil)
	s.account("amina")
	pages := 0
	if err := s.deps.DB.Update(t.Context(), func(tx *store.Tx) error {
		tx.Get(`PRAGMA page_count`).Into(&pages)
		tx.Get(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Into(&pages)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var refused answered
	for n := range 200 { // until what is free in the file is used up
		token := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%032d", n))
		if refused = s.post("/v1/account/recovery", api.Recover{Flow: token, Identifier: fmt.Sprintf("nobody%d@example.org", n)}); refused.StatusCode >= 500 {
			break
		}
	}
	s.passes(t, refused, api.CodeUnavailable)
	s.ready(t, http.StatusServiceUnavailable, "no room")
	if a := s.do(http.MethodGet, "/v1/meetings", ""); a.StatusCode != http.StatusOK {
		t.Errorf("reading: %d %s", a.StatusCode, a.body)
	}
}

// Where nobody knows whether a change was made, it is said so.
func TestOutage_lostCommitFaultIsToldAsUnknown(t *testing.T) {
	s := serve(t, nil)
	session := s.account("amina")
	stop := storetest.InjectFaults(s.deps.DB, storetest.FaultsOf(storetest.FaultLostAnswer))
	defer stop()
	s.passes(t, s.do(http.MethodDelete, "/v1/session", "", "Authorization", "Bearer "+session.Access), api.CodeOutcomeUnknown)
}
