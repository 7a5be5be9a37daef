package desktop

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"plenary/e2e/await"

	"github.com/jezek/xgb/xproto"
)

// startLimit is how long each part of the desktop may take to come up. CI
// runs on two busy cores.
const startLimit = 30 * time.Second

// withoutSession removes what would lead programs to the session, display and
// folders of whoever runs the test.
func withoutSession(env []string) []string {
	var kept []string
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		switch {
		case strings.HasPrefix(name, "XDG_"), strings.HasPrefix(name, "DBUS_"), strings.HasPrefix(name, "LC_"),
			strings.HasPrefix(name, "FYNE_"), strings.HasPrefix(name, "PLENARY_"):
		case name == "HOME", name == "LANG", name == "LANGUAGE", name == "DISPLAY", name == "WAYLAND_DISPLAY":
		default:
			kept = append(kept, e)
		}
	}
	return kept
}

// startDisplay starts Xvfb on the first free display and gives its name; glx,
// "+extension" or "-extension", says whether it offers OpenGL.
func (d *Desktop) startDisplay(width, height int, glx string) (string, error) {
	number, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer number.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height),
		"-dpi", "96", glx, "GLX", "-nolisten", "tcp", "-noreset")
	cmd.Env = d.env
	cmd.ExtraFiles = []*os.File{write}
	d.xvfb, err = d.Run("xvfb", cmd)
	write.Close() // ours; the server has its own
	if err != nil {
		return "", err
	}
	line, err := readLine(number)
	if err != nil {
		return "", fmt.Errorf("waiting for Xvfb (see %s): %w", d.Log("xvfb"), err)
	}
	return ":" + line, nil
}

// startSession starts a session bus with an unlocked gnome-keyring on it, both
// real, and gives the bus's address. They end when their standard input does.
func (d *Desktop) startSession() (string, error) {
	const script = `printf 'a keyring of this test' | gnome-keyring-daemon --unlock --components=secrets >/dev/null &&
		echo "$DBUS_SESSION_BUS_ADDRESS" && exec cat >/dev/null`
	address, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer address.Close()
	cmd := exec.Command("dbus-run-session", "--", "sh", "-c", script)
	cmd.Env = d.env
	cmd.Stdout = write
	if _, err := cmd.StdinPipe(); err != nil { // stays open as long as this process lives
		return "", err
	}
	_, err = d.Run("session", cmd)
	write.Close()
	if err != nil {
		return "", err
	}
	line, err := readLine(address)
	if err != nil {
		return "", fmt.Errorf("waiting for the session bus and keyring (see %s): %w", d.Log("session"), err)
	}
	return line, nil
}

// openboxConfig has no mouse bindings. With its own ones openbox takes each
// click on a window first, to raise it, and passes it on a little later: keys
// that a test types right after the click then come before it, and go to the
// input that had the focus.
const openboxConfig = `<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew></focus>
  <keyboard/>
  <mouse/>
</openbox_config>
`

// startWindowManager starts openbox and waits until it manages the display.
func (d *Desktop) startWindowManager() error {
	config, err := filepath.Abs(filepath.Join(d.dir, "openbox.xml")) // openbox starts in the home folder
	if err != nil {
		return err
	}
	if err := os.WriteFile(config, []byte(openboxConfig), 0o600); err != nil {
		return err
	}
	if _, err := d.Run("openbox", d.Command("openbox", "openbox", "--config-file", config)); err != nil {
		return err
	}
	return await.Until(startLimit, "the window manager", func() (bool, error) {
		check, err := d.property(d.screen.Root, "_NET_SUPPORTING_WM_CHECK", xproto.AtomWindow)
		return len(check) > 0, err
	})
}

// readLine reads one line, for at most startLimit.
func readLine(f *os.File) (string, error) {
	if err := f.SetReadDeadline(time.Now().Add(startLimit)); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(f).ReadString('\n')
	if err == io.EOF {
		return "", fmt.Errorf("it ended without saying where it listens")
	}
	return strings.TrimSpace(line), err
}
