package app

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSealedFile_opensWithItsPassphraseOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := openSealedFile(dir, "pass phrase é")
	if err != nil {
		t.Fatal(err)
	}
	if passphraseInUse(dir) {
		t.Error("in use before anything is in it")
	}
	if err := f.Set("Plenary", "item", "the secret"); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, credentialsName))
	if err != nil || bytes.Contains(raw, []byte("secret")) || bytes.Contains(raw, []byte("item")) {
		t.Errorf("in clear: %q, %v", raw, err)
	}
	if _, err := openSealedFile(dir, "pass phrase e"); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	decomposed := "pass phrase e\u0301" // the same, as another keyboard types it
	again, err := openSealedFile(dir, decomposed)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := again.Get("Plenary", "item"); s != "the secret" || err != nil {
		t.Errorf("got %q, %v", s, err)
	}
	if err := again.Delete("Plenary", "item"); err != nil || passphraseInUse(dir) {
		t.Errorf("the file stays after its last item: %v", err)
	}
	if _, err := again.Get("Plenary", "item"); !errors.Is(err, ErrSecretNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestSealedFile_damaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, credentialsName)
	f, err := openSealedFile(dir, "pass")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Set("Plenary", "item", "the secret"); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		content string
		want    error
	}{
		"cut":                {string(good[:len(good)/2]), ErrDamaged},
		"empty":              {"", ErrDamaged},
		"memory of a giant":  {strings.Replace(string(good), `"memory":8192`, `"memory":4000000000`, 1), ErrDamaged},
		"newer format":       {strings.Replace(string(good), `"format":1`, `"format":2`, 1), ErrDamaged},
		"parameters changed": {strings.Replace(string(good), `"time":1`, `"time":2`, 1), ErrWrongPassphrase},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := openSealedFile(dir, "pass"); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}
