package rules

import (
	"strings"
	"testing"
)

func TestValidUsername(t *testing.T) {
	for s, want := range map[string]bool{
		"abc": true, "marie.dupont": true, "Marie_Dupont-2": true, strings.Repeat("a", 40): true, "007": true,
		"": false, "ab": false, ".abc": false, "abc-": false, "a b": false, "a@b.org": false, "josé": false,
		strings.Repeat("a", 41): false, "abc\x00": false, "мария": false,
	} {
		if got := ValidUsername(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func TestProposeUsername(t *testing.T) {
	for _, c := range []struct{ first, family, want string }{
		{"José", "Muñoz", "jose.munoz"},
		{"Marie Anne", "Dupont-Dubois", "marieanne.dupontdubois"},
		{"Søren", "Øster", "soren.oster"},
		{"Łukasz", "Żółć", "lukasz.zolc"},
		{"Юлия", "Щербакова", "iuliia.shcherbakova"},
		{"Γιώργος", "Παπαδόπουλος", "giorgos.papadopoylos"},
		{"Nguyễn", "Đặng", "nguyen.dang"},
		{"", "Suharto", "suharto"},
		{"Pelé", "", "pele"},
		{"小明", "王", ""},
		{"محمد", "علي", ""},
		{"", "", ""},
		{"Al", "", ""}, // too short
		{"Bartholomew-Maximilian", "Featherstonehaugh-Cholmondeley", "bartholomewmaximilian.featherstoneha"},
	} {
		got := ProposeUsername(c.first, c.family)
		if got != c.want || got != "" && !ValidUsername(NumberedUsername(got, 9999)) {
			t.Errorf("%q %q: %q, want %q", c.first, c.family, got, c.want)
		}
	}
	if got := UsernameFromEmail("Wang.Xiaoming+itu@example.org"); got != "wang.xiaoming" {
		t.Errorf("from an e-mail address: %q", got)
	}
}

func TestNumberedUsername_staysWithinTheLimit(t *testing.T) {
	if got := NumberedUsername(strings.Repeat("a", 40), 17); got != strings.Repeat("a", 38)+"17" {
		t.Errorf("%q", got)
	}
}

func TestIdentifierKey_isOneForWhatReachesOneAccount(t *testing.T) {
	for _, same := range [][2]string{
		{"Marie@Example.org", " marie@example.ORG "},
		{"Marie.Dupont", "marie.dupont\t"},
		{"ｍａｒｉｅ", "marie"},
		{"ＭＡＲＩＥ＠example.org", "marie@example.org"},
		{"Какой-то", "какой-ТО"},
	} {
		if a, b := IdentifierKey(same[0]), IdentifierKey(same[1]); a != b || a == "" {
			t.Errorf("%q and %q: %q and %q", same[0], same[1], a, b)
		}
	}
	if IdentifierKey("marie") == IdentifierKey("maria") {
		t.Error("two names have one key")
	}
}

func TestUsernameKey_agreesWithIdentifierKey(t *testing.T) {
	for _, s := range []string{"Marie.Dupont", "ABC_1", " x-y-z "} {
		if UsernameKey(s) != IdentifierKey(s) {
			t.Errorf("%q: %q and %q", s, UsernameKey(s), IdentifierKey(s))
		}
	}
}

func FuzzIdentifierKey(f *testing.F) {
	f.Add("Marie@Example.org")
	f.Add("\u0130stanbul")
	f.Fuzz(func(t *testing.T, s string) {
		key := IdentifierKey(s)
		if again := IdentifierKey(key); again != key {
			t.Errorf("%q has the key %q, and that has %q", s, key, again)
		}
		if p := ProposeUsername(s, s); p != "" && !ValidUsername(p) {
			t.Errorf("proposes %q", p)
		}
	})
}
