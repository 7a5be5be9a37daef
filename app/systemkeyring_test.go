package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/app"
)

// keyringDir has this binary, in a session with a keyring of its own, use the
// system's keyring for this data folder and say how that goes, see useKeyring.
const keyringDir = "PLENARY_TEST_KEYRING_DIR"

// useKeyring uses the keyring for two folders, the second of which is beside dir.
func useKeyring(dir string) {
	say := func(what string, secret string, err error) {
		if err != nil {
			secret = app.Explain(err).Kind
		}
		fmt.Println(what, secret)
	}
	one, other := app.NewSystemKeyring(dir), app.NewSystemKeyring(dir+"-other")
	if prepareKeyring != nil {
		prepareKeyring()
	}
	say("set", "done", one.Set("Plenary test", "item", "secret"))
	secret, err := one.Get("Plenary test", "item")
	say("get", secret, err)
	_, err = other.Get("Plenary test", "item")
	say("other", fmt.Sprint("not found ", errors.Is(err, app.ErrSecretNotFound)), nil)
	say("other set", "done", other.Set("Plenary test", "item", "another"))
	say("other delete", "done", other.Delete("Plenary test", "item"))
	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		panic(err)
	}
	secret, err = app.NewSystemKeyring(moved).Get("Plenary test", "item")
	say("moved", secret, err)
}

// prepareKeyring brings the keyring into the state of a test.
var prepareKeyring func()

func TestSystemKeyring_refusesWhatAnotherSystemsWouldNotTake(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := app.NewSystemKeyring(dir).Set("Plenary", "item", strings.Repeat("x", 2561))
	if !errors.Is(err, app.ErrSecretTooLarge) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "keyring.json")); err == nil {
		t.Error("the keyring was asked")
	}
}

// The largest item is the list of known devices: it has to fit.
func TestSystemKeyring_takesAllDevices(t *testing.T) {
	t.Parallel()
	var list []map[string]string
	for range 8 { // maxDevices
		list = append(list, map[string]string{"i": strings.Repeat("d", 64), "a": strings.Repeat("d", 64), "t": strings.Repeat("t", 43)})
	}
	b, err := json.Marshal(list)
	if err != nil || len(b) > 2560 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}
