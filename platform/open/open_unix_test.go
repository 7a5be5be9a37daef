//go:build !windows && !darwin

package open

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestRun_tellsWhetherItWasOpened(t *testing.T) {
	script := func(text string) string {
		path := filepath.Join(t.TempDir(), "opener")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name, program string
		fails         bool
	}{
		{"opened", script(`test "$1" = "https://example.int/a b"`), false},
		{"no browser", script("exit 3"), true},
		{"not there", filepath.Join(t.TempDir(), "nothing"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := run(c.program, "https://example.int/a b", time.Minute); (err != nil) != c.fails {
				t.Errorf("%v, want a failure: %v", err, c.fails)
			}
		})
	}
	if err := run(script("exec sleep 1"), "", 0); err != nil {
		t.Errorf("a browser that goes on: %v", err)
	}
}
