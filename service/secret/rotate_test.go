package secret

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// parse is a key as a process reads it.
func parse(t *testing.T, text string) *Key {
	t.Helper()
	k, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// adopted is a key that has taken the steady secret of a database.
func adopted(t *testing.T, text string, wrapped []byte) *Key {
	t.Helper()
	k := parse(t, text)
	if err := k.Adopt(wrapped); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSign_isVerifiedForSamePurposeAndParts(t *testing.T) {
	k := Generate()
	signed := k.Sign("code", []byte("flow"), []byte("1234"))
	changed, otherID := bytes.Clone(signed), bytes.Clone(signed)
	changed[len(changed)-1] ^= 1
	otherID[0] ^= 1
	for _, c := range []struct {
		name      string
		key       *Key
		purpose   string
		signature []byte
		parts     []string
		want      bool
	}{
		{"same", k, "code", signed, []string{"flow", "1234"}, true},
		{"other purpose", k, "link", signed, []string{"flow", "1234"}, false},
		{"other parts", k, "code", signed, []string{"flow", "1235"}, false},
		{"parts cut elsewhere", k, "code", signed, []string{"flow1", "234"}, false},
		{"one part less", k, "code", signed, []string{"flow1234"}, false},
		{"changed", k, "code", changed, []string{"flow", "1234"}, false},
		{"another id", k, "code", otherID, []string{"flow", "1234"}, false},
		{"cut", k, "code", signed[:SignatureLen-1], []string{"flow", "1234"}, false},
		{"longer", k, "code", append(bytes.Clone(signed), 0), []string{"flow", "1234"}, false},
		{"none", k, "code", nil, []string{"flow", "1234"}, false},
		{"other key", Generate(), "code", signed, []string{"flow", "1234"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var parts [][]byte
			for _, p := range c.parts {
				parts = append(parts, []byte(p))
			}
			if got := c.key.Verify(c.purpose, c.signature, parts...); got != c.want {
				t.Errorf("verified: %v", got)
			}
		})
	}
	if !bytes.Equal(signed, k.Sign("code", []byte("flow"), []byte("1234"))) {
		t.Error("not steady while the key is")
	}
}

// A rotation as two nodes and a command go through it: nothing that was made before,
// between or after is lost to any of them, and what must stay the same does.
func TestRotation_losesNothing(t *testing.T) {
	old := parse(t, NewLine())
	wrapped := old.Wrapped()
	text := old.text()
	here, there := adopted(t, text, wrapped), adopted(t, text, wrapped)
	if !bytes.Equal(here.MAC("mask", []byte("x")), there.MAC("mask", []byte("x"))) {
		t.Fatal("two nodes make different MACs")
	}
	steady := here.MAC("mask", []byte("x"))
	type thing struct{ sealed, signed []byte }
	make := func(k *Key) thing { return thing{k.Seal("p", nil, []byte("plain")), k.Sign("p", []byte("part"))} }
	things := []thing{make(here), make(there)}

	// The new one is known to both nodes, and used by none yet.
	longer := text + NewLine()
	for _, k := range []*Key{here, there} {
		if !k.Merge(parse(t, longer)) || k.Merge(parse(t, longer)) {
			t.Error("the new key was not found, or twice")
		}
		if k.InUse() != old.InUse() || k.Newest() == old.InUse() || len(k.IDs()) != 2 {
			t.Errorf("in use %s of %v", k.InUse(), k.IDs())
		}
	}
	things = append(things, make(here), make(there))

	// One puts it to use, the other one learns of it later.
	rewrapped, err := here.Rewrap(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if err := here.Adopt(rewrapped); err != nil {
		t.Fatal(err)
	}
	if here.InUse() != here.Newest() || there.InUse() == here.InUse() {
		t.Errorf("in use %s and %s", here.InUse(), there.InUse())
	}
	things = append(things, make(here), make(there))
	if err := there.Adopt(rewrapped); err != nil {
		t.Fatal(err)
	}
	things = append(things, make(there))

	// Whoever starts afterwards has the same from the file.
	restarted := adopted(t, longer, rewrapped)
	for name, k := range map[string]*Key{"here": here, "there": there, "restarted": restarted} {
		for i, thing := range things {
			if plain, err := k.Open("p", nil, thing.sealed); err != nil || string(plain) != "plain" {
				t.Errorf("%s opens %d: %q, %v", name, i, plain, err)
			}
			if !k.Verify("p", thing.signed, []byte("part")) {
				t.Errorf("%s does not verify %d", name, i)
			}
			if !slices.ContainsFunc(k.Signatures("p", []byte("part")), func(s []byte) bool { return bytes.Equal(s, thing.signed) }) {
				t.Errorf("%s does not find %d", name, i)
			}
		}
		if !bytes.Equal(k.MAC("mask", []byte("x")), steady) {
			t.Errorf("%s: what must stay the same does not", name)
		}
		if k.InUse() != here.Newest() {
			t.Errorf("%s: in use %s", name, k.InUse())
		}
	}

	// Whoever has the file of before only is told.
	if err := parse(t, text).Adopt(rewrapped); !errors.Is(err, ErrUnknownKey) || !strings.Contains(err.Error(), here.Newest()) {
		t.Errorf("with the file of before: %v", err)
	}
	damaged := bytes.Clone(rewrapped)
	damaged[len(damaged)-1] ^= 1
	if err := parse(t, longer).Adopt(damaged); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
}

func TestExtend_addsAKeyToTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	k, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	longer, err := Extend(path)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(path)
	if err != nil || !slices.Equal(loaded.IDs(), longer.IDs()) || len(loaded.IDs()) != 2 || loaded.IDs()[0] != k.InUse() {
		t.Errorf("the file has %v, %v", loaded.IDs(), err)
	}
	if loaded.InUse() != k.InUse() {
		t.Error("the new one is in use already")
	}
	t.Setenv(Environment, longer.text())
	if _, err := Extend(path); !errors.Is(err, ErrEnvironment) {
		t.Errorf("with the key in the environment: %v", err)
	}
	t.Setenv(Environment, "")
	if err := os.WriteFile(path, []byte(k.text()+k.text()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil {
		t.Error("one key twice was taken")
	}
}
