package service_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/secret"
)

// A stored password hash that cannot be read keeps its owner out, who sees a wrong
// password; the numbers tell the operator.
func TestMetrics_countHashesThatCannotBeRead(t *testing.T) {
	database := filepath.Join(t.TempDir(), "plenary.db")
	if _, err := service.Init(t.Context(), database, settings, quiet()); err != nil {
		t.Fatal(err)
	}
	s, err := service.New(t.Context(), service.Config{
		Database: database, Key: secret.Generate(), Version: "1.0", Log: quiet(), Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	_, who := registered(t, s)
	counted := func(want string) {
		t.Helper()
		answer := httptest.NewRecorder()
		s.Metrics().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if !strings.Contains(answer.Body.String(), "\nplenary_password_hashes_unreadable_total "+want+"\n") {
			t.Errorf("not %s in:\n%s", want, answer.Body)
		}
	}
	counted("0")
	exec(t, s.DB(), `UPDATE credentials SET password = '{SSHA}x' WHERE account_id = $1`, who.AccountID)
	account, err := s.Accounts().Own(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts().LogIn(t.Context(), api.LogIn{Identifier: account.Username, Password: "x"}); !api.HasCode(err, api.CodeCredentials) {
		t.Errorf("log in: %v", err)
	}
	counted("1")
}
