//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/e2e/await"
	"plenary/e2e/desktop"
	"plenary/e2e/program"
)

// built is where make puts the binaries, seen from this folder.
const built = "../build"

// TestHarness_worksARealWindow proves the tools of all other tests with a
// program of a few lines: mouse, keyboard with any script, wheel, keyring, and
// the way out.
func TestHarness_worksARealWindow(t *testing.T) {
	t.Parallel()
	desk := startDesktop(t)
	p, err := program.Start(desk, "probe", binary(t, "e2e/probe"))
	if err != nil {
		t.Fatal(err)
	}
	says := func(want string) {
		t.Helper()
		err := await.Until(program.Limit, "the probe to say "+want, func() (bool, error) {
			log, err := os.ReadFile(desk.Log("probe"))
			return strings.Contains(string(log), want+"\n"), err
		})
		if err != nil {
			log, _ := os.ReadFile(desk.Log("probe"))
			t.Fatalf("%v; it says %q", err, log)
		}
	}
	for _, text := range []string{"Plain text, 42 & (all) {signs} ~^`\"'|\\<>?", "Élise Müller-Çelik ÀÊ ñ ß", "Жизнь Москва", "محمد علي", "aabbccddeeffgg!!11"} {
		must(t, p.Fill("probe.text", text))
		must(t, p.Click("probe.say"))
		says(text)
	}
	must(t, p.Click("probe.keep"))
	says("kept")
	secrets, err := desk.Keyring()
	must(t, err)
	if want := (desktop.Secret{Service: "probe", User: "text", Value: "aabbccddeeffgg!!11"}); len(secrets) != 1 || secrets[0] != want {
		t.Errorf("the keyring has %v, want only %v", secrets, want)
	}
	if _, err := p.Reveal("probe.row.37"); err != nil {
		t.Fatal(err)
	}
	must(t, p.Click("probe.row.37"))
	says("row 37")
	picture, err := p.Settled()
	must(t, err)
	must(t, desktop.SavePNG(filepath.Join(pictures(t), "harness.png"), picture))
	must(t, p.Close())
}
