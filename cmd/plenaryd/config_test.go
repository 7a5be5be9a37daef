package main

import (
	"strings"
	"testing"
)

func TestConfig_takesVersionsOnly(t *testing.T) {
	for _, c := range []config{{NewestVersion: "newest"}, {MinimumVersion: "0.3.0 or later"}} {
		if _, err := c.service(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is no version") {
			t.Errorf("%+v: %v", c, err)
		}
	}
	good := config{NewestVersion: "0.3.0", MinimumVersion: "0.1"}
	if _, err := good.service(t.TempDir()); err == nil || strings.Contains(err.Error(), "is no version") {
		t.Errorf("versions are refused: %v", err) // the folder has no key: that comes after
	}
}
