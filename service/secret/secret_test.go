package secret

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

func TestSeal_opensOnlyWithSamePurposeAndData(t *testing.T) {
	k := Generate()
	sealed := k.Seal("mail", []byte("row 1"), []byte("token"))
	if bytes.Contains(sealed, []byte("token")) {
		t.Fatal("the sealed value holds the plain one")
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for _, c := range []struct {
		name    string
		key     *Key
		purpose string
		aad     string
		sealed  []byte
		want    error
	}{
		{"same", k, "mail", "row 1", sealed, nil},
		{"other purpose", k, "passport", "row 1", sealed, ErrDamaged},
		{"other data", k, "mail", "row 2", sealed, ErrDamaged},
		{"changed", k, "mail", "row 1", changed, ErrDamaged},
		{"cut", k, "mail", "row 1", sealed[:7], ErrDamaged},
		{"empty", k, "mail", "row 1", nil, ErrDamaged},
		{"other key", Generate(), "mail", "row 1", sealed, ErrUnknownKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			plain, err := c.key.Open(c.purpose, []byte(c.aad), c.sealed)
			if !errors.Is(err, c.want) || (err == nil && string(plain) != "token") {
				t.Errorf("got %q, %v; want %v", plain, err, c.want)
			}
		})
	}
}

func TestMAC_separatesPurposesAndParts(t *testing.T) {
	k := Generate()
	seen := map[string]bool{}
	for _, m := range [][]byte{
		k.MAC("a", []byte("xy")), k.MAC("b", []byte("xy")), k.MAC("a", []byte("x"), []byte("y")),
		k.MAC("a", []byte("xy"), nil), k.MAC("a"), Generate().MAC("a", []byte("xy")),
	} {
		seen[string(m)] = true
	}
	if len(seen) != 6 {
		t.Errorf("%d different results of 6", len(seen))
	}
	if !bytes.Equal(k.MAC("a", []byte("xy")), k.MAC("a", []byte("xy"))) {
		t.Error("not steady")
	}
}

func TestCreate_neverOverwritesAndLoadRefusesOpenFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	k, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("second Create: %v", err)
	}
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Verify("a", k.Sign("a")) {
		t.Error("loaded another key")
	}
	t.Setenv(Environment, Generate().text())
	if other, err := Load(path); err != nil || other.Verify("a", k.Sign("a")) {
		t.Errorf("the environment's key was not taken: %v", err)
	}
	t.Setenv(Environment, "")
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil {
		t.Error("a key that others can read was loaded")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Generate().text())
	f.Add("plenary-key-1 00 00")
	f.Add("\ufeff" + Generate().text() + NewLine())
	f.Fuzz(func(t *testing.T, text string) {
		k, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(k.text()); err != nil || !slices.Equal(again.IDs(), k.IDs()) {
			t.Errorf("not read back: %v", err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	k := Generate()
	f.Add(k.Seal("mail", nil, []byte("token")))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if plain, err := k.Open("mail", nil, sealed); err == nil && string(plain) != "token" {
			t.Errorf("opened what was never sealed")
		}
	})
}
