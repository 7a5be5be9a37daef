package rules

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
)

func TestNewCode_has50BitsInTwoGroups(t *testing.T) {
	form := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$`)
	seen := make(map[string]bool)
	for range 1000 {
		code, err := NewCode(rand.Reader)
		if err != nil || !form.MatchString(code) || seen[code] {
			t.Fatalf("%q, %v", code, err)
		}
		seen[code] = true
		if got, ok := NormalizeCode(code); !ok || got != code {
			t.Fatalf("%q is normalized to %q", code, got)
		}
	}
	if _, err := NewCode(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("without randomness: %v", err)
	}
	if _, err := NewCode(bytes.NewReader(make([]byte, 9))); err == nil {
		t.Error("too little randomness makes a code")
	}
}

func TestNormalizeCode_forgivesHowItIsTyped(t *testing.T) {
	for in, want := range map[string]string{
		"7F3K9-2QDX0":               "7F3K9-2QDX0",
		"7f3k92qdx0":                "7F3K9-2QDX0",
		" 7f3k9 – 2qdxo\n":          "7F3K9-2QDX0",
		"ilIL1-oOO00":               "11111-00000",
		"７Ｆ３Ｋ９－２ＱＤＸ０":               "7F3K9-2QDX0",
		"7-F-3-K-9-2-Q-D-X-0":       "7F3K9-2QDX0",
		"":                          "",
		"7F3K9-2QDX":                "",
		"7F3K9-2QDX01":              "",
		"7F3K9-2QDXU":               "",
		"7F3K9/2QDX0":               "",
		strings.Repeat(" ", 10_000): "",
	} {
		got, ok := NormalizeCode(in)
		if got != want || ok != (want != "") {
			t.Errorf("%.40q: %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestRegistrationNumber(t *testing.T) {
	number, err := NewRegistrationNumber(rand.Reader)
	if err != nil || !regexp.MustCompile(`^R-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(number) {
		t.Fatalf("%q, %v", number, err)
	}
	for in, want := range map[string]string{
		number: number, "r7f3k92qd": "R-7F3K-92QD", "7f3k-92qd": "R-7F3K-92QD", "R 7F3K 92QO": "R-7F3K-92Q0",
		"": "", "R-7F3K-92Q": "", "X-7F3K-92QD": "", "R-7F3K-92QDD": "", "RRRR-RRRR": "R-RRRR-RRRR",
	} {
		got, ok := NormalizeRegistrationNumber(in)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestNormalizeMeetingCode(t *testing.T) {
	for in, want := range map[string]string{
		"C-00016105": "C-00016105", " c-00016105 ": "C-00016105", "C00016105": "C-00016105", "c 16105": "C-00016105",
		"16105": "C-00016105", "(C-00016105).": "C-00016105",
		"C–00016105":   "C-00016105", // as text processors write it
		"C\u00a016105": "C-00016105",
		"Ｃ－０００１６１０５":   "C-00016105",
		"٠٠٠١٦١٠٥":     "C-00016105",

		"": "", "C-": "", "C-000161055": "", "D-00016105": "", "Fifth X.509 Day": "", "C-0001610X": "", "C-00016105, Fifth": "",
		"https://plenary.example.org/m/C-00016105": "", "/m/C-00016105": "", strings.Repeat("C", 5000): "",
	} {
		got, ok := NormalizeMeetingCode(in)
		if got != want || ok != (want != "") {
			t.Errorf("%.80q: %q %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzCodes(f *testing.F) {
	for _, s := range []string{"7F3K9-2QDX0", "R-7F3K-92QD", "C 1", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, normalize := range map[string]func(string) (string, bool){
			"code": NormalizeCode, "number": NormalizeRegistrationNumber, "meeting": NormalizeMeetingCode,
		} {
			normal, ok := normalize(s)
			if !ok {
				continue
			}
			if again, ok := normalize(normal); !ok || again != normal {
				t.Errorf("%s: %q gives %q, and that %q", name, s, normal, again)
			}
		}
	})
}
