package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"plenary/app"
	"plenary/client"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	if s, err := app.LoadSettings(dir); s != (app.Settings{}) || err != nil {
		t.Errorf("none: %+v, %v", s, err)
	}
	if err := app.SaveSettings(dir, app.Settings{Service: "Example.int/", CAFile: "/ca.pem"}); err != nil {
		t.Fatal(err)
	}
	want := app.Settings{Service: "https://example.int", CAFile: "/ca.pem"}
	if s, err := app.LoadSettings(dir); s != want || err != nil {
		t.Errorf("got %+v, %v", s, err)
	}
	if err := app.SaveSettings(dir, app.Settings{Service: "http://example.int"}); !errors.Is(err, client.ErrAddress) {
		t.Errorf("insecure address: %v", err)
	}
	path := filepath.Join(dir, "config.json")
	if err := os.WriteFile(path, []byte(`{"service":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.LoadSettings(dir); app.Explain(err).Kind != app.KindSettings {
		t.Errorf("damaged: %v", err)
	}
	if err := app.SaveSettings(dir, want); err != nil {
		t.Errorf("in place of damaged ones: %v", err)
	}
}
