//go:build unix && !darwin

package notify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// inSession is what TestMain does within a D-Bus session: nothing, or what it names.
const inSession = "PLENARY_TEST_NOTIFICATIONS"

func TestMain(m *testing.M) {
	if can, ok := os.LookupEnv(inSession); ok {
		if err := notifyInSession(can); err != nil {
			fmt.Println("error:", err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// desktop is a daemon of notifications that clicks on the second one and closes the first.
type desktop struct {
	bus *dbus.Conn
	can []string
	n   uint32
}

// GetCapabilities is the daemon's.
func (d *desktop) GetCapabilities() ([]string, *dbus.Error) { return d.can, nil }

// Notify is the daemon's.
func (d *desktop) Notify(app string, replaces uint32, icon, title, text string, actions []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.n++
	fmt.Printf("%s %d %s %q %q %q %v\n", app, replaces, icon, title, text, actions, hints["desktop-entry"].Value())
	if len(actions) == 0 {
		return d.n, nil
	}
	signal, reason := "ActionInvoked", any("default")
	if d.n == 1 {
		signal, reason = "NotificationClosed", uint32(2)
	}
	for _, id := range []uint32{d.n + 100, d.n} { // the other one is another program's
		if err := d.bus.Emit(object, service+"."+signal, id, reason); err != nil {
			return 0, dbus.MakeFailedError(err)
		}
	}
	return d.n, nil
}

// notifyInSession shows two notifications to a daemon that can do something, or to none.
func notifyInSession(can string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if can != "none" {
		bus, err := dbus.ConnectSessionBus()
		if err != nil {
			return err
		}
		defer bus.Close()
		if err := bus.Export(&desktop{bus: bus, can: strings.Fields(can)}, object, service); err != nil {
			return err
		}
		if _, err := bus.RequestName(service, dbus.NameFlagDoNotQueue); err != nil {
			return err
		}
	}
	opened := make(chan string, 2)
	n := &Notifier{ID: "int.plenary.Plenary", Name: "Plenary", Open: func(link string) { opened <- link }}
	for _, link := range []string{"first", "second"} {
		err := n.Show(ctx, Notification{Title: "Briefing <1> & $(ls)", Text: "Starts <b>now</b> & here", Link: link})
		if errors.Is(err, ErrNone) {
			fmt.Println("none")
			return nil
		}
		if err != nil {
			return err
		}
	}
	if strings.Contains(can, "actions") {
		select {
		case link := <-opened:
			fmt.Println("opened", link)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// TestShow talks to a daemon in a D-Bus session of its own.
func TestShow(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const plainText = `Plenary 0 int.plenary.Plenary "Briefing <1> & $(ls)" "Starts <b>now</b> & here" `
	const marked = `Plenary 0 int.plenary.Plenary "Briefing <1> & $(ls)" "Starts &lt;b&gt;now&lt;/b&gt; &amp; here" `
	for _, c := range []struct{ name, can, want string }{
		{"a desktop that can do nothing else", "body", plainText + `[] int.plenary.Plenary; ` + plainText + `[] int.plenary.Plenary`},
		{
			"one with markup and clicks", "body body-markup actions",
			marked + `["default" "Plenary"] int.plenary.Plenary; ` + marked + `["default" "Plenary"] int.plenary.Plenary; opened second`,
		},
		{"none", "none", "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			home, err := os.MkdirTemp("", "n") // short: it has sockets
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(home) })
			config := filepath.Join(home, "bus.conf") // without what the system would start by itself
			err = os.WriteFile(config, []byte(`<busconfig><type>session</type><listen>unix:tmpdir=`+home+`</listen><auth>EXTERNAL</auth>
				<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`), 0o600)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, "dbus-run-session", "--config-file="+config, "--", self)
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, inSession + "=" + c.can}
			cmd.WaitDelay = time.Second // what the session leaves running holds the pipe
			out, err := cmd.Output()
			if got := strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "; "); err != nil || got != c.want {
				t.Errorf("%v; it says\n%s\nwant\n%s", err, got, c.want)
			}
		})
	}
}
