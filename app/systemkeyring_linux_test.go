package app_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// keyringState is what prepareKeyring brings the keyring into: unlocked, locked,
// or nothing that it would have to.
const keyringState = "PLENARY_TEST_KEYRING_STATE"

func init() {
	if state := os.Getenv(keyringState); state != "" {
		prepareKeyring = func() { openKeyring(state == "locked") }
	}
}

// openKeyring waits until gnome-keyring has opened its default collection, which
// it does after it has gone into the background, and locks it again if asked.
func openKeyring(lock bool) {
	bus, err := dbus.SessionBus()
	if err != nil {
		panic(err)
	}
	service := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	var collection dbus.ObjectPath
	for end := time.Now().Add(10 * time.Second); len(collection) < 2; <-time.After(20 * time.Millisecond) {
		err := service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&collection)
		if time.Now().After(end) {
			panic(fmt.Sprint("no default collection: ", err))
		}
	}
	if !lock {
		return
	}
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err = service.Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{collection}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		panic(fmt.Sprint("the keyring was not locked: ", err))
	}
}

// TestSystemKeyring_findsTheCause runs gnome-keyring in sessions of their own.
func TestSystemKeyring_findsTheCause(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const unlock = "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
	for name, c := range map[string]struct{ daemon, state, want string }{
		"works": {unlock, "unlocked", "set done; get secret; other not found true; other set done; other delete done; moved secret"},
		// As in window managers without a desktop: nobody has ever made a keyring.
		"without a default collection": {
			"gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; ", "",
			"set keyring-missing; get keyring-missing; other not found false; other set keyring-missing; other delete keyring-missing; moved keyring-missing",
		},
		"locked": {
			unlock, "locked",
			"set keyring-locked; get keyring-locked; other not found false; other set keyring-locked; other delete keyring-locked; moved keyring-locked",
		},
		"no Secret Service": {
			"", "",
			"set keyring-missing; get keyring-missing; other not found false; other set keyring-missing; other delete keyring-missing; moved keyring-missing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			home, err := os.MkdirTemp("", "k") // short: it has sockets
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(home) })
			services := filepath.Join(home, "bus.conf") // without what the system would start by itself
			config := `<busconfig><type>session</type><listen>unix:tmpdir=` + home + `</listen><auth>EXTERNAL</auth>
				<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
			if err := os.WriteFile(services, []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, "dbus-run-session", "--config-file="+services, "--", "sh", "-c", c.daemon+`exec "$0"`, self)
			cmd.Env = []string{
				"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, "XDG_DATA_HOME=" + filepath.Join(home, "data"),
				keyringDir + "=" + filepath.Join(home, "plenary"), keyringState + "=" + c.state,
			}
			cmd.WaitDelay = time.Second // what the session leaves running holds the pipe
			out, err := cmd.Output()
			if got := strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "; "); err != nil || got != c.want {
				t.Errorf("%v; it says\n%s\nwant\n%s", err, got, c.want)
			}
		})
	}
}
