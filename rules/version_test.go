package rules

import (
	"strings"
	"testing"
)

func TestOlder(t *testing.T) {
	for _, c := range []struct {
		version, than string
		want          bool
	}{
		{"1.2.3", "1.2.3", false},
		{"1.2.3", "1.2.4", true},
		{"1.2.3", "1.10", true},
		{"1.2", "1.2.0", false},
		{"v1.2.3", "1.2", false},
		{"v1.1", "1.2", true},
		{"1.2.3-rc.1", "1.2.3", false},
		{"1.2.3-rc.1", "1.2.4", true},
		{"0.1.0-dev.412+g4f502d7", "0.1.0", false},
		{"0.1.0-dev.412+g4f502d7", "0.1.1", true},
		{"0.1.0+g4f502d7", "0.1.1", true},
		{"2", "1.9.9", false},
		{"1.2.3.4", "1.2.3.5", true},
		{"1.2.3.4.5", "2", false},
		{"1.-2", "2", false},
		{"", "1.0.0", false},
		{"dev", "1.0.0", false},
		{"0.9", "", false},
		{"0.9", "latest", false},
	} {
		if got := Older(c.version, c.than); got != c.want {
			t.Errorf("Older(%q, %q) is %v", c.version, c.than, got)
		}
	}
}

func TestIsVersion(t *testing.T) {
	for s, want := range map[string]bool{
		"0.3.0": true, "v1.2": true, "1.2.3-rc.1": true, "0.2.0-dev.412+g4f502d7": true, "1": true,
		"": false, "dev": false, "0.3.0 at https://evil.example": false, "0.3.0-\u202e": false, "-1.0": false, "1.2.3.4.5": false,
		"1.0-" + strings.Repeat("x", 64): false,
	} {
		if got := IsVersion(s); got != want {
			t.Errorf("IsVersion(%q) is %v, want %v", s, got, want)
		}
	}
}
