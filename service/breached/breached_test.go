package breached

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func hashOf(password string) string { return fmt.Sprintf("%X", sha1.Sum([]byte(password))) }

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestHas_findsWhatIsThereAndNothingElse, whatever the length of the list and of
// its lines.
func TestHas_findsWhatIsThereAndNothingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.txt")
	rapid.Check(t, func(rt *rapid.T) {
		passwords := rapid.SliceOfNDistinct(rapid.String(), 1, 40, rapid.ID).Draw(rt, "passwords")
		in := passwords[:rapid.IntRange(1, len(passwords)).Draw(rt, "in the list")]
		var lines []string
		for _, p := range in {
			line := hashOf(p)
			if rapid.Bool().Draw(rt, "counted") {
				line += fmt.Sprintf(":%d", rapid.IntRange(1, 1<<40).Draw(rt, "times"))
			}
			lines = append(lines, line)
		}
		slices.Sort(lines)
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(rt, "end")
		text := strings.Join(lines, end)
		if rapid.Bool().Draw(rt, "ends") {
			text += end
		}
		if rapid.Bool().Draw(rt, "small letters") {
			text = strings.ToLower(text)
		}
		write(t, path, text)
		l, err := Open(path)
		if err != nil {
			rt.Fatal(err)
		}
		defer l.Close()
		for i, p := range passwords {
			if has, err := l.Has(p); err != nil || has != (i < len(in)) {
				rt.Fatalf("%q: %v, %v", p, has, err)
			}
		}
	})
}

func TestOpen_refusesWhatIsNoList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.txt")
	for name, text := range map[string]string{
		"empty":          "",
		"passwords":      "123456\npassword\n",
		"another hash":   strings.Repeat("0", 32) + "\n",
		"not sorted":     hashOf("b") + "\n" + hashOf("a") + "\n" + hashOf("b") + "\n" + hashOf("a") + "\n",
		"one long line":  strings.Repeat("0", 100_000),
		"a blank line":   hashOf("a") + "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
		"count in front": "12:" + hashOf("a") + "\n",
	} {
		write(t, path, text)
		if l, err := Open(path); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v, %v", name, l, err)
		}
	}
	if _, err := Open(path + ".missing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func TestHas_saysWhatItCannotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.txt")
	write(t, path, hashOf("a")+"\n")
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Has("a"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
