package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"plenary/service/secret"
)

// keys rotate while the service runs: it reads the new key by itself, and goes on.
func TestKeys_rotateWhileTheServiceRuns(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	admin := passwordIn(t, must(t, "init", "--data", data))
	s := serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
	before := strings.Fields(must(t, "keys", "list", "--data", data))
	if len(before) != 3 || before[1] != "in" {
		t.Fatalf("at first: %q", before)
	}
	out := must(t, "keys", "rotate", "--data", data)
	list := must(t, "keys", "list", "--data", data)
	lines := strings.Split(strings.TrimSpace(list), "\n")
	if len(lines) != 2 || lines[0] != before[0] || !strings.HasSuffix(lines[1], "  in use") || !strings.Contains(out, strings.Fields(lines[1])[0]) {
		t.Errorf("rotated:\n%s\nlist:\n%s", out, list)
	}
	if status := logIn(t, http.DefaultClient, s.address(), "admin", admin); status != 200 {
		t.Errorf("a log-in afterwards: %d", status)
	}
	if out := must(t, "audit", "verify", "--data", data); !strings.Contains(out, "whole") {
		t.Errorf("the audit log:\n%s", out)
	}
	s.stop(t)
	s = serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
	if status := logIn(t, http.DefaultClient, s.address(), "admin", admin); status != 200 {
		t.Errorf("a log-in after a restart: %d", status)
	}
	log := s.stop(t)
	key, err := secret.Load(filepath.Join(data, keyFile))
	if err != nil || len(key.IDs()) != 2 {
		t.Errorf("the file: %v, %v", key.IDs(), err)
	}
	if strings.Contains(log, "plenary-key") {
		t.Error("the log holds a key")
	}
}

// Where the key is in the environment, keys rotate says what to do, and goes on once
// that was done.
func TestKeys_inTheEnvironment(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := secret.NewLine()
	t.Setenv(secret.Environment, first)
	must(t, "init", "--data", data)
	if o := do(t, "", "keys", "rotate", "--data", data); o.status != 1 || !strings.Contains(o.stderr, "plenaryd keys new") {
		t.Errorf("%+v", o)
	}
	t.Setenv(secret.Environment, first+must(t, "keys", "new"))
	if out := must(t, "keys", "rotate", "--data", data); !strings.Contains(out, "is in use now") {
		t.Errorf("%s", out)
	}
	t.Setenv(secret.Environment, first)
	if o := do(t, "", "user", "list", "--data", data); o.status != 1 || !strings.Contains(o.stderr, "another key") {
		t.Errorf("without the new key: %+v", o)
	}
}
