package metrics

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/secret"
	"plenary/service/store"
)

// run runs a service whose requests and state are counted.
func run(t *testing.T) (*service.Service, *Metrics) {
	t.Helper()
	database := filepath.Join(t.TempDir(), "plenary.db")
	if _, err := service.Init(t.Context(), database, service.Settings{
		Organization: "Example Organization", ServiceDesk: "desk@example.org", Address: "https://accounts.example.org/",
	}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	m := New()
	s, err := service.New(t.Context(), service.Config{
		Database: database, Key: secret.Generate(), Version: "1.0", Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Requests: m,
	})
	if err != nil {
		t.Fatal(err)
	}
	m.Of(s)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, m
}

func exec(t *testing.T, s *service.Service, statement string) {
	t.Helper()
	if err := s.DB().Update(t.Context(), func(tx *store.Tx) error {
		tx.Do(statement)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// ask asks a handler as a proxy that is trusted does.
func ask(h http.Handler, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = "192.0.2.1:1234"
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	r.Header.Set("X-Forwarded-Proto", "https")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer
}

// wantLine wants a line of /metrics.
func wantLine(t *testing.T, m *Metrics, line string) {
	t.Helper()
	if text := ask(m.Handler(), http.MethodGet, "/metrics").Body.String(); !strings.Contains("\n"+text, "\n"+line+"\n") {
		t.Errorf("no line %q in:\n%s", line, text)
	}
}

func TestMetrics_countRoutesAndNameNobody(t *testing.T) {
	s, m := run(t)
	ask(s.Handler(), http.MethodGet, "/v1/meetings/C-12345678")
	ask(s.Handler(), "SECRET", "/v1/secret-path")
	wantLine(t, m, `plenary_http_requests_total{method="GET",route="/v1/meetings/{code}",status="404"} 1`)
	wantLine(t, m, `plenary_http_requests_in_flight 0`)
	text := ask(m.Handler(), http.MethodGet, "/metrics").Body.String()
	for _, no := range []string{"12345678", "secret-path", "SECRET"} {
		if strings.Contains(text, no) {
			t.Errorf("%s is in the metrics", no)
		}
	}
	// Where people ask, there are no numbers for anybody; where numbers are, nothing else.
	if a := ask(s.Handler(), http.MethodGet, "/metrics"); a.Code != http.StatusNotFound {
		t.Errorf("beside the operations: %d", a.Code)
	}
	if a := ask(m.Handler(), http.MethodGet, "/v1/service"); a.Code != http.StatusNotFound {
		t.Errorf("an operation beside the numbers: %d", a.Code)
	}
}

// A stored password hash that cannot be read keeps its owner out, who sees a wrong
// password; the numbers tell the operator.
func TestMetrics_countHashesThatCannotBeRead(t *testing.T) {
	s, m := run(t)
	if _, err := s.Accounts().Create(t.Context(), staff.NewAccount{
		Username: "amina", Email: "amina@example.org", Password: "Tr4vel-Lemur&Quartz", FirstName: "Amina",
		Organization: api.Organization{Name: "Example Telecom", Country: "CH", Membership: "sector-member"},
	}); err != nil {
		t.Fatal(err)
	}
	wantLine(t, m, "plenary_password_hashes_unreadable_total 0")
	exec(t, s, `UPDATE credentials SET password = '{SSHA}x'`)
	if _, err := s.Accounts().LogIn(t.Context(), api.LogIn{Identifier: "amina", Password: "x"}); !api.HasCode(err, api.CodeCredentials) {
		t.Errorf("log in: %v", err)
	}
	wantLine(t, m, "plenary_password_hashes_unreadable_total 1")
}

// A database that cannot be asked is itself a number, and not a failed reading: what
// this node knows by itself is told all the same.
func TestMetrics_tellOfADatabaseThatCannotBeAsked(t *testing.T) {
	s, m := run(t)
	wantLine(t, m, "plenary_state_unknown 0")
	wantLine(t, m, "plenary_mails_waiting 0")
	exec(t, s, `ALTER TABLE deletions RENAME TO away`)
	wantLine(t, m, "plenary_state_unknown 1")
	wantLine(t, m, "plenary_mail_server_missing 1")
}
