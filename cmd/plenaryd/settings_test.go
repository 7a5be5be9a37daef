package main

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/api"
)

// What a command changes is what the running service says, without a restart.
func TestSettings_changeWhileTheServiceRuns(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "init", "--data", data, "--organization", "Old Name")
	s := serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
	if out := must(t, "settings", "--data", data); !strings.Contains(out, "organization=Old Name\n") || !strings.Contains(out, "\nchat=\n") {
		t.Errorf("at first:\n%s", out)
	}
	out := must(t, "settings", "organization=New Name", "address=https://new.example.int/", "chat=https://chat.example.int", "--data", data)
	if !strings.Contains(out, "organization=New Name\n") || !strings.Contains(out, "address=https://new.example.int\n") {
		t.Errorf("changed:\n%s", out)
	}
	deadline := time.After(20 * time.Second)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		var info api.ServiceInfo
		a, err := http.Get(s.address() + "/v1/service")
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(a.Body).Decode(&info)
		a.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if info.Organization == "New Name" && info.Address == "https://new.example.int" && info.Chat == "https://chat.example.int" &&
			info.Terms == "https://new.example.int/terms" {
			break
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("the running service says %+v", info)
		}
	}
	for _, tc := range []struct {
		change string
		status int
		want   string
	}{
		{"organization=", 1, "organization (required)"},
		{"service_desk=desk", 1, "service_desk (invalid)"},
		{"address=https://new.example.int/plenary", 1, "address (invalid)"},
		{"faq=javascript:alert(1)", 1, "faq (invalid)"},
		{"color=red", 2, "no setting"},
		{"organization", 2, "NAME=VALUE"},
	} {
		if o := do(t, "", "settings", tc.change, "--data", data); o.status != tc.status || !strings.Contains(o.stderr, tc.want) {
			t.Errorf("%s: %+v", tc.change, o)
		}
	}
}
