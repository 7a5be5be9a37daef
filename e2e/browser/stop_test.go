//go:build e2e

package browser

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/secret"
)

// runService runs a service that answers on this machine.
func runService(t *testing.T) (*service.Service, *secret.Key) {
	t.Helper()
	database, key, log := filepath.Join(t.TempDir(), "plenary.db"), secret.Generate(), slog.New(slog.DiscardHandler)
	var s *service.Service
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Handler().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	if _, err := service.Init(t.Context(), database, service.Settings{
		Organization: "Example Organization", ServiceDesk: "servicedesk@example.org", Address: server.URL,
	}, log); err != nil {
		t.Fatal(err)
	}
	var err error
	if s, err = service.New(t.Context(), service.Config{
		Database: database, Key: key, Version: "1.0", Log: log, Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, key
}

// stopLink is the link in the e-mail that tells an owner of a reset address, of
// a service that answers on this machine.
func stopLink(t *testing.T) (link string, address func() *api.ResetAddress) {
	t.Helper()
	s, key := runService(t)
	create := func(username string, roles ...string) string {
		id, err := s.Accounts().Create(t.Context(), staff.NewAccount{
			Username: username, Email: username + "@example.org", Password: "Tr4vel-Lemur&Quartz", FirstName: "Amina", Roles: roles,
			Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	boss, owner := caller.Caller{AccountID: create("boss", api.RoleAdministrator)}, create("owner")
	if _, err := s.Accounts().ChangeUser(t.Context(), boss, owner, api.ChangeUser{Kind: api.KindResetAddress, Email: "area@example.net", Reason: "no access"}); err != nil {
		t.Fatal(err)
	}
	for m, err := range mail.Outgoing(t.Context(), s.DB(), key, mail.Info{Organization: "Example Organization", ServiceDesk: "servicedesk@example.org"}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Template == mail.ResetAddressSet {
			link = m.Secrets[mail.Link]
		}
	}
	return link, func() *api.ResetAddress {
		u, err := s.Accounts().User(context.Background(), boss, owner)
		if err != nil {
			t.Fatal(err)
		}
		return u.ResetAddress
	}
}

func TestStopPage_showsFirstAndStopsOnDemand(t *testing.T) {
	link, address := stopLink(t)
	b, do := begin(t)
	picture := func(name string) {
		if dir := os.Getenv("PLENARY_PICTURES"); dir != "" {
			do(b.SavePNG(filepath.Join(dir, name+".png")))
		}
	}
	for range 2 {
		do(b.Open(link), b.Wait("#ask"))
		if at, err := b.Address(); err != nil || strings.Contains(at, "#") {
			t.Errorf("the address bar has %s (%v)", at, err)
		}
	}
	picture("stop-ask")
	for selector, want := range map[string]string{"#username": "owner", "#address": "a••••••@••••••.net"} {
		if got, err := b.Text(selector); err != nil || got != want {
			t.Errorf("%s is %q (%v)", selector, got, err)
		}
	}
	if address() == nil {
		t.Fatal("looking at the page has stopped it")
	}
	do(b.Click("#stop"), b.Wait("#done"))
	picture("stop-done")
	if address() != nil {
		t.Error("it goes on")
	}
	for _, lang := range []string{"en", "fr", "es", "ru", "zh", "ar"} {
		do(b.Open(strings.Replace(link, "lang=en", "lang="+lang, 1)), b.Wait("#expired"))
		picture("stop-expired-" + lang)
	}
	page, _, _ := strings.Cut(link, "#")
	do(b.Open(page), b.Wait("#no-token"))
	picture("stop-no-token")
}
