package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"plenary/api"
	"plenary/service"
	"plenary/service/secret"
	"plenary/service/store/storetest"
)

var settings = service.Settings{
	Organization: "Example Organization", ServiceDesk: "desk@example.org", Address: "https://accounts.example.org/",
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestNew_answersAndStopsOnBothDatabases(t *testing.T) {
	for name, database := range map[string]string{
		"sqlite":   filepath.Join(t.TempDir(), "plenary.db"),
		"postgres": storetest.PostgresDSN(t),
	} {
		t.Run(name, func(t *testing.T) {
			config := service.Config{
				Database: database, Key: secret.Generate(), Version: "1.0", Log: quiet(),
				NewestVersion: "1.1.0", Download: "https://get.example.org",
			}
			if _, err := service.New(t.Context(), config); !errors.Is(err, service.ErrNotMade) {
				t.Fatalf("before Init: %v", err)
			}
			made, err := service.Init(t.Context(), database, settings, quiet())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := service.Init(t.Context(), database, settings, quiet()); !errors.Is(err, service.ErrMade) {
				t.Errorf("second Init: %v", err)
			}
			demo := config
			demo.Demo = true
			if _, err := service.New(t.Context(), demo); err == nil {
				t.Error("the demonstration took a real service's database")
			}
			// Two nodes of one service, where the database allows that.
			nodes := 1
			if name == "postgres" {
				nodes = 2
			}
			for range nodes {
				s, err := service.New(t.Context(), config)
				if err != nil {
					t.Fatal(err)
				}
				defer func() {
					if err := s.Close(); err != nil {
						t.Errorf("close: %v", err)
					}
				}()
				info := ask(t, s)
				if info.ServiceID != made.ServiceID || info.Address != "https://accounts.example.org" || !info.MailWaits ||
					info.NewestVersion != "1.1.0" || info.Download != "https://get.example.org" ||
					info.Policy != "classic" || info.Terms != "https://accounts.example.org/terms" || info.Version != "1.0" {
					t.Errorf("got %+v", info)
				}
			}
		})
	}
}

func ask(t *testing.T, s *service.Service) (info api.ServiceInfo) {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/service", nil)
	r.RemoteAddr = "127.0.0.1:1"
	s.Handler().ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &info); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return info
}

func TestInit_checksItsSettings(t *testing.T) {
	for name, change := range map[string]func(*service.Settings){
		"no organization":   func(s *service.Settings) { s.Organization = "" },
		"no address":        func(s *service.Settings) { s.Address = "" },
		"address with path": func(s *service.Settings) { s.Address = "https://example.org/plenary" },
		"address of files":  func(s *service.Settings) { s.Address = "file:///etc" },
		"address with key":  func(s *service.Settings) { s.Address = "https://u:p@example.org" },
		"no service desk":   func(s *service.Settings) { s.ServiceDesk = "desk" },
		"unknown policy":    func(s *service.Settings) { s.Policy = "none" },
	} {
		t.Run(name, func(t *testing.T) {
			bad := settings
			change(&bad)
			if _, err := service.Init(context.Background(), filepath.Join(t.TempDir(), "plenary.db"), bad, quiet()); err == nil {
				t.Error("accepted")
			}
		})
	}
}
